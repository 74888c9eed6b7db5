/** Sealed events for tests of the store: a chain of their own, with bytes of any size. */

import { randomUUID } from 'node:crypto';
import type { LedgerEvent } from '../../src/domain/events.js';
import { GENESIS_HASH, type SealedEvent, seal } from '../../src/domain/hash-chain.js';
import type { Claim } from '../../src/domain/ids.js';

export interface SampleOptions {
  readonly stream: string;
  readonly count?: number;
  readonly previousHash?: string;
  /** One for each event, from the first on. */
  readonly claims?: readonly (string | null)[];
  readonly ids?: readonly string[];
  /** What tells the bytes of one event from another's; also how large they are. */
  readonly reason?: string;
}

/** A batch that continues a chain. */
export function sampleBatch(options: SampleOptions): SealedEvent[] {
  const events: SealedEvent[] = [];
  let previousHash = options.previousHash ?? GENESIS_HASH;
  for (let i = 0; i < (options.count ?? 1); i++) {
    const event: LedgerEvent = { type: 'TenantSuspended', data: { reason: options.reason ?? `reason ${i}` } };
    const sealed = seal(
      {
        id: options.ids?.[i] ?? randomUUID(),
        event,
        metadata: SAMPLE_METADATA,
        claim: (options.claims?.[i] ?? null) as Claim | null,
      },
      options.stream,
      previousHash,
    );
    events.push(sealed);
    previousHash = sealed.metadata.hash;
  }
  return events;
}

export const SAMPLE_METADATA = {
  schema: 1,
  occurredAt: '2026-11-22T12:00:00.000Z',
  actor: { type: 'system' },
  sourceIp: null,
  userAgent: null,
  requestId: null,
  traceId: null,
  traceFlags: null,
  idempotencyKey: null,
  requestHash: null,
  causationId: null,
} as const;
