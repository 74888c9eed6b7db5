/** The store's files: a private directory, private files, and nothing touched that is not ours. */

import { accessSync, closeSync, constants, existsSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { messageOf, StoreOpenError } from './failure.js';

const PRIVATE_DIRECTORY = 0o700;
const PRIVATE_FILE = 0o600;

/** @throws StoreOpenError `not_writable` */
export function prepareDirectory(path: string): void {
  const directory = dirname(path);
  try {
    mkdirSync(directory, { recursive: true, mode: PRIVATE_DIRECTORY });
    accessSync(directory, constants.W_OK | constants.X_OK);
  } catch (cause) {
    throw new StoreOpenError(
      'not_writable',
      `the data directory ${directory} is not writable: ${messageOf(cause)}`,
      {
        cause,
      },
    );
  }
}

/**
 * Makes sure that a file is there and can be written, readable by its owner alone when it is new. An existing
 * file is not opened: closing any descriptor of it would drop the locks that this process holds on it.
 * @throws StoreOpenError `not_writable`
 */
export function createPrivateFile(path: string): void {
  try {
    if (existsSync(path)) accessSync(path, constants.R_OK | constants.W_OK);
    else closeSync(openSync(path, 'wx', PRIVATE_FILE));
  } catch (cause) {
    throw new StoreOpenError('not_writable', `the file ${path} is not writable: ${messageOf(cause)}`, {
      cause,
    });
  }
}
