/** Identifiers: ULIDs that grow within a process, and random UUIDs. */

import { randomFillSync, randomUUID } from 'node:crypto';
import { monotonicFactory } from 'ulid';
import type { Ids } from '../../ports/ids.port.js';

/** Randomness is drawn in blocks, since asking for one byte at a time costs as much as for a thousand. */
const pool = Buffer.alloc(4096);
let used = pool.length;

function random(): number {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const byte = pool[used] ?? 0;
  used += 1;
  return byte / 256;
}

export function createIds(): Ids {
  const ulid = monotonicFactory(random);
  return { mint: (prefix) => `${prefix}_${ulid()}`, eventId: () => randomUUID() };
}
