/** Follows one stream's order and hash chain, over the stored bytes alone. */

import { canonicalJson } from '../domain/canonical-json.js';
import { chainHash, GENESIS_HASH } from '../domain/hash-chain.js';
import type { StoredEvent } from '../ports/event-store.port.js';
import { Mismatch } from './finding.js';

export class StreamChain {
  private nextRevision = 0;
  private lastHash = GENESIS_HASH;

  /** @throws Mismatch when the event is not the next one, or not the one its hash was made for */
  check(event: StoredEvent): void {
    if (event.revision !== this.nextRevision) {
      throw new Mismatch('order', `revision ${this.nextRevision} is missing; ${event.revision} follows`);
    }
    const metadata = metadataOf(event);
    if (storedForm(metadata) !== event.metadata) {
      throw new Mismatch('chain', 'the metadata is not in the form in which it is stored');
    }
    if (metadata['previousHash'] !== this.lastHash) {
      throw new Mismatch('chain', 'it does not name the hash of the event before it');
    }
    const { stream, id, type, data } = event;
    const hash = chainHash({ previousHash: this.lastHash, stream, id, type, dataJson: data, metadata });
    if (metadata['hash'] !== hash) {
      throw new Mismatch('chain', 'its bytes are not those that its hash was made of');
    }
    this.nextRevision += 1;
    this.lastHash = hash;
  }
}

/** Canonical JSON with `hash` at the end: the only text that one set of metadata can be stored as. */
function storedForm({ hash, ...linked }: Record<string, unknown>): string {
  return `${canonicalJson(linked).slice(0, -1)},"hash":${canonicalJson(hash ?? null)}}`;
}

function metadataOf(event: StoredEvent): Record<string, unknown> {
  let metadata: unknown;
  try {
    metadata = JSON.parse(event.metadata);
  } catch {
    throw new Mismatch('chain', 'the metadata is not JSON');
  }
  if (typeof metadata !== 'object' || metadata === null || Array.isArray(metadata)) {
    throw new Mismatch('chain', 'the metadata is not a JSON object');
  }
  return metadata as Record<string, unknown>;
}
