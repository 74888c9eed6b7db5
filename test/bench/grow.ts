/** Growing a ledger through the store, by real decisions, to measure what its size costs. */

import { randomUUID } from 'node:crypto';
import { createEventCodec } from '../../src/adapters/event-codec/codec.js';
import { openSqliteEventStore } from '../../src/adapters/event-store-sqlite/store.js';
import { createIds } from '../../src/adapters/system/ids.js';
import { assert } from '../../src/domain/assertions.js';
import { type Command, NO_PRIOR } from '../../src/domain/commands.js';
import { decide } from '../../src/domain/decider.js';
import { type LedgerEvent, type Origin, SCHEMA_VERSION, streamOf } from '../../src/domain/events.js';
import { evolve } from '../../src/domain/evolve.js';
import { GENESIS_HASH, type SealedEvent, seal } from '../../src/domain/hash-chain.js';
import { claimOf } from '../../src/domain/idempotency.js';
import type { DecisionId, ReservationId, TenantId } from '../../src/domain/ids.js';
import { initialState, type TenantState } from '../../src/domain/state.js';
import { type EventStore, NO_STREAM } from '../../src/ports/event-store.port.js';
import { TENANT, UNIT } from './requests.js';

const BATCH_EVENTS = 100;
/** At most: a tool call with its outcome, and the budgets that it opens. */
const EVENTS_EACH = 8;
const PAGE = 1_000;
/** Of so many reservations one stays open. */
const OPEN_ONE_IN = 5;

const stream = streamOf(TENANT as TenantId);
/** Ids grow, as the server's do: how rows come to lie in the read models depends on it. */
const ids = createIds();

/** A tenant's stream as far as it goes. */
export interface Tail {
  readonly state: TenantState;
  revision: number;
  hash: string;
}

/**
 * Appends reservations and their commits until the tenant's stream has as many events as asked for.
 * The server must not run. One reservation in five stays open.
 * @param path the event store's file, with the tenant of the benchmark in it
 */
export const growLedger = (path: string, events: number): Promise<void> => grow(path, events, nextEvents);

/**
 * The same by other events.
 * @param next at most `EVENTS_EACH` further ones
 */
export async function grow(
  path: string,
  events: number,
  next: (tail: Tail, count: number) => SealedEvent[],
): Promise<void> {
  const store = await openSqliteEventStore({ path });
  try {
    const tail = await foldAll(store);
    let count = 0;
    while (tail.revision + 1 < events) {
      const batch: SealedEvent[] = [];
      while (batch.length + EVENTS_EACH <= BATCH_EVENTS) batch.push(...next(tail, count++));
      await append(store, tail, batch);
    }
  } finally {
    await store.close();
  }
}

async function foldAll(store: EventStore): Promise<Tail> {
  const codec = createEventCodec();
  const tail: Tail = { state: initialState(), revision: NO_STREAM, hash: GENESIS_HASH };
  for (;;) {
    const page = await store.readStream(stream, { revision: tail.revision + 1, limit: PAGE });
    if (page.length === 0) return tail;
    for (const stored of page) {
      const event = codec.decode(stored);
      evolve(tail.state, event, Date.parse(event.metadata.occurredAt));
      tail.revision = event.revision;
      tail.hash = event.metadata.hash;
    }
  }
}

async function append(store: EventStore, tail: Tail, batch: readonly SealedEvent[]): Promise<void> {
  const result = await store.append(stream, tail.revision, batch);
  assert(result.kind === 'appended', `the ledger cannot grow: ${result.kind}`);
  tail.revision = result.revision;
}

/** One reservation, and unless it stays open its commit. */
function nextEvents(tail: Tail, count: number): SealedEvent[] {
  const reservationId = ids.mint('rsv') as ReservationId;
  const reserved = decideAndSeal(tail, {
    type: 'Reserve',
    reservationId,
    decisionId: newDecisionId(),
    subject: {
      tenant: TENANT,
      workspace: 'prod',
      app: 'ide',
      workflow: `run-${count % 100}`,
      agent: 'coder',
    },
    action: { kind: 'llm.completion', name: 'summarize-document' },
    estimate: { unit: UNIT, amount: 1_000n },
    ttlMs: 3_600_000,
    gracePeriodMs: null,
    overagePolicy: null,
    metadata: null,
  });
  if (count % OPEN_ONE_IN === 0) return reserved;
  const committed = decideAndSeal(tail, {
    type: 'Commit',
    reservationId,
    decisionId: newDecisionId(),
    actual: { unit: UNIT, amount: 500n },
    metrics: null,
    metadata: null,
  });
  return [...reserved, ...committed];
}

const newDecisionId = (): DecisionId => ids.mint('dec') as DecisionId;

/** Now, by the tenant's key, unless it is said when and by whom. */
export function decideAndSeal(
  tail: Tail,
  command: Command,
  { nowMs = Date.now(), origin = originOf(tail.state) } = {},
): SealedEvent[] {
  const ruling = decide({ command, origin, nowMs, prior: NO_PRIOR }, tail.state);
  const why = ruling.kind === 'refused' ? ruling.refusal.message : ruling.kind;
  assert(ruling.kind === 'accepted', `${command.type} was not accepted: ${why}`);
  return sealAll(tail, ruling.events, { nowMs, origin, claim: claimOf(command, origin) });
}

/** Puts decided events behind the tail. */
export function sealAll(
  tail: Tail,
  events: readonly LedgerEvent[],
  at: { readonly nowMs: number; readonly origin: Origin; readonly claim?: SealedEvent['claim'] },
): SealedEvent[] {
  const { nowMs, origin } = at;
  return events.map((event, index) => {
    evolve(tail.state, event, nowMs);
    const occurredAt = new Date(nowMs).toISOString();
    const metadata = { ...origin, schema: SCHEMA_VERSION, occurredAt, causationId: null };
    const claim = index === 0 ? (at.claim ?? null) : null;
    const sealed = seal({ id: randomUUID(), event, metadata, claim }, stream, tail.hash);
    tail.hash = sealed.metadata.hash;
    return sealed;
  });
}

function originOf(state: TenantState): Origin {
  const [key] = state.keys.values();
  assert(key !== undefined, 'the tenant of the benchmark has a key');
  return {
    actor: { type: 'api_key', keyId: key.keyId },
    sourceIp: '127.0.0.1',
    userAgent: null,
    requestId: `req_${randomUUID()}`,
    traceId: null,
    traceFlags: null,
    idempotencyKey: randomUUID(),
    requestHash: GENESIS_HASH,
  };
}
