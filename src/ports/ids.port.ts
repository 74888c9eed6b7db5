/** Identifiers from outside, so that a simulation can replay them. */

import type { IdPrefix } from '../domain/ids.js';

export interface Ids {
  /** `<prefix>_` + ULID. */
  mint(prefix: IdPrefix): string;
  /** A random UUID, for one event. */
  eventId(): string;
}
