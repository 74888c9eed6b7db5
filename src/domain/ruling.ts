/** What the decider answers: events to append, an earlier answer, or a refusal. */

import type { Command, Prior } from './commands.js';
import type { LedgerEvent, Origin, RecordedEvent } from './events.js';
import type { Refusal } from './refusals.js';

export type Ruling =
  | { readonly kind: 'accepted'; readonly events: readonly LedgerEvent[] }
  | { readonly kind: 'replayed'; readonly event: RecordedEvent }
  | {
      readonly kind: 'refused';
      readonly refusal: Refusal;
      /** What is appended with the record of the refusal; left out for nothing. */
      readonly events?: readonly LedgerEvent[];
    };

/** A command with everything from outside that its decision depends on. */
export interface Request<C extends Command = Command> {
  readonly command: C;
  readonly origin: Origin;
  /** Server time in ms, never before the tenant's last event. */
  readonly nowMs: number;
  readonly prior: Prior;
}

export const accept = (...events: readonly LedgerEvent[]): Ruling => ({ kind: 'accepted', events });
export const refuse = (refusal: Refusal, events?: readonly LedgerEvent[]): Ruling =>
  events === undefined ? { kind: 'refused', refusal } : { kind: 'refused', refusal, events };

/** Tells a ruling from what a decision would go on with, which has no `kind`. */
export const isRuling = <T extends object>(found: T | Ruling): found is Ruling => 'kind' in found;
