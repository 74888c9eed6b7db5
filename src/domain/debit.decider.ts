/** Decides about charges for what was never reserved. */

import { completeGuard } from './admission.js';
import type { Debit } from './commands.js';
import type { Debited } from './events.js';
import { type DrawnBudgets, drawnBudgets } from './holds.js';
import { type Settlement, settle } from './overage.js';
import { type Placed } from './placement.js';
import { isRefusal } from './refusals.js';
import { overageDefault, placeToAct } from './reservation.decider.js';
import { accept, isRuling, type Request, type Ruling, refuse } from './ruling.js';
import type { Tenant, TenantState } from './state.js';

/**
 * Post-only charge (cycles-protocol-v0, createEvent): the overage arithmetic of a commit over a hold of nothing.
 * What it is for has happened, so neither debt nor being over limit refuses it, nor do quotas and lists of kinds;
 * only a closed or frozen budget does, the overage policy, and a subject that lacks a required level.
 */
export function debit(request: Request<Debit>, tenant: Tenant, state: TenantState): Ruling {
  const { command, nowMs } = request;
  const placed = placeToAct(request, tenant, state);
  if (isRuling(placed)) return placed;
  const { subject, scopes: over } = placed;
  const applied = state.policies.applying(over, nowMs);
  const incomplete = completeGuard({ subject, action: command.action }, applied, state);
  if (incomplete) return refuse(incomplete);
  const { unit, amount } = command.actual;
  const drawn = drawnBudgets({ scopes: placed.scopes, unit, nowMs }, state);
  if (isRefusal(drawn)) return refuse(drawn);
  const scopes = drawn.lines.map((line) => line.scope);
  const policy =
    command.overagePolicy ?? overageDefault(scopes, unit, { policy: applied?.policy ?? null, tenant, state });
  const lines = drawn.lines.map((balance) => ({ balance, frozen: false }));
  const settlement = settle(lines, 0n, amount, policy);
  if (isRefusal(settlement)) return refuse(settlement);
  return accept(...drawn.opened, debited(command, placed, drawn, { settlement, policy }));
}

function debited(
  command: Debit,
  placed: Placed,
  drawn: DrawnBudgets,
  { settlement, policy }: { settlement: Settlement; policy: Debited['data']['overagePolicy'] },
): Debited {
  const { debitId, action, actual, metrics, clientTimeMs, metadata } = command;
  return {
    type: 'Debited',
    data: {
      debitId,
      subject: placed.subject,
      action,
      unit: actual.unit,
      actual: actual.amount,
      charged: settlement.charged,
      scopePath: placed.path,
      affectedScopes: placed.scopes,
      chargedScopes: drawn.lines.map((line) => line.scope),
      overagePolicy: policy,
      metrics,
      clientTimeMs,
      metadata,
      balances: settlement.balances,
    },
  };
}
