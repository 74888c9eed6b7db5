/** Commands of clients and operators that lengthen holds, charge without one, and put things right. */

import type { Unit } from '../../src/domain/amount.js';
import type { Command, SettledCharge } from '../../src/domain/commands.js';
import type { FundingOperation } from '../../src/domain/events.js';
import type { DebitId, DecisionId, ReservationId, TenantId } from '../../src/domain/ids.js';
import type { Subject } from '../../src/domain/subject.js';
import type { Random } from './random.js';
import type { SequentialIds } from './simulated-ports.js';

const POLICIES = ['REJECT', 'ALLOW_IF_AVAILABLE', 'ALLOW_WITH_OVERDRAFT'] as const;

/** Fixes what is asked for; each time it is built it has new ids. */
export function extension(random: Random, ids: SequentialIds, reservationId: ReservationId): () => Command {
  const extendByMs = random.int(1, 5000);
  return () => ({
    type: 'Extend',
    reservationId,
    decisionId: ids.mint('dec') as DecisionId,
    extendByMs,
    metadata: null,
  });
}

export function debit(random: Random, ids: SequentialIds, subject: Subject): () => Command {
  const unit = random.weighted<Unit>({ TOKENS: 20, USD_MICROCENTS: 5, CREDITS: 0.3, RISK_POINTS: 1 });
  const actual = { unit, amount: BigInt(random.int(0, 30)) };
  const overagePolicy = random.chance(0.4) ? null : random.pick(POLICIES);
  return () => ({
    type: 'Debit',
    debitId: ids.mint('evt') as DebitId,
    decisionId: ids.mint('dec') as DecisionId,
    subject,
    action: { kind: 'llm.completion', name: 'complete' },
    actual,
    overagePolicy,
    metrics: null,
    clientTimeMs: null,
    metadata: null,
  });
}

export function adjustment(random: Random, charge: SettledCharge): () => Command {
  const delta = BigInt(random.int(-20, 10));
  return () => ({ type: 'AdjustCharge', charge, delta, reason: 'simulated', metadata: {} });
}

export function funding(random: Random, ids: SequentialIds, tenantId: TenantId): () => Command {
  const scope = random.pick([
    `tenant:${tenantId}`,
    `tenant:${tenantId}/app:a0`,
    `tenant:${tenantId}/app:a1/workflow:r0`,
  ]);
  const operation = random.weighted<FundingOperation>({
    CREDIT: 8,
    REPAY_DEBT: 6,
    DEBIT: 2,
    RESET: 1,
    RESET_SPENT: 3,
  });
  const isReset = operation === 'RESET' || operation === 'RESET_SPENT';
  const amount = BigInt(isReset ? random.int(100, 900) : random.int(0, 150));
  const unit = random.weighted<Unit>({ TOKENS: 20, USD_MICROCENTS: 10, RISK_POINTS: 1, CREDITS: 0 });
  return () => ({
    type: 'FundBudget',
    decisionId: ids.mint('dec') as DecisionId,
    scope,
    unit,
    operation,
    amount,
    spent: null,
    reason: null,
    metadata: {},
  });
}

/** What an operator changes in a tenant or in its budget of tokens for an app. */
export function change(random: Random, tenantId: TenantId, nowMs: number): () => Command {
  const scope = `tenant:${tenantId}/app:a0`;
  const unit: Unit = 'TOKENS';
  const settings = { maxExtensions: random.int(0, 6), maxTtlMs: random.int(2000, 60_000) };
  const overdraftLimit = BigInt(random.int(0, 60));
  const period = random.chance(0.5)
    ? { startMs: nowMs, endMs: nowMs + random.int(5, 90) * 60_000 }
    : undefined;
  const overagePolicy = random.pick(POLICIES);
  const rolloverPolicy = random.pick(['NONE', 'CAP_AT_ALLOCATED'] as const);
  const spent = BigInt(random.int(0, 200));
  switch (random.weighted({ tenant: 4, budget: 4, correct: 1 })) {
    case 'tenant':
      return () => ({ type: 'UpdateTenant', changes: { settings }, status: null, reason: null });
    case 'budget': {
      const changes = { overagePolicy, rolloverPolicy, ...(period && { period }) };
      return () => ({ type: 'UpdateBudget', scope, unit, overdraftLimit, changes });
    }
    default: {
      const amounts = { allocated: 300n, spent, debt: 0n, uncovered: 0n };
      return () => ({ type: 'CorrectBudget', scope, unit, ...amounts, reason: 'simulated' });
    }
  }
}
