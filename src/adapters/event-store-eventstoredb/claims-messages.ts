/** What passes between the store and the thread of its idempotency index. */

import type { Claim } from '../../domain/ids.js';

/** An event as the index knows it: its id, and the claim it answered. */
export interface Marked {
  readonly id: string;
  readonly claim: Claim | null;
}

export type ToIndex =
  | {
      readonly kind: 'check';
      readonly call: number;
      readonly stream: string;
      readonly events: readonly Marked[];
    }
  /** Events of a stream in order, the first at `revision`. There is no answer. */
  | {
      readonly kind: 'note';
      readonly stream: string;
      readonly revision: number;
      readonly events: readonly Marked[];
    }
  /** Names the log by its first event; an index of another log forgets everything. */
  | { readonly kind: 'identify'; readonly call: number; readonly firstId: string | null }
  | { readonly kind: 'close'; readonly call: number };

/** Where an event id or a claim was seen. */
export interface Place {
  readonly revision: number;
  /** Whether that is in the stream that was asked about. Of a claim it always is. */
  readonly isHere: boolean;
}

export interface Checked {
  /** The revision up to which the stream is indexed; −1 when nothing of it is. */
  readonly through: number;
  /** The id of the event at that revision. */
  readonly lastId: string | null;
  /** For each event asked about: where its id, and where its claim, is known. */
  readonly ids: readonly (Place | null)[];
  readonly claims: readonly (Place | null)[];
}

export type FromIndex =
  | { readonly kind: 'opened' }
  | { readonly kind: 'refused'; readonly message: string }
  | { readonly kind: 'checked'; readonly call: number; readonly checked: Checked }
  | { readonly kind: 'done'; readonly call: number }
  | { readonly kind: 'failed'; readonly call: number; readonly message: string }
  | { readonly kind: 'trouble'; readonly message: string };
