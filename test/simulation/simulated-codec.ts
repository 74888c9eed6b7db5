/** The real codec, asked once an event however many nodes fold it. */

import { createEventCodec } from '../../src/adapters/event-codec/codec.js';
import type { RecordedEvent } from '../../src/domain/events.js';
import type { EventCodec } from '../../src/ports/event-codec.port.js';
import type { StoredEvent } from '../../src/ports/event-store.port.js';

export class MemoizedCodec implements EventCodec {
  private readonly codec = createEventCodec();
  private readonly decoded = new WeakMap<StoredEvent, RecordedEvent>();

  decode(stored: StoredEvent): RecordedEvent {
    const known = this.decoded.get(stored);
    if (known !== undefined) return known;
    const event = this.codec.decode(stored);
    this.decoded.set(stored, event);
    return event;
  }
}
