/** The hash chain: each event's hash covers the one before it and the event's own canonical bytes. */

import { hash } from 'node:crypto';
import { canonicalJson } from './canonical-json.js';
import type { EventMetadata, LedgerEvent } from './events.js';
import type { Claim } from './ids.js';

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
  const linkedJson = canonicalJson(linked);
  const hash = hashOf({ previousHash, stream, id, type: event.type, dataJson, linkedJson });
  const metadataJson = `${linkedJson.slice(0, -1)},"hash":"${hash}"}`;
  return { id, event, metadata: { ...linked, hash }, dataJson, metadataJson, claim };
}

/** What the hash of an event covers. Both JSON texts are canonical, in which no raw newline can occur. */
interface Covered {
  readonly previousHash: string;
  readonly stream: string;
  readonly id: string;
  readonly type: string;
  readonly dataJson: string;
  /** The metadata without `hash`. */
  readonly linkedJson: string;
}

/** Hex SHA-256 of a text's UTF-8 bytes. */
export const sha256 = (text: string): string => hash('sha256', text, 'hex');

const hashOf = (c: Covered): string =>
  sha256(`${c.previousHash}\n${c.stream}\n${c.id}\n${c.type}\n${c.dataJson}\n${c.linkedJson}`);

/** Recomputes the hash of an event from its stored data and parsed metadata: what verification compares. */
export function chainHash(parts: Omit<Covered, 'linkedJson'> & { readonly metadata: object }): string {
  const { hash: _own, ...linked } = parts.metadata as { hash?: string };
  return hashOf({ ...parts, linkedJson: canonicalJson(linked) });
}

/** SHA-256 of a canonical text, hex: names exactly what the text says. */
export const digestOf = (canonical: string): string => hash('sha256', canonical, 'hex');
