/** Older payloads, lifted one schema version at a time to the shape that this version folds. */

import type { EventType } from '../../domain/events.js';

export type Payload = Record<string, unknown>;
/** From one schema version's payload to the next version's. Amounts are still strings of digits. */
export type Upcaster = (data: Payload) => Payload;
/** By event type, then by the schema version that the upcaster lifts from. */
export type Upcasters = { readonly [T in EventType]?: { readonly [fromSchema: number]: Upcaster } };

/** There is one schema version so far. A type that a new version leaves as it was needs no entry. */
export const UPCASTERS: Upcasters = {};

/** Applies the upcasters of a type from the stored version up to the wanted one. */
export function upcast(
  payload: Payload,
  { type, from, to, upcasters }: { type: EventType; from: number; to: number; upcasters: Upcasters },
): Payload {
  let lifted = payload;
  for (let schema = from; schema < to; schema++) lifted = upcasters[type]?.[schema]?.(lifted) ?? lifted;
  return lifted;
}
