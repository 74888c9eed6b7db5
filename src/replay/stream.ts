/** A tenant's events in order, in slices small enough that whoever decides meanwhile does not wait for them. */

import { type RecordedEvent, streamOf } from '../domain/events.js';
import type { TenantId } from '../domain/ids.js';
import type { EventCodec } from '../ports/event-codec.port.js';
import type { EventReader } from '../ports/event-store.port.js';

/** Where a ledger is read back from. */
export interface LedgerSource {
  readonly reader: Pick<EventReader, 'readStream'>;
  readonly codec: EventCodec;
}

/** A place in a tenant's ledger: after the event of a revision, or after all that occurred up to a moment. */
export type Place = { readonly revision: number } | { readonly atMs: number };

const PAGE_EVENTS = 256;
/** Decoded and handed on at once: a millisecond's work, about. */
const SLICE_EVENTS = 64;

/** @throws whatever the source throws when it cannot be read, and when an event is of no known type */
export async function* readSlices(
  { reader, codec }: LedgerSource,
  from: { readonly tenantId: TenantId; readonly revision: number },
): AsyncGenerator<readonly RecordedEvent[]> {
  const stream = streamOf(from.tenantId);
  for (let revision = from.revision; ; ) {
    const page = await reader.readStream(stream, { revision, limit: PAGE_EVENTS });
    for (let start = 0; start < page.length; start += SLICE_EVENTS) {
      yield page.slice(start, start + SLICE_EVENTS).map((stored) => codec.decode(stored));
      await breath();
    }
    if (page.length < PAGE_EVENTS) return;
    revision += page.length;
  }
}

/** Lets everything else that waits have its turn. */
export const breath = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** When an event occurred, in ms since the epoch. */
export const atMsOf = ({ metadata }: RecordedEvent): number => Date.parse(metadata.occurredAt);

/** Whether an event lies behind a place. */
export const isBeyond = (event: RecordedEvent, place: Place | null): boolean => {
  if (place === null) return false;
  return 'revision' in place ? event.revision > place.revision : atMsOf(event) > place.atMs;
};

/** The event at a revision; null where there is none. */
export async function eventAt(
  { reader, codec }: LedgerSource,
  tenantId: TenantId,
  revision: number,
): Promise<RecordedEvent | null> {
  const [stored] = await reader.readStream(streamOf(tenantId), { revision, limit: 1 });
  return stored === undefined ? null : codec.decode(stored);
}
