/** A command on its way through the writer. */

import type { Command, Prior } from '../domain/commands.js';
import type { Origin } from '../domain/events.js';
import type { Claim } from '../domain/ids.js';
import type { Answer } from './answer.js';

/** What was looked up about a command beyond the state and what is remembered. */
export interface Past extends Prior {
  /** The epoch of the fold it was looked up in; later ones may know better. */
  readonly epoch: number;
  /** The named object is another tenant's. */
  readonly isForeign: boolean;
  /** The read model takes the named reservation for active, which the fold does not hold: one of them is behind. */
  readonly isOpenElsewhere: boolean;
}

export interface Pending {
  readonly command: Command;
  readonly origin: Origin;
  readonly claim: Claim | null;
  /** How many looks at the end of the stream had begun when it came. */
  readonly arrival: number;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (fault: Error) => void;
  /** Null until a look-up was needed and done. */
  past: Past | null;
  /** How often something was looked up for it. */
  lookups: number;
}
