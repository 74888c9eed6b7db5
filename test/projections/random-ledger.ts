/** Valid ledgers at random: commands drawn from a seed, decided by the real decider. */

import type { Command } from '../../src/domain/commands.js';
import type { DebitId, KeyId, ReservationId, ScopePath } from '../../src/domain/ids.js';
import { outcomeOf, toolCall } from './gate-calls.js';
import { createBudget, issueKey, openTenant, TestLedger } from './ledger.js';

/** A seeded generator of numbers in [0, 1): mulberry32. */
function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const TENANTS = ['acme', 'beta'];
const OVERAGE = ['REJECT', 'ALLOW_IF_AVAILABLE', 'ALLOW_WITH_OVERDRAFT'] as const;

/**
 * A ledger of two tenants after `steps` random commands. The same seed makes the same bytes.
 * @param prepare what is done before the first of them
 */
export function randomLedger(
  seed: number,
  steps: number,
  prepare: (ledger: TestLedger) => void = () => {},
): TestLedger {
  const ledger = new TestLedger();
  const random = randomOf(seed);
  for (const tenantId of TENANTS) provision(ledger, tenantId);
  prepare(ledger);
  for (let step = 0; step < steps; step++) {
    const tenantId = pick(random, TENANTS);
    ledger.nowMs += Math.floor(random() * 4_000);
    if (random() < 0.01) ledger.nowMs += 3_600_000;
    ledger.settleDue(tenantId);
    ledger.run(tenantId, anyCommand(ledger, tenantId, random), { idempotencyKey: `key-${step}` });
  }
  return ledger;
}

function provision(ledger: TestLedger, tenantId: string): void {
  ledger.run(tenantId, openTenant(tenantId));
  ledger.run(tenantId, issueKey(`key_${tenantId}`, tenantId));
  ledger.run(tenantId, createBudget(`tenant:${tenantId}`, 5_000n, { overdraftLimit: 200n }));
  ledger.run(tenantId, createBudget(`tenant:${tenantId}/app:ide`, 900n, { overdraftLimit: 50n }));
  ledger.run(tenantId, {
    type: 'DefineBudgetTemplate',
    templateId: `tpl_${tenantId}_1` as never,
    dailyTemplateId: `tpl_${tenantId}_2` as never,
    scopePattern: `tenant:${tenantId}/**/workflow:*`,
    unit: 'RISK_POINTS',
    allocated: 100n,
    overdraftLimit: 0n,
    rolloverPolicy: 'NONE',
    period: null,
  });
}

const pick = <T>(random: () => number, choices: readonly T[]): T => {
  const choice = choices[Math.floor(random() * choices.length)];
  if (choice === undefined) throw new Error('there is nothing to choose from');
  return choice;
};

function anyCommand(ledger: TestLedger, tenantId: string, random: () => number): Command {
  const state = ledger.state(tenantId);
  const dice = random();
  const open = [...state.reservations.values()].map(({ reservationId }) => reservationId);
  if (dice < 0.35 || (open.length === 0 && dice < 0.64)) return reserve(ledger, random);
  if (dice < 0.5) return commit(ledger, pick(random, open), random);
  if (dice < 0.6) {
    const reservationId = pick(random, open);
    return { type: 'Release', reservationId, decisionId: ledger.decisionId(), reason: null };
  }
  if (dice < 0.64) {
    return {
      type: 'Extend',
      reservationId: pick(random, open),
      ...named(ledger),
      extendByMs: 5_000,
      metadata: null,
    };
  }
  if (dice < 0.69) return debit(ledger, random);
  if (dice < 0.78) {
    const sessionId = `s${Math.floor(random() * 4)}`;
    return toolCall(ledger, { sessionId, points: Math.floor(random() * 40) });
  }
  const calls = [...state.toolCalls.values()];
  if (dice < 0.86 && calls.length > 0) {
    return outcomeOf(ledger, pick(random, calls).toolCallId, random() < 0.8 ? 'succeeded' : 'failed');
  }
  return provisioning(ledger, tenantId, random);
}

const reserve = (ledger: TestLedger, random: () => number): Command => ({
  type: 'Reserve',
  reservationId: ledger.reservationId(),
  decisionId: ledger.decisionId(),
  subject: {
    app: random() < 0.8 ? 'ide' : 'web',
    workflow: `w${Math.floor(random() * 3)}`,
    dimensions: { Cost_Center: ledger.nowMs % 2 === 0 ? 'CC-7' : 'cc-8' },
  },
  action: { kind: 'llm.completion', name: 'gpt' },
  estimate: { unit: 'TOKENS', amount: BigInt(Math.floor(random() * 120)) },
  ttlMs: 10_000,
  gracePeriodMs: null,
  overagePolicy: pick(random, OVERAGE),
  metadata: random() < 0.3 ? { n: '12' } : null,
});

const named = (ledger: TestLedger) => ({ decisionId: ledger.decisionId() });

const debit = (ledger: TestLedger, random: () => number): Command => ({
  type: 'Debit',
  debitId: ledger.mint('evt') as DebitId,
  ...named(ledger),
  subject: { app: random() < 0.8 ? 'ide' : 'web' },
  action: { kind: 'llm.completion', name: 'gpt' },
  actual: { unit: 'TOKENS', amount: BigInt(Math.floor(random() * 120)) },
  overagePolicy: pick(random, OVERAGE),
  metrics: null,
  clientTimeMs: null,
  metadata: null,
});

const commit = (ledger: TestLedger, reservationId: ReservationId, random: () => number): Command => ({
  type: 'Commit',
  reservationId,
  decisionId: ledger.decisionId(),
  actual: { unit: 'TOKENS', amount: BigInt(Math.floor(random() * 160)) },
  metrics: ledger.nowMs % 3 === 0 ? null : { model_version: `gpt-${ledger.nowMs % 3}`, tokens_input: 12 },
  metadata: null,
});

function provisioning(ledger: TestLedger, tenantId: string, random: () => number): Command {
  const scope = pick(random, [`tenant:${tenantId}`, `tenant:${tenantId}/app:ide`]);
  const place = { scope, unit: 'TOKENS', reason: null } as const;
  const dice = random();
  if (dice < 0.1) return { type: 'FreezeBudget', ...place };
  if (dice < 0.3) return { type: 'UnfreezeBudget', ...place };
  if (dice < 0.33) return { type: 'ChangeTenantStatus', status: 'SUSPENDED', reason: null };
  if (dice < 0.45) return { type: 'ChangeTenantStatus', status: 'ACTIVE', reason: null };
  if (dice < 0.455) return { type: 'ChangeTenantStatus', status: 'CLOSED', reason: null };
  if (dice < 0.65) return correction(tenantId, { scope, unit: 'TOKENS' }, random);
  const operation = pick(random, ['CREDIT', 'DEBIT', 'REPAY_DEBT', 'RESET', 'RESET_SPENT'] as const);
  const amount = BigInt(Math.floor(random() * 1_000));
  const decisionId = ledger.decisionId();
  return { type: 'FundBudget', decisionId, ...place, operation, amount, spent: null, metadata: {} };
}

/** Changes, and corrections of what has been charged. */
function correction(
  tenantId: string,
  place: { readonly scope: string; readonly unit: 'TOKENS' },
  random: () => number,
): Command {
  const few = Math.floor(random() * 60);
  switch (pick(random, ['tenant', 'key', 'budget', 'adjust', 'correct'] as const)) {
    case 'tenant': {
      const changes = { name: `Tenant ${few}`, settings: { maxExtensions: few }, metadata: { n: `${few}` } };
      return { type: 'UpdateTenant', changes, status: null, reason: null };
    }
    case 'key': {
      const changes = { name: `key ${few}`, permissions: ['balances:read'], trusted: few % 2 === 0 };
      return { type: 'UpdateApiKey', keyId: `key_${tenantId}` as KeyId, changes };
    }
    case 'budget': {
      const changes = { rolloverPolicy: 'CARRY_FORWARD', metadata: { n: few } } as const;
      return { type: 'UpdateBudget', ...place, overdraftLimit: BigInt(few), changes };
    }
    case 'adjust': {
      const chargeId = `evt_${few}` as DebitId;
      const scopes = [place.scope as ScopePath];
      const charge = { chargeId, unit: place.unit, charged: 60n, scopes };
      return { type: 'AdjustCharge', charge, delta: BigInt(few - 30), reason: 'random', metadata: {} };
    }
    case 'correct': {
      const amounts = { allocated: 900n, spent: BigInt(few), debt: 0n, uncovered: 0n };
      return { type: 'CorrectBudget', ...place, ...amounts, reason: 'random' };
    }
  }
}
