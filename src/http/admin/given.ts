/** The members of an object that were given at all, for changes that leave the rest as it is. */

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** A copy without the members that are undefined. */
export const defined = <T extends object>(object: T): Defined<T> =>
  Object.fromEntries(Object.entries(object).filter(([, member]) => member !== undefined)) as Defined<T>;
