/** Verification finds what was changed, what is missing, and what does not add up. */

import fc from 'fast-check';
import { createEventCodec } from '../../src/adapters/event-codec/codec.js';
import { canonicalJson } from '../../src/domain/canonical-json.js';
import { chainHash, GENESIS_HASH } from '../../src/domain/hash-chain.js';
import type { DebitId, ScopePath } from '../../src/domain/ids.js';
import type { StoredEvent } from '../../src/ports/event-store.port.js';
import { verifyLedger } from '../../src/replay/verify.js';
import { createBudget, openTenant, TestLedger } from '../projections/ledger.js';
import { randomLedger } from '../projections/random-ledger.js';

const verify = (ledger: TestLedger) => verifyLedger(ledger, createEventCodec());

/** Re-signs a whole stream after a change, as somebody who holds the files could. */
function rechain(ledger: TestLedger, stream: string): void {
  let previousHash = GENESIS_HASH;
  for (const [index, event] of ledger.stored.entries()) {
    if (event.stream !== stream) continue;
    const { hash: _old, ...rest } = JSON.parse(event.metadata) as Record<string, unknown>;
    const metadata = { ...rest, previousHash };
    const { id, type, data } = event;
    const hash = chainHash({ previousHash, stream, id, type, dataJson: data, metadata });
    ledger.stored[index] = {
      ...event,
      metadata: `${canonicalJson(metadata).slice(0, -1)},"hash":"${hash}"}`,
    };
    previousHash = hash;
  }
}

function change(ledger: TestLedger, index: number, edit: (data: Record<string, never>) => void): StoredEvent {
  const event = ledger.stored[index];
  if (event === undefined) throw new Error('there is no such event');
  const data = JSON.parse(event.data) as Record<string, never>;
  edit(data);
  const changed = { ...event, data: canonicalJson(data) };
  ledger.stored[index] = changed;
  return changed;
}

const indexOf = (ledger: TestLedger, type: string, nth = 0): number => {
  const found = ledger.stored.flatMap((event, index) => (event.type === type ? [index] : []));
  return found[nth] ?? -1;
};

/** A tenant with two budgets, a funding, one committed hold, one released and one active. */
function smallLedger(): TestLedger {
  const ledger = new TestLedger();
  ledger.run('acme', openTenant('acme'));
  ledger.run('acme', createBudget('tenant:acme', 1_000n));
  ledger.run('acme', createBudget('tenant:acme/app:ide', 100n));
  ledger.run('acme', {
    type: 'FundBudget',
    decisionId: ledger.decisionId(),
    scope: 'tenant:acme',
    unit: 'TOKENS',
    operation: 'CREDIT',
    amount: 50n,
    spent: null,
    reason: null,
    metadata: {},
  });
  const held = [10n, 20n, 30n].map((amount, index) => {
    const reservationId = ledger.reservationId();
    ledger.run(
      'acme',
      {
        type: 'Reserve',
        reservationId,
        decisionId: ledger.decisionId(),
        subject: { app: 'ide' },
        action: { kind: 'llm.completion', name: 'gpt' },
        estimate: { unit: 'TOKENS', amount },
        ttlMs: null,
        gracePeriodMs: null,
        overagePolicy: null,
        metadata: null,
      },
      { idempotencyKey: `key-${index}` },
    );
    return reservationId;
  });
  const [first, second] = held;
  if (first === undefined || second === undefined) throw new Error('three were held');
  ledger.run('acme', {
    type: 'Commit',
    reservationId: first,
    decisionId: ledger.decisionId(),
    actual: { unit: 'TOKENS', amount: 7n },
    metrics: null,
    metadata: null,
  });
  ledger.run('acme', {
    type: 'Release',
    reservationId: second,
    decisionId: ledger.decisionId(),
    reason: null,
  });
  return ledger;
}

/** A tenant with two of each: charges without a hold, adjustments and extensions; a change and a new period. */
function correctedLedger(): TestLedger {
  const ledger = new TestLedger();
  const scope = 'tenant:acme' as ScopePath;
  const place = { scope, unit: 'TOKENS' } as const;
  const period = { startMs: ledger.nowMs, endMs: ledger.nowMs + 60_000 };
  ledger.run('acme', openTenant('acme'));
  ledger.run('acme', createBudget(scope, 1_000n));
  const changes = { rolloverPolicy: 'CARRY_FORWARD', period } as const;
  ledger.run('acme', { type: 'UpdateBudget', ...place, overdraftLimit: 9n, changes });
  const reservationId = ledger.reservationId();
  const asked = { subject: { app: 'ide' }, action: { kind: 'llm.completion', name: 'gpt' }, metadata: null };
  const limits = { ttlMs: null, gracePeriodMs: null, overagePolicy: null };
  const estimate = { unit: 'TOKENS', amount: 10n } as const;
  const named = () => ({ decisionId: ledger.decisionId() });
  ledger.run('acme', { type: 'Reserve', reservationId, ...named(), estimate, ...asked, ...limits });
  for (const turn of [1, 2]) {
    const origin = { idempotencyKey: `key-${turn}` };
    const debitId = `evt_${turn}` as DebitId;
    const debit = { debitId, actual: estimate, overagePolicy: null, metrics: null, clientTimeMs: null };
    ledger.run('acme', { type: 'Debit', ...named(), ...asked, ...debit }, origin);
    const extension = { reservationId, extendByMs: 60_000, metadata: null };
    ledger.run('acme', { type: 'Extend', ...named(), ...extension }, origin);
    const charge = { chargeId: 'evt_1' as DebitId, unit: 'TOKENS', charged: 10n, scopes: [scope] } as const;
    ledger.run('acme', { type: 'AdjustCharge', charge, delta: -1n, reason: 'x', metadata: {} }, origin);
  }
  const amounts = { allocated: 900n, spent: 5n, debt: 0n, uncovered: 0n };
  ledger.run('acme', { type: 'CorrectBudget', ...place, ...amounts, reason: 'a wrong import' });
  ledger.nowMs += 60_000;
  ledger.settleDue('acme');
  return ledger;
}

/** Makes one event answer the request that another has answered. */
function copyKey(ledger: TestLedger, from: number, to: number): void {
  const [source, target] = [ledger.stored[from], ledger.stored[to]];
  if (source === undefined || target === undefined) throw new Error('there is no such event');
  const { idempotencyKey } = JSON.parse(source.metadata) as Record<string, unknown>;
  const metadata = JSON.stringify({ ...JSON.parse(target.metadata), idempotencyKey });
  ledger.stored[to] = { ...target, metadata };
}

describe('verification', () => {
  it('finds nothing wrong with charges, corrections, extensions and new periods', async () => {
    const ledger = correctedLedger();
    expect(await verify(ledger)).toMatchObject({ isSound: true, events: ledger.stored.length });
    expect(indexOf(ledger, 'BudgetRolledOver')).toBeGreaterThan(0);
  });

  it('finds nothing wrong with any ledger the decider made', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer(), async (seed) => {
        const ledger = randomLedger(seed, 250);
        const report = await verify(ledger);
        expect(report.findings).toEqual([]);
        expect(report).toMatchObject({ isSound: true, events: ledger.stored.length, streams: 2 });
        const active = ledger.tenantIds.map((id) => ledger.state(id).reservations.size);
        expect(report.activeReservations).toBe(active.reduce((a, b) => a + b, 0));
      }),
      { numRuns: 8 },
    );
  });

  it('counts what it has seen, and tells how far it is', async () => {
    const heard: number[] = [];
    const ledger = smallLedger();
    const report = await verifyLedger(ledger, createEventCodec(), {
      onProgress: ({ position, head }) => heard.push(position, head),
    });
    expect(report).toMatchObject({ isSound: true, events: 9, budgets: 2, activeReservations: 1, head: 9 });
    expect(heard).toEqual([9, 9]);
    expect(await verify(new TestLedger())).toMatchObject({ isSound: true, events: 0, streams: 0 });
  });

  it('names the event of any flipped byte', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(8), fc.nat(), fc.constantFrom('data', 'metadata'), async (index, at, part) => {
        const ledger = smallLedger();
        const event = ledger.stored[index];
        if (event === undefined) return;
        const text = event[part as 'data' | 'metadata'];
        const place = at % text.length;
        const flipped = String.fromCharCode(text.charCodeAt(place) ^ 1);
        ledger.stored[index] = { ...event, [part]: text.slice(0, place) + flipped + text.slice(place + 1) };
        const report = await verify(ledger);
        expect(report.isSound).toBe(false);
        expect(report.findings[0]).toMatchObject({ check: 'chain', eventId: event.id, revision: index });
      }),
      { numRuns: 100 },
    );
  });

  it('names the event after a missing one', async () => {
    const ledger = smallLedger();
    ledger.stored.splice(4, 1);
    const [finding] = (await verify(ledger)).findings;
    expect(finding).toMatchObject({
      check: 'order',
      revision: 5,
      message: 'revision 4 is missing; 5 follows',
    });
  });

  it('goes on with the other streams, and lists what is wrong in order', async () => {
    const ledger = smallLedger();
    ledger.run('beta', openTenant('beta'));
    ledger.run('beta', createBudget('tenant:beta', 5n));
    change(ledger, 10, (data) => Object.assign(data, { allocated: '6' }));
    change(ledger, 3, (data) => Object.assign(data, { amount: '51' }));
    const report = await verify(ledger);
    expect(report.findings.map(({ stream, position }) => [stream, position])).toEqual([
      ['tenant-acme', 4],
      ['tenant-beta', 11],
    ]);
  });

  describe('of a stream whose hashes were made anew', () => {
    const firstFinding = async (ledger: TestLedger) => {
      rechain(ledger, 'tenant-acme');
      return (await verify(ledger)).findings[0];
    };

    it('finds a wrong balance after a hold, a settlement, a funding and an opening', async () => {
      for (const [type, check] of [
        ['Reserved', 'fold'],
        ['Committed', 'fold'],
        ['Released', 'fold'],
        ['BudgetFunded', 'balance'],
        ['BudgetCreated', 'balance'],
      ]) {
        const ledger = smallLedger();
        const edited = change(ledger, indexOf(ledger, type ?? ''), (data) => {
          const [balance] = data['balances'] as unknown as Record<string, string>[];
          Object.assign(balance ?? {}, { spent: '3' });
        });
        expect(await firstFinding(ledger)).toMatchObject({ check, eventId: edited.id });
      }
    });

    it('finds a funding of another amount', async () => {
      const ledger = smallLedger();
      change(ledger, indexOf(ledger, 'BudgetFunded'), (data) => Object.assign(data, { amount: '49' }));
      expect(await firstFinding(ledger)).toMatchObject({ check: 'balance', eventType: 'BudgetFunded' });
    });

    it('finds a charge, a correction, a change and a new period that state other balances', async () => {
      for (const type of ['Debited', 'Adjusted', 'Corrected', 'BudgetUpdated', 'BudgetRolledOver']) {
        const ledger = correctedLedger();
        const edited = change(ledger, indexOf(ledger, type), (data) => {
          const [balance] = data['balances'] as unknown as Record<string, string>[];
          Object.assign(balance ?? {}, { reserved: '3' });
        });
        expect(await firstFinding(ledger)).toMatchObject({ eventId: edited.id });
      }
    });

    it('finds a charge and an adjustment of another amount', async () => {
      for (const [type, field] of [
        ['Debited', 'charged'],
        ['Adjusted', 'delta'],
      ] as const) {
        const ledger = correctedLedger();
        const edited = change(ledger, indexOf(ledger, type), (data) => Object.assign(data, { [field]: '4' }));
        expect(await firstFinding(ledger)).toMatchObject({ check: 'fold', eventId: edited.id });
      }
    });

    it('finds an extension of what is not held, and one from another expiry', async () => {
      const unheld = correctedLedger();
      change(unheld, indexOf(unheld, 'Extended'), (data) =>
        Object.assign(data, { reservationId: 'rsv_none' }),
      );
      expect(await firstFinding(unheld)).toMatchObject({ check: 'holds', eventType: 'Extended' });
      const moved = correctedLedger();
      change(moved, indexOf(moved, 'Extended'), (data) => Object.assign(data, { previousExpiresAtMs: 5 }));
      expect(await firstFinding(moved)).toMatchObject({ check: 'fold', eventType: 'Extended' });
    });

    it('finds two answers to one charge, one extension and one adjustment', async () => {
      for (const type of ['Debited', 'Extended', 'Adjusted']) {
        const ledger = correctedLedger();
        const [first, second] = [indexOf(ledger, type), indexOf(ledger, type, 1)];
        copyKey(ledger, first, second);
        expect(await firstFinding(ledger)).toMatchObject({ check: 'claim', eventType: type });
      }
    });

    it('finds a reservation that ends twice, or never began', async () => {
      const ended = smallLedger();
      const [one, two] = [indexOf(ended, 'Reserved', 0), indexOf(ended, 'Released')];
      const { reservationId } = JSON.parse(ended.stored[one]?.data ?? '') as { reservationId: string };
      change(ended, two, (data) => Object.assign(data, { reservationId }));
      expect(await firstFinding(ended)).toMatchObject({
        check: 'holds',
        message: expect.stringContaining('twice'),
      });
      const unknown = smallLedger();
      change(unknown, two, (data) => Object.assign(data, { reservationId: 'rsv_none' }));
      expect(await firstFinding(unknown)).toMatchObject({
        check: 'holds',
        message: expect.stringContaining('without having begun'),
      });
    });

    it('finds a charge that hides a part of what was held', async () => {
      const ledger = smallLedger();
      change(ledger, indexOf(ledger, 'Committed'), (data) => Object.assign(data, { released: '2' }));
      expect(await firstFinding(ledger)).toMatchObject({ check: 'holds', eventType: 'Committed' });
    });

    it('finds two answers to one request', async () => {
      const ledger = smallLedger();
      const index = indexOf(ledger, 'Reserved', 1);
      const event = ledger.stored[index];
      if (event === undefined) throw new Error('there is a second reservation');
      ledger.stored[index] = { ...event, metadata: event.metadata.replace('key-1', 'key-0') };
      expect(await firstFinding(ledger)).toMatchObject({ check: 'claim', eventId: event.id });
    });

    it('finds an event of an unknown type, and one that went back in time', async () => {
      const unknown = smallLedger();
      const event = unknown.stored[3];
      if (event === undefined) throw new Error('there are nine events');
      unknown.stored[3] = { ...event, type: 'BudgetDoubled' };
      expect(await firstFinding(unknown)).toMatchObject({ check: 'decode', eventType: 'BudgetDoubled' });
      const early = smallLedger();
      early.stored[3] = { ...event, metadata: event.metadata.replace('2026-03-01', '2026-02-28') };
      expect(await firstFinding(early)).toMatchObject({ check: 'order', revision: 3 });
    });
  });

  describe('with a read model', () => {
    const rowsOf = (ledger: TestLedger) => [...ledger.state('acme').budgets.values()];
    const withRows = (ledger: TestLedger, rows: ReturnType<typeof rowsOf>) =>
      verifyLedger(ledger, createEventCodec(), { readModels: { ofTenant: async () => rows } });

    it('is content when every budget agrees', async () => {
      const ledger = smallLedger();
      expect(await withRows(ledger, rowsOf(ledger))).toMatchObject({
        isSound: true,
        readModelsCompared: true,
      });
    });

    it('finds a wrong balance, a missing budget and one too many', async () => {
      const ledger = smallLedger();
      const [first, ...rest] = rowsOf(ledger);
      if (first === undefined) throw new Error('there are two budgets');
      const stray = { ...first, scope: 'tenant:acme/app:web' as never };
      for (const rows of [[{ ...first, spent: 1n }, ...rest], rest, [first, ...rest, stray]]) {
        const report = await withRows(ledger, rows);
        expect(report.findings).toMatchObject([{ check: 'read_model', stream: 'tenant-acme' }]);
      }
    });
  });
});
