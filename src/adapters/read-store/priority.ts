/** Lets the deciding thread go first when there are more threads to run than cores. */

import { readlinkSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import { basename } from 'node:path';

/**
 * Lowers the priority of the calling thread; returns whether it could. Linux only, where every thread has a
 * priority of its own: elsewhere it would be the whole process, so nothing is changed.
 */
export function stepBack(): boolean {
  if (process.platform !== 'linux') return false;
  try {
    const thread = Number(basename(readlinkSync('/proc/thread-self')));
    setPriority(thread, constants.priority.PRIORITY_LOW);
    return true;
  } catch {
    return false;
  }
}
