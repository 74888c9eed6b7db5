/** From stored bytes to a ledger event: the type and schema checked, older payloads lifted, amounts restored. */

import { AssertionError, assert } from '../../domain/assertions.js';
import { type EventMetadata, type RecordedEvent, SCHEMA_VERSION } from '../../domain/events.js';
import type { EventCodec } from '../../ports/event-codec.port.js';
import type { StoredEvent } from '../../ports/event-store.port.js';
import { isEventType, restoreAmounts } from './amounts.js';
import { type Payload, UPCASTERS, type Upcasters, upcast } from './upcasters.js';

export interface EventCodecOptions {
  /** The schema version to lift payloads to; the current one when left out. */
  readonly schema?: number;
  readonly upcasters?: Upcasters;
}

export function createEventCodec(options: EventCodecOptions = {}): EventCodec {
  const { schema = SCHEMA_VERSION, upcasters = UPCASTERS } = options;
  return { decode: (stored) => decode(stored, schema, upcasters) };
}

function decode(stored: StoredEvent, schema: number, upcasters: Upcasters): RecordedEvent {
  const { id, type, stream, revision, position } = stored;
  assert(isEventType(type), 'a stored event has a type that this version does not know');
  const metadata = parsed(stored.metadata) as unknown as EventMetadata;
  const from = metadata.schema;
  assert(
    Number.isInteger(from) && from >= 1 && from <= schema,
    'a stored event has a schema that this version does not know',
  );
  const data = upcast(parsed(stored.data), { type, from, to: schema, upcasters });
  restoreAmounts(type, data);
  return { id, type, stream, revision, position, data, metadata } as unknown as RecordedEvent;
}

function parsed(json: string): Payload {
  try {
    return JSON.parse(json) as Payload;
  } catch (cause) {
    throw new AssertionError('a stored event is not JSON', { cause });
  }
}
