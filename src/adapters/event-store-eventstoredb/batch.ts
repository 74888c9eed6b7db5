/** A batch to append: its bounds, and whether what is in the log is this very batch. */

import { assert } from '../../domain/assertions.js';
import type { SealedEvent } from '../../domain/hash-chain.js';
import { NO_STREAM } from '../../ports/event-store.port.js';
import type { ReadEvent } from './wire.js';

const EVENTS_MAX = 200;
/** Leaves room below the server's 1 MiB for types, ids and claims. */
const BYTES_MAX = 900 * 1024;
const PLAIN = /^[\x20-\x7e]+$/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

export interface Batch {
  readonly stream: string;
  readonly expectedRevision: number;
  readonly events: readonly SealedEvent[];
}

/** Asserts the bounds of a batch; returns its size in bytes. */
export function checkBatch({ stream, expectedRevision, events }: Batch): number {
  assert(PLAIN.test(stream), 'a stream name is printable ASCII');
  assert(
    Number.isSafeInteger(expectedRevision) && expectedRevision >= NO_STREAM,
    'an expected revision is at least -1',
  );
  assert(events.length >= 1 && events.length <= EVENTS_MAX, 'an append has 1 to 200 events');
  let bytes = 0;
  for (const { id, dataJson, metadataJson } of events) {
    assert(UUID.test(id), 'an event id is a UUID');
    bytes += Buffer.byteLength(dataJson) + Buffer.byteLength(metadataJson);
  }
  assert(bytes <= BYTES_MAX, 'an append has at most 900 KiB');
  const claims = events.flatMap(({ claim }) => claim ?? []);
  assert(new Set(events.map(({ id }) => id)).size === events.length, 'the ids in an append differ');
  assert(new Set(claims).size === claims.length, 'the claims in an append differ');
  return bytes;
}

/** Whether an event in the log is the one that was sealed, to the last byte. */
export function isSame(sealed: SealedEvent, { stored, claim }: ReadEvent): boolean {
  return (
    stored.id === sealed.id &&
    stored.type === sealed.event.type &&
    stored.data === sealed.dataJson &&
    stored.metadata === sealed.metadataJson &&
    claim === sealed.claim
  );
}
