/** Checks a stream as it was read back. */

import { chainHash } from '../../src/domain/hash-chain.js';
import type { StoredEvent } from '../../src/ports/event-store.port.js';

/** Revisions from 0 without a gap, and every hash over the one before. */
export function expectChain(events: readonly StoredEvent[]): void {
  let previousHash = '0'.repeat(64);
  events.forEach((event, i) => {
    const metadata = JSON.parse(event.metadata) as { hash: string; previousHash: string };
    const { stream, id, type, data: dataJson } = event;
    expect(event.revision).toBe(i);
    expect(metadata.previousHash).toBe(previousHash);
    expect(metadata.hash).toBe(chainHash({ previousHash, stream, id, type, dataJson, metadata }));
    previousHash = metadata.hash;
  });
}
