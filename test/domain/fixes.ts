/** Does what a suggested fix says, as the operator who reads it would. */

import type { Command } from '../../src/domain/commands.js';
import type { PolicyChanges, PolicyRules } from '../../src/domain/events.js';
import type { DecisionId, PolicyId, ScopePath } from '../../src/domain/ids.js';
import type { Policy } from '../../src/domain/policy-book.js';
import type { Ledger } from './ledger.js';

type Doing = (ledger: Ledger, said: RegExpExecArray) => void;

const decisionId = 'dec_fix' as DecisionId;

const credit = (ledger: Ledger, scope: string, amount: string, unit: string): void =>
  execute(ledger, {
    type: 'FundBudget',
    decisionId,
    scope,
    unit: unit as never,
    operation: 'CREDIT',
    amount: BigInt(amount),
    spent: null,
    reason: null,
    metadata: {},
  });

function change(ledger: Ledger, policyId: string, changes: (policy: Policy) => PolicyChanges): void {
  const policy = ledger.state.policies.get(policyId as PolicyId);
  if (policy === undefined) throw new Error(`the fix names ${policyId}, which does not exist`);
  execute(ledger, { type: 'UpdatePolicy', policyId: policy.policyId, changes: changes(policy) });
}

function execute(ledger: Ledger, command: Command): void {
  const ruling = ledger.execute(command);
  if (ruling.kind !== 'accepted') throw new Error(`the fix is refused: ${JSON.stringify(command.type)}`);
}

const raised = (policy: PolicyRules, what: string, window: string, to: number): PolicyChanges => ({
  actionQuotas: policy.actionQuotas.map((rule) =>
    rule.actionKind === what && rule.window === window && rule.maxCalls < to
      ? { ...rule, maxCalls: to }
      : rule,
  ),
  riskClassQuotas: policy.riskClassQuotas.map((rule) =>
    rule.riskClass === what && rule.window === window && rule.maxCalls < to
      ? { ...rule, maxCalls: to }
      : rule,
  ),
});

const DOINGS: readonly (readonly [RegExp, Doing])[] = [
  [
    /Fund the budget of (\S+) by at least (\d+) ([A-Z_]+)/g,
    (ledger, [, scope = '', amount = '', unit = '']) => credit(ledger, scope, amount, unit),
  ],
  [
    /Fund (\S+) with a CREDIT of at least (\d+) ([A-Z_]+)/g,
    (ledger, [, scope = '', amount = '', unit = '']) => credit(ledger, scope, amount, unit),
  ],
  [
    /Unfreeze the ([A-Z_]+) budget of (\S+?)(?=\.?$| and )/g,
    (ledger, [, unit = '', scope = '']) =>
      execute(ledger, {
        type: 'UnfreezeBudget',
        scope: scope as ScopePath,
        unit: unit as never,
        reason: null,
      }),
  ],
  [
    /Remove '(\S+)' from denied_action_kinds in policy '(\S+)'/g,
    (ledger, [, kind, policyId = '']) =>
      change(ledger, policyId, (policy) => ({
        deniedKinds: policy.deniedKinds.filter((each) => each !== kind),
      })),
  ],
  [
    /Add '(\S+)' to allowed_action_kinds in policy '(\S+)'/g,
    (ledger, [, kind = '', policyId = '']) =>
      change(ledger, policyId, (policy) => ({ allowedKinds: [...policy.allowedKinds, kind] })),
  ],
  [
    /Remove '(\S+)' from refused_risk_classes of every degradation step in policy '(\S+)'/g,
    (ledger, [, riskClass, policyId = '']) =>
      change(ledger, policyId, (policy) => ({
        degradation: policy.degradation.map((step) => ({
          ...step,
          refusedRiskClasses: step.refusedRiskClasses.filter((each) => each !== riskClass),
        })),
      })),
  ],
  [
    /ncrease the (\S+) (\S+) limit from \d+ to (\d+) in policy '(\S+)'/g,
    (ledger, [, what = '', window = '', to = '', policyId = '']) =>
      change(ledger, policyId, (policy) => raised(policy, what, window, Number(to))),
  ],
  [
    /raise max_(\w+)_per_minute above (\d+) in policy '(\S+)'/g,
    (ledger, [, what, above = '', policyId = '']) =>
      change(ledger, policyId, ({ rateLimits }) => ({
        rateLimits: {
          reservationsPerMinute: rateLimits?.reservationsPerMinute ?? null,
          commitsPerMinute: rateLimits?.commitsPerMinute ?? null,
          [what === 'commits' ? 'commitsPerMinute' : 'reservationsPerMinute']: Number(above) + 1,
        },
      })),
  ],
  [
    /Reactivate the tenant/g,
    (ledger) => execute(ledger, { type: 'ChangeTenantStatus', status: 'ACTIVE', reason: null }),
  ],
];

/** Waits, where that is one of the ways, else does what is to be done. @throws Error when the fix says nothing known */
export function doFix(ledger: Ledger, fix: string, isPatient: boolean): void {
  const until = /[Ww]ait until (\S+?),? or|[Ww]ait until (\S+?)\.$/.exec(fix);
  if (until !== null && isPatient) {
    ledger.wait(Date.parse((until[1] ?? until[2] ?? '').replace(/,$/, '')) - ledger.nowMs);
    return;
  }
  let done = 0;
  for (const [pattern, doing] of DOINGS) {
    for (const said of fix.matchAll(pattern)) {
      doing(ledger, said as RegExpExecArray);
      done += 1;
    }
  }
  if (done === 0) throw new Error(`nobody knows how to do this: ${fix}`);
}
