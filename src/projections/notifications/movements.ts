/** What is told when a balance moves: thresholds, exhaustion, debt and limits, by the balance before and after. */

import type { BalanceAfter } from '../../domain/events.js';
import { isOverLimit, remainingOf } from '../../domain/state.js';
import type { Notice } from './notice.js';

/** Shares of a budget in whole percent whose crossing is told (cycles-governance-admin-v0.1.25, WebhookThresholdConfig). */
const THRESHOLDS = [80n, 95n, 100n] as const;
const WHOLE = 100n;
/** A share is told with four decimals, cut, so that none is told before it is reached. */
const SHARE_UNITS = 10_000n;

/** Nothing moves most of what is told of here, so that is found out first, and cheaply. */
export function movementsOf(before: BalanceAfter, after: BalanceAfter): readonly Notice[] {
  const notices: Notice[] = [];
  addThresholds(before, after, notices);
  if (remainingOf(before) > 0n && remainingOf(after) <= 0n) {
    notices.push(aboutUse('budget.exhausted', after, { threshold: 1, direction: 'rising' }));
  }
  if (isOverLimit(before) !== isOverLimit(after)) notices.push(limitNotice(after));
  return notices;
}

function addThresholds(before: BalanceAfter, after: BalanceAfter, notices: Notice[]): void {
  const usedBefore = before.spent + before.reserved;
  const used = after.spent + after.reserved;
  if (used === usedBefore && after.allocated === before.allocated) return;
  for (const threshold of THRESHOLDS) {
    const was = isReached(threshold, usedBefore, before.allocated);
    const is = isReached(threshold, used, after.allocated);
    if (was === is) continue;
    const direction = is ? 'rising' : 'falling';
    notices.push(
      aboutUse('budget.threshold_crossed', after, { threshold: Number(threshold) / 100, direction }),
    );
  }
}

/** Of nothing no share is used. */
const isReached = (threshold: bigint, used: bigint, allocated: bigint): boolean =>
  allocated > 0n && used * WHOLE >= allocated * threshold;

const shareOf = (part: bigint, whole: bigint): number =>
  whole === 0n ? 0 : Number((part * SHARE_UNITS) / whole) / Number(SHARE_UNITS);

const aboutUse = (
  type: 'budget.threshold_crossed' | 'budget.exhausted',
  after: BalanceAfter,
  crossing: { readonly threshold: number; readonly direction: 'rising' | 'falling' },
): Notice => ({
  type,
  scope: after.scope,
  data: {
    scope: after.scope,
    unit: after.unit,
    ...crossing,
    utilization: shareOf(after.spent + after.reserved, after.allocated),
    allocated: after.allocated,
    remaining: remainingOf(after),
    spent: after.spent,
    reserved: after.reserved,
  },
});

function limitNotice(after: BalanceAfter): Notice {
  const isOver = isOverLimit(after);
  return {
    type: isOver ? 'budget.over_limit_entered' : 'budget.over_limit_exited',
    scope: after.scope,
    data: {
      scope: after.scope,
      unit: after.unit,
      debt: after.debt,
      overdraft_limit: after.overdraftLimit,
      is_over_limit: isOver,
      ...(after.overdraftLimit > 0n && { debt_utilization: shareOf(after.debt, after.overdraftLimit) }),
    },
  };
}

/** What a charge could not be paid from, and became debt; null when nothing did. */
export function debtNotice(
  before: BalanceAfter,
  after: BalanceAfter,
  chargeId: string,
  overagePolicy: string | undefined,
): Notice | null {
  const incurred = after.debt - before.debt;
  if (incurred <= 0n) return null;
  return {
    type: 'budget.debt_incurred',
    scope: after.scope,
    data: {
      scope: after.scope,
      unit: after.unit,
      reservation_id: chargeId,
      debt_incurred: incurred,
      total_debt: after.debt,
      overdraft_limit: after.overdraftLimit,
      overage_policy: overagePolicy,
    },
  };
}
