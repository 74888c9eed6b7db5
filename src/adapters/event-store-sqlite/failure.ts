/** Why the store could not be opened: one clear line for the person who starts the server. */

export type OpenFailure = 'locked' | 'corrupt' | 'newer' | 'not_writable' | 'faulty';

/** The store could not be opened, and what was on disk is as it was before. */
export class StoreOpenError extends Error {
  override readonly name = 'StoreOpenError';
  constructor(
    readonly reason: OpenFailure,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** SQLite's own name for what went wrong (`SQLITE_FULL`), or an empty string for any other error. */
export function sqliteCode(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' && code.startsWith('SQLITE_') ? code : '';
}

/** Whether SQLite says that a file is not as it was written; past a thread's border only its words are left. */
export const isDamageMessage = (message: string): boolean =>
  /disk image is malformed|file is not a database|database corruption/i.test(message);

/** What to do about a damaged file. */
export const adviceFor = (path: string): string =>
  `keep a copy of ${path} with its -wal file and restore it from a backup; \`countersign verify\` says how far it can be read`;

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
