/** Why a request was refused, for the person who has to change something (cycles-protocol-extensions, DenyDetail). */

import type { RiskClass } from './assessment.js';
import type { PolicyId, ScopePath } from './ids.js';
import type { QuotaWindow } from './policy.events.js';

export interface DenyDetail {
  readonly quotaViolation?: QuotaViolation;
  readonly blockedByScope?: ScopePath;
  readonly blockedByPolicy?: PolicyId;
  /** What makes the same request pass this check; at most 512 characters. Left out when nothing does. */
  readonly suggestedFix?: string;
  /** What remains at the blocking scope, in the unit of the request. */
  readonly budgetRemaining?: bigint;
}

/** The quota that is used up (cycles-protocol-extensions, ActionQuotaViolation). */
export interface QuotaViolation {
  /** The kind of the refused action, also when its risk class is what is limited. */
  readonly actionKind: string;
  readonly riskClass?: RiskClass;
  readonly window: QuotaWindow;
  readonly windowKey: string;
  readonly used: number;
  readonly limit: number;
  readonly scope: ScopePath;
  readonly policyId: PolicyId;
}

const FIX_LENGTH_MAX = 512;

/** A fix for each of several places as one sentence, or a general one where that would be too long. */
export function joinFixes(fixes: readonly string[], otherwise: string): string {
  const joined = `${fixes.join(' and ')}.`;
  return joined.length <= FIX_LENGTH_MAX ? joined : otherwise;
}
