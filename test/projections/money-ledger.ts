/** A generated history of money: overage, debt, new periods of budgets, a tenant that closes, corrections months later. */

import type { DebitId, ReservationId } from '../../src/domain/ids.js';
import { correctSome } from './corrections.js';
import { toolCall } from './gate-calls.js';
import { createBudget, issueKey, keyActor, openTenant, TestLedger } from './ledger.js';

const TENANTS = ['acme', 'beta'];
const OVERAGE = ['REJECT', 'ALLOW_IF_AVAILABLE', 'ALLOW_WITH_OVERDRAFT'] as const;
const HOUR_MS = 3_600_000;
const UNIT = 'USD_MICROCENTS';
/** Amounts of some ten cents, which no decimal of a dollar ends at. */
const AMOUNT_MAX = 12_345_679;

/** Numbers from 0 up to, not including, a limit: the same for the same seed. */
function drawsOf(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return Math.floor((state / 0x80000000) * limit);
  };
}

export function moneyLedger(seed: number, steps: number): TestLedger {
  const ledger = new TestLedger();
  const draw = drawsOf(seed);
  for (const tenantId of TENANTS) provision(ledger, tenantId);
  for (let step = 0; step < steps; step++) {
    const tenantId = TENANTS[draw(TENANTS.length)] ?? 'acme';
    ledger.nowMs += draw(6 * HOUR_MS);
    ledger.settleDue(tenantId);
    if (ledger.state(tenantId).budgets.get(`tenant:${tenantId}|${UNIT}` as never)?.debt)
      repay(ledger, tenantId);
    act(ledger, tenantId, draw);
  }
  ledger.run('beta', { type: 'ChangeTenantStatus', status: 'CLOSED', reason: null });
  ledger.nowMs += 40 * 24 * HOUR_MS;
  // Nothing is left that a server would settle when it starts.
  for (const tenantId of TENANTS) ledger.settleDue(tenantId);
  return correctSome(ledger);
}

function provision(ledger: TestLedger, tenantId: string): void {
  ledger.run(tenantId, openTenant(tenantId));
  ledger.run(tenantId, issueKey(`key_${tenantId}`, tenantId));
  ledger.run(tenantId, createBudget(`tenant:${tenantId}`, 10n ** 12n, { unit: 'RISK_POINTS' }));
  const { nowMs: startMs } = ledger;
  const budget = createBudget(`tenant:${tenantId}`, 9_000_000n, {
    unit: UNIT,
    overdraftLimit: 5_000_000n,
  });
  const period = { startMs, endMs: startMs + 24 * HOUR_MS };
  if (budget.type === 'CreateBudget')
    ledger.run(tenantId, { ...budget, rolloverPolicy: 'CARRY_FORWARD', period });
}

/** What is owed stands in the way of all that would be held. */
const repay = (ledger: TestLedger, tenantId: string) =>
  ledger.run(tenantId, {
    type: 'FundBudget',
    decisionId: ledger.decisionId(),
    scope: `tenant:${tenantId}`,
    unit: UNIT,
    operation: 'REPAY_DEBT',
    amount: 20_000_000n,
    spent: null,
    reason: null,
    metadata: {},
  });

function act(ledger: TestLedger, tenantId: string, draw: (limit: number) => number): void {
  const decisionId = ledger.decisionId();
  const subject = {
    app: `App-${draw(2)}`,
    workflow: `w${draw(4)}`,
    dimensions: { cost_center: `=CC,"${draw(3)}"` },
  };
  const action = { kind: 'llm.completion', name: `openai:gpt-${draw(2)}` };
  const amount = BigInt(draw(AMOUNT_MAX));
  const overagePolicy = OVERAGE[draw(3)] ?? 'REJECT';
  const open = [...ledger.state(tenantId).reservations.values()].filter(
    ({ toolCallId }) => toolCallId === null,
  );
  const metrics = { tokens_input: draw(2_000), model_version: `gpt-${draw(2)}-2026` };
  const dice = draw(10);
  if (dice < 4) {
    const reservationId: ReservationId = ledger.reservationId();
    const held = { type: 'Reserve', reservationId, decisionId, subject, action } as const;
    const terms = { ttlMs: 12 * HOUR_MS, gracePeriodMs: null, overagePolicy, metadata: null };
    ledger.run(tenantId, { ...held, estimate: { unit: UNIT, amount }, ...terms });
  } else if (dice < 7 && open.length > 0) {
    const reservationId = open[draw(open.length)]?.reservationId ?? ('' as ReservationId);
    const actual = { unit: UNIT, amount } as const;
    ledger.run(tenantId, { type: 'Commit', reservationId, decisionId, actual, metrics, metadata: null });
  } else if (dice < 9) {
    const debitId = ledger.mint('evt') as DebitId;
    const charge = { type: 'Debit', debitId, decisionId, subject, action, overagePolicy } as const;
    const more = { metrics, clientTimeMs: null, metadata: null };
    ledger.run(tenantId, { ...charge, actual: { unit: UNIT, amount }, ...more });
  } else {
    const call = toolCall(ledger, { sessionId: `s${draw(3)}`, points: draw(9), dollars: amount });
    ledger.run(tenantId, call, { actor: keyActor(`key_${tenantId}`) });
  }
}
