/** Reads columns back into the domain's types. */

export const numberOrNull = (value: bigint | null): number | null => (value === null ? null : Number(value));

export const parse = <T>(json: string): T => JSON.parse(json) as T;
export const parseOrNull = <T>(json: string | null): T | null => (json === null ? null : parse<T>(json));
