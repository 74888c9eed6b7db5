/** The event store: append to one stream at an expected revision, read back, follow the whole log. */

import type { SealedEvent } from '../domain/hash-chain.js';
import type { Claim } from '../domain/ids.js';

/** The revision of a stream that does not exist yet. */
export const NO_STREAM = -1;

/** An event as bytes, with its place. */
export interface StoredEvent {
  readonly id: string;
  readonly type: string;
  readonly stream: string;
  /** Place in the stream, from 0, contiguous. */
  readonly revision: number;
  /** Place in the whole store, growing, not contiguous. */
  readonly position: number;
  /** Canonical JSON, exactly as appended. */
  readonly data: string;
  /**
   * Exactly as appended: the canonical JSON of everything but `hash`, which is appended as the last member,
   * since it covers the rest. It is therefore not canonical as a whole.
   */
  readonly metadata: string;
}

export type AppendResult =
  /** Written, or recognised as the identical batch written before (same ids, same bytes, same place). */
  | { readonly kind: 'appended'; readonly revision: number; readonly position: number }
  /** Nothing written: the stream is at `actual`. */
  | { readonly kind: 'wrong_revision'; readonly actual: number }
  /** Nothing written: a claim in the batch is already held by the event at `revision` of this stream. */
  | { readonly kind: 'claimed'; readonly claim: Claim; readonly revision: number }
  /** Nothing written: an event id is known with other bytes. */
  | { readonly kind: 'id_conflict'; readonly id: string };

/**
 * A store that could not do it. `not_written` is certain; `unknown` means the batch may be in the log, and
 * must be resent identically before anything else is decided on that stream.
 */
export class StoreFault extends Error {
  override readonly name = 'StoreFault';
  constructor(
    message: string,
    readonly outcome: 'not_written' | 'unknown',
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

export interface EventReader {
  /** Events of one stream in order, from a revision on (inclusive). An unknown stream is empty. */
  readStream(
    stream: string,
    from: { readonly revision: number; readonly limit: number },
  ): Promise<StoredEvent[]>;
  /** Events of all streams in position order, after a position (exclusive; 0 for the beginning). */
  readAll(after: { readonly position: number; readonly limit: number }): Promise<StoredEvent[]>;
  /** The position of the last event; 0 when the log is empty. */
  headPosition(): Promise<number>;
  /** Calls back with the newest position after appends, coalesced. Returns the unsubscribe function. */
  onAppended(listener: (position: number) => void): () => void;
}

export interface EventStore extends EventReader, IdempotencyIndex {
  /**
   * Appends all events or none.
   * @param expectedRevision revision of the last event known, or NO_STREAM
   * @param events 1 to 200 events, at most 900 KiB together
   * @throws StoreFault when the store cannot tell or cannot write
   */
  append(stream: string, expectedRevision: number, events: readonly SealedEvent[]): Promise<AppendResult>;
  /** Counters for metrics: queue lengths and totals. */
  stats(): Readonly<Record<string, number>>;
  /** Flushes what was accepted and closes; later calls fail. */
  close(): Promise<void>;
}

/** Every claim ever made, on disk, written in the same transaction as its event. */
export interface IdempotencyIndex {
  /** The revision of the event that answered the claimed request, or null. */
  findClaim(stream: string, claim: Claim): Promise<number | null>;
}
