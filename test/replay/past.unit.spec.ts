/** Any past state, and any session again, against an auditor's own books at every revision. */

import fc from 'fast-check';
import { createEventCodec } from '../../src/adapters/event-codec/codec.js';
import type { BalanceAfter } from '../../src/domain/events.js';
import type { DebitId, TenantId } from '../../src/domain/ids.js';
import type { StoredEvent } from '../../src/ports/event-store.port.js';
import { stateAt } from '../../src/replay/past.js';
import { replaySession, type Step } from '../../src/replay/session.js';
import type { Place } from '../../src/replay/stream.js';
import { createBudget, openTenant, TestLedger } from '../projections/ledger.js';
import { randomLedger } from '../projections/random-ledger.js';
import { Books, type Payload } from '../simulation/books.js';

const sourceOf = (ledger: TestLedger) => ({ reader: ledger, codec: createEventCodec() });
const streamOf = (ledger: TestLedger, tenantId: string): StoredEvent[] =>
  ledger.stored.filter(({ stream }) => stream === `tenant-${tenantId}`);
const occurredMs = ({ metadata }: StoredEvent): number =>
  Date.parse((JSON.parse(metadata) as { occurredAt: string }).occurredAt);

/** Every account as one line of text. */
type Snapshot = ReadonlyMap<string, string>;
const lineOf = (a: Omit<BalanceAfter, 'scope' | 'unit' | 'overdraftLimit'>): string =>
  [a.allocated, a.spent, a.reserved, a.debt, a.uncovered].join(' ');

/** What the auditor's books say after each revision. */
function booksAt(ledger: TestLedger, tenantId: string): Snapshot[] {
  const books = new Books();
  return streamOf(ledger, tenantId).map((event) => {
    // A key's new name moves nothing, and the books do not know it.
    if (event.type !== 'ApiKeyUpdated')
      books.enter(event, JSON.parse(event.data) as Payload, occurredMs(event));
    return new Map([...books.accounts].map(([key, account]) => [key, lineOf(account)]));
  });
}

const linesOf = (budgets: Iterable<readonly [string, BalanceAfter]>): Snapshot =>
  new Map([...budgets].map(([key, budget]) => [key, lineOf(budget)]));

describe('a past state', () => {
  it('has the balances of the auditor’s books, at every revision and at its moment', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer(), async (seed) => {
        const ledger = randomLedger(seed, 90);
        const source = sourceOf(ledger);
        const events = streamOf(ledger, 'acme');
        const books = booksAt(ledger, 'acme');
        for (const [revision, expected] of books.entries()) {
          const past = await stateAt(source, 'acme' as TenantId, { revision });
          expect(linesOf(past?.state.budgets.entries() ?? [])).toEqual(expected);
          expect(past?.revision).toBe(revision);
        }
        const times = events.map(occurredMs);
        for (const atMs of new Set(times)) {
          const past = await stateAt(source, 'acme' as TenantId, { atMs });
          expect(past?.revision).toBe(times.lastIndexOf(atMs));
        }
      }),
      { numRuns: 6 },
    );
  });

  it('is that of the end where no place is named, and none before the tenant was opened', async () => {
    const ledger = randomLedger(3, 40);
    const events = streamOf(ledger, 'acme');
    const now = await stateAt(sourceOf(ledger), 'acme' as TenantId, null);
    expect(now?.revision).toBe(events.length - 1);
    expect(now?.state.tenant).toEqual(ledger.state('acme').tenant);
    const first = events[0];
    if (first === undefined) throw new Error('the ledger is empty');
    expect(await stateAt(sourceOf(ledger), 'acme' as TenantId, { atMs: occurredMs(first) - 1 })).toBeNull();
    expect(await stateAt(sourceOf(ledger), 'nobody' as TenantId, null)).toBeNull();
  });

  it('holds the hash that covers everything before it', async () => {
    const ledger = randomLedger(5, 40);
    const event = streamOf(ledger, 'beta')[17];
    const past = await stateAt(sourceOf(ledger), 'beta' as TenantId, { revision: 17 });
    expect(past?.hash).toBe((JSON.parse(event?.metadata ?? '{}') as { hash: string }).hash);
  });
});

describe('a long fold', () => {
  it('lets everything else have its turn, slice after slice', async () => {
    const ledger = randomLedger(1, 600);
    const events = streamOf(ledger, 'acme').length;
    let turns = 0;
    let isDone = false;
    const take = (): void => {
      turns += 1;
      if (!isDone) setImmediate(take);
    };
    setImmediate(take);
    await stateAt(sourceOf(ledger), 'acme' as TenantId, null);
    isDone = true;
    expect(events).toBeGreaterThan(200);
    expect(turns).toBeGreaterThanOrEqual(Math.floor(events / 64));
  });
});

const END_MS = Number.MAX_SAFE_INTEGER;

async function replayed(ledger: TestLedger, sessionId: string, place: Place | null = null): Promise<Step[]> {
  const bounds = {
    tenantId: 'acme' as TenantId,
    sessionId,
    firstRevision: firstOf(ledger, sessionId),
    lastAtMs: END_MS,
  };
  const steps: Step[] = [];
  for await (const step of replaySession(sourceOf(ledger), bounds, place)) steps.push(step);
  return steps;
}

/** A tenant with one budget of 100 tokens, 40 of which are spent, and then nothing that moves it for long. */
function quietLedger(events: number): TestLedger {
  const ledger = new TestLedger();
  ledger.run('acme', openTenant('acme'));
  ledger.run('acme', createBudget('tenant:acme', 100n));
  ledger.run('acme', {
    type: 'Debit',
    debitId: ledger.mint('evt') as DebitId,
    decisionId: ledger.decisionId(),
    subject: { app: 'ide' },
    action: { kind: 'llm.completion', name: 'gpt' },
    actual: { unit: 'TOKENS', amount: 40n },
    overagePolicy: 'REJECT',
    metrics: null,
    clientTimeMs: null,
    metadata: null,
  });
  for (let nth = 0; nth < events; nth++) {
    const changes = { name: `Name ${nth}` };
    ledger.run('acme', { type: 'UpdateTenant', changes, status: null, reason: null });
  }
  return ledger;
}

const SESSIONS = ['w0', 'w1', 'w2', 's0', 's1', 's2', 's3'];
const sessionNamed = (data: string): string | undefined =>
  /"(?:workflow|sessionId)":"([^"]+)"/.exec(data)?.[1]?.toLowerCase();
const proposes = ({ type }: StoredEvent): boolean => ['Decided', 'Reserved', 'Debited'].includes(type);
const firstOf = (ledger: TestLedger, sessionId: string): number =>
  streamOf(ledger, 'acme').find((event) => proposes(event) && sessionNamed(event.data) === sessionId)
    ?.revision ?? -1;

/** Which events a session has, told by their bytes alone: those that name it, or something that began in it. */
function revisionsOf(ledger: TestLedger, sessionId: string): number[] {
  const ids = new Set<string>();
  let open = 0;
  return streamOf(ledger, 'acme')
    .filter((event) => {
      const data = JSON.parse(event.data) as Record<string, string>;
      if (event.type === 'BudgetCreated') return `${data['scope']}/`.includes(`/workflow:${sessionId}/`);
      if (proposes(event) && sessionNamed(event.data) === sessionId) {
        for (const id of [data['decisionId'], data['reservationId'], data['debitId']]) if (id) ids.add(id);
        if (event.type === 'Reserved') open += 1;
        return true;
      }
      if (event.type === 'TenantClosed') return open > 0;
      if (event.type.startsWith('Budget')) return `${data['scope']}/`.includes(`/workflow:${sessionId}/`);
      const about = data['reservationId'] ?? data['toolCallId'] ?? data['chargeId'] ?? '';
      if (['Committed', 'Released'].includes(event.type) && ids.has(about)) open -= 1;
      return ids.has(about);
    })
    .map(({ revision }) => revision);
}

describe('a replayed session', () => {
  it('has every event of it in order, with the balances of the books before and after', async () => {
    let moves = 0;
    for (const seed of [1, 2, 3, 4, 5, 6]) {
      const ledger = randomLedger(seed, 160);
      const books = booksAt(ledger, 'acme');
      for (const sessionId of SESSIONS.filter((id) => firstOf(ledger, id) >= 0)) {
        const steps = await replayed(ledger, sessionId);
        expect(steps.map(({ event }) => event.revision)).toEqual(revisionsOf(ledger, sessionId));
        for (const { event, moves: moved } of steps) {
          for (const { before, after } of moved) {
            const key = `${after.scope}|${after.unit}`;
            const lines = [before && lineOf(before), lineOf(after)];
            expect(lines).toEqual([
              books[event.revision - 1]?.get(key) ?? null,
              books[event.revision]?.get(key),
            ]);
            moves += 1;
          }
        }
      }
    }
    expect(moves).toBeGreaterThan(200);
  });

  it('ends at any place that is named', async () => {
    const ledger = randomLedger(2, 120);
    const all = await replayed(ledger, 'w1');
    for (const [nth, { event }] of all.entries()) {
      const until = await replayed(ledger, 'w1', { revision: event.revision });
      expect(until.length).toBe(nth + 1);
      const atMs = Date.parse(event.metadata.occurredAt);
      const then = await replayed(ledger, 'w1', { atMs });
      expect(then.length).toBeGreaterThan(nth);
      expect(then.every((step) => Date.parse(step.event.metadata.occurredAt) <= atMs)).toBe(true);
    }
  });

  it.each(['reserves', 'debits'] as const)('reads back far for a balance, when it first %s', async (how) => {
    const ledger = quietLedger(1_200);
    const amount = { unit: 'TOKENS', amount: 30n } as const;
    const asked = {
      decisionId: ledger.decisionId(),
      subject: { workflow: 'late' },
      action: { kind: 'llm.completion', name: 'gpt' },
      overagePolicy: 'REJECT',
      metadata: null,
    } as const;
    const reservationId = ledger.reservationId();
    if (how === 'reserves') {
      const times = { ttlMs: 60_000, gracePeriodMs: null };
      ledger.run('acme', { type: 'Reserve', ...asked, ...times, reservationId, estimate: amount });
    } else {
      const debitId = ledger.mint('evt') as DebitId;
      const nothing = { metrics: null, clientTimeMs: null };
      ledger.run('acme', { type: 'Debit', ...asked, ...nothing, debitId, actual: amount });
    }
    const [{ moves } = { moves: [] }] = await replayed(ledger, 'late');
    const before = { allocated: 100n, spent: 40n, reserved: 0n };
    const after = how === 'reserves' ? { reserved: 30n, spent: 40n } : { reserved: 0n, spent: 70n };
    expect(moves).toMatchObject([{ before, after }]);
  });

  it('shows what was held when the tenant closed as given back', async () => {
    const ledger = quietLedger(1);
    ledger.run('acme', {
      type: 'Reserve',
      reservationId: ledger.reservationId(),
      decisionId: ledger.decisionId(),
      subject: { workflow: 'late' },
      action: { kind: 'llm.completion', name: 'gpt' },
      estimate: { unit: 'TOKENS', amount: 25n },
      ttlMs: 60_000,
      gracePeriodMs: null,
      overagePolicy: 'REJECT',
      metadata: null,
    });
    ledger.run('acme', { type: 'ChangeTenantStatus', status: 'CLOSED', reason: null });
    const steps = await replayed(ledger, 'late');
    expect(steps.map(({ kind }) => kind)).toEqual(['proposal', 'settlement']);
    expect(steps[1]?.moves).toMatchObject([
      { before: { reserved: 25n }, after: { reserved: 0n, spent: 40n } },
    ]);
  });

  it('tells the holds and settlements of a call by its proposal', async () => {
    const ledger = randomLedger(11, 200);
    const steps = (
      await Promise.all(SESSIONS.filter((id) => id.startsWith('s')).map((id) => replayed(ledger, id)))
    ).flat();
    const held = steps.filter(({ kind }) => kind === 'hold');
    expect(held.length).toBeGreaterThan(0);
    for (const { actionId } of held) {
      const [proposal] = steps.filter((step) => step.actionId === actionId);
      expect(proposal?.kind).toBe('proposal');
    }
  });
});
