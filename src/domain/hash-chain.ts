/** The hash chain: each event's hash covers the one before it and the event's own canonical bytes. */

import { createHash } from 'node:crypto';
import { canonicalJson } from './canonical-json.js';
import type { Claim, EventMetadata, LedgerEvent } from './events.js';

/** Before the first event of a stream. */
export const GENESIS_HASH = '0'.repeat(64);

/** An event with its place in the chain and the exact bytes that are stored. */
export interface SealedEvent {
  readonly id: string;
  readonly event: LedgerEvent;
  readonly metadata: EventMetadata;
  readonly dataJson: string;
  readonly metadataJson: string;
  /** The answered request it stands for in the idempotency index; null for most events. */
  readonly claim: Claim | null;
}

export interface Unsealed {
  readonly id: string;
  readonly event: LedgerEvent;
  readonly metadata: Omit<EventMetadata, 'hash' | 'previousHash'>;
  readonly claim: Claim | null;
}

/** Links an event to the chain. Cost: two canonical serialisations and one SHA-256. */
export function seal(unsealed: Unsealed, stream: string, previousHash: string): SealedEvent {
  const { id, event, claim } = unsealed;
  const dataJson = canonicalJson(event.data);
  const linked = { ...unsealed.metadata, previousHash };
  const hash = chainHash({ previousHash, stream, id, type: event.type, dataJson, metadata: linked });
  const metadata: EventMetadata = { ...linked, hash };
  return { id, event, metadata, dataJson, metadataJson: canonicalJson(metadata), claim };
}

/**
 * The hash of one event: SHA-256 over newline-separated previous hash, stream, id, type, data and metadata
 * without `hash`, the last two as canonical JSON, in which no raw newline can occur.
 */
export function chainHash(parts: {
  readonly previousHash: string;
  readonly stream: string;
  readonly id: string;
  readonly type: string;
  readonly dataJson: string;
  readonly metadata: object;
}): string {
  const { hash: _own, ...metadata } = parts.metadata as { hash?: string };
  return createHash('sha256')
    .update(
      `${parts.previousHash}\n${parts.stream}\n${parts.id}\n${parts.type}\n${parts.dataJson}\n${canonicalJson(metadata)}`,
    )
    .digest('hex');
}
