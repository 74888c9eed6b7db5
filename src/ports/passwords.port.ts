/** Hashing of passwords that people chose: slow on purpose, and away from the deciding thread. */

/** More passwords are waiting than the queue may hold: try again shortly. */
export class PasswordsBusy extends Error {
  override readonly name = 'PasswordsBusy';
  constructor() {
    super('too many passwords are waiting to be checked');
  }
}

export interface Passwords {
  /** A hash to store, with a fresh salt in it. @throws PasswordsBusy (as a rejection) */
  hash(password: string): Promise<string>;
  /**
   * Whether a password is the one of a stored hash. Null stands for nobody's and takes as long to answer, so that
   * the time tells no names.
   * @throws PasswordsBusy (as a rejection)
   */
  verify(password: string, hash: string | null): Promise<boolean>;
  close(): Promise<void>;
}
