/** What a hook needs to know of a harness: how to read its events and how to answer them. */

import type { JsonRecord } from '../json.js';

/** A tool call that a harness is about to make. */
export interface PendingCall {
  readonly sessionId: string;
  readonly tool: {
    readonly name: string;
    readonly server: string | null;
    readonly input: unknown;
  };
  readonly cwd: string | null;
  /** The shell command in the input, when there is one: the files it names are sent along. */
  readonly command: string | null;
  /** The harness's own id of the call; null when it has none. */
  readonly callId: string | null;
  /** What the after-event will know the call by. */
  readonly memo: string;
}

/** A tool call that has run. */
export interface FinishedCall {
  readonly memo: string;
  readonly status: 'succeeded' | 'failed' | 'unknown';
  readonly exitCode: number | null;
  readonly error: string | null;
  /** What the tool printed or returned; only its digest leaves the machine. */
  readonly output: string | null;
}

export type HookEvent =
  | { readonly kind: 'before'; readonly call: PendingCall }
  | { readonly kind: 'after'; readonly call: FinishedCall }
  /** Nothing is about to run: there is nothing to decide. */
  | { readonly kind: 'notice' };

export interface Harness {
  readonly name: string;
  /** @throws UnreadableEvent when it cannot tell what would run */
  read(payload: JsonRecord): HookEvent;
  /** The harness's "yes". */
  allow(options: { readonly explicit: boolean }): object;
  /** The harness's "no", with one sentence for the model and the person. */
  deny(sentence: string): object;
  /** The answer to an event that asks nothing. */
  readonly noted: object;
}

/** The harness's input does not say what would run. The message is a whole sentence. */
export class UnreadableEvent extends Error {
  override readonly name = 'UnreadableEvent';
}
