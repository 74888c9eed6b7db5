/** Assertions: a failed one is our bug, never the caller's. */

export class AssertionError extends Error {
  override readonly name = 'AssertionError';
}

/** Throws when a fact the code relies on does not hold. The message is for us and carries no user data. */
export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new AssertionError(message);
}

/** For the arm of a switch that the types say cannot be reached. */
export function unreachable(value: never): never {
  throw new AssertionError(`unreachable: ${JSON.stringify(value)}`);
}
