/** From stored bytes to a ledger event, lifting older schemas on the way. */

import type { RecordedEvent } from '../domain/events.js';
import type { StoredEvent } from './event-store.port.js';

export interface EventCodec {
  /** @throws AssertionError for a type or schema this version does not know */
  decode(stored: StoredEvent): RecordedEvent;
}
