/** The events of deciding, holding and settling. */

import type { Amount, Unit } from './amount.js';
import type { Assessment } from './assessment.js';
import type { DenyDetail } from './deny-detail.js';
import type { Action, BalanceAfter, Caps, Decision, JsonObject, OveragePolicy } from './facts.js';
import type { ApprovalId, DecisionId, PolicyId, ReservationId, ScopePath } from './ids.js';
import type { QuotaUse } from './policy.events.js';
import type { Subject } from './subject.js';

/** What the operation was, in the words of the idempotency scope and the audit record. */
export type Operation =
  | 'decide'
  | 'reserve'
  | 'dry_run'
  | 'observe'
  | 'commit'
  | 'release'
  | 'extend'
  | 'debit'
  | 'create_budget'
  | 'fund'
  | 'tool_call'
  | 'outcome';

/** The tool call behind a gate decision, with redacted arguments. */
export interface GateRecord {
  readonly harness: string;
  readonly sessionId: string;
  readonly tool: { readonly name: string; readonly server: string | null; readonly input: unknown };
  /** True when the recorded arguments were cut at their limit. */
  readonly inputTruncated: boolean;
  /** HMAC-SHA256 of the canonical original arguments, hex. */
  readonly inputDigest: string;
  readonly cwd: string | null;
  readonly context: Readonly<Record<string, string>>;
  readonly files: readonly { readonly path: string; readonly sha256: string; readonly bytes: number }[];
  readonly assessment: Assessment;
  /** SHA-256 of the canonical call, hex: what an approval and a signed answer bind to. */
  readonly actionHash: string;
  /** The session's RISK_POINTS budget as it stood after the decision; null when there is none. */
  readonly session: BalanceAfter | null;
  /** One per unit held in the same append. */
  readonly holds: readonly Hold[];
}
export interface Hold {
  readonly reservationId: ReservationId;
  readonly unit: Unit;
  readonly amount: bigint;
  readonly expiresAtMs: number;
}

/** The approval behind a decision. */
export interface DecidedApproval {
  readonly approvalId: ApprovalId;
  /** When the question lapses, ms since the epoch; null: never, or it was answered. */
  readonly answerByMs: number | null;
}

/** A preflight, a refusal of a mutating request, a dry run, or a gate proposal. */
export interface Decided {
  readonly type: 'Decided';
  readonly data: {
    readonly decisionId: DecisionId;
    readonly operation: Operation;
    /** PENDING only at the gate: a person is asked. */
    readonly decision: Decision | 'PENDING';
    /** False when the request was refused with a 4xx: then it does not replay. */
    readonly answered: boolean;
    readonly reasonCode: string | null;
    readonly message: string | null;
    readonly subject: Subject | null;
    readonly action: Action | null;
    readonly estimate: Amount | null;
    readonly reservationId: ReservationId | null;
    readonly scopePath: ScopePath | null;
    readonly affectedScopes: readonly ScopePath[];
    readonly caps: Caps | null;
    /** Request metadata as sent; null when there was none. */
    readonly metadata: JsonObject | null;
    readonly details: JsonObject | null;
    /** How often the same refusal was seen; above 1 only for the record that closes a flood's minute. */
    readonly repeats: number;
    readonly gate: GateRecord | null;
    /** The balances it was decided on. */
    readonly balances: readonly BalanceAfter[];
    /** Why it was refused and what would help; left out when it was not. */
    readonly deny?: DenyDetail;
    /** The policy that applied; left out when none did. */
    readonly policyId?: PolicyId;
    /** The counters that a call which holds nothing used; left out when there are none. */
    readonly quotas?: readonly QuotaUse[];
    /** The approval that it waits for or rests on, or that it was refused for; left out where there is none. */
    readonly approval?: DecidedApproval;
    /** True for a tool call that was let through whatever was decided, because its tenant only observes. */
    readonly observed?: true;
  };
}

/** Authority held before the action; itself the record of an ALLOW. */
export interface Reserved {
  readonly type: 'Reserved';
  readonly data: {
    readonly reservationId: ReservationId;
    readonly subject: Subject;
    readonly action: Action;
    readonly unit: Unit;
    readonly amount: bigint;
    readonly scopePath: ScopePath;
    readonly affectedScopes: readonly ScopePath[];
    /** The scopes that had a budget in this unit and hold the amount. */
    readonly heldScopes: readonly ScopePath[];
    readonly createdAtMs: number;
    readonly expiresAtMs: number;
    readonly gracePeriodMs: number;
    readonly overagePolicy: OveragePolicy;
    readonly caps: Caps | null;
    readonly metadata: JsonObject | null;
    /** The tool call this holds authority for; null for a plain reservation. */
    readonly toolCallId: DecisionId | null;
    readonly balances: readonly BalanceAfter[];
    /** The policy that applied; left out when none did. */
    readonly policyId?: PolicyId;
    /** The counters that were used, as they stand after it; left out when there are none. */
    readonly quotas?: readonly QuotaUse[];
  };
}

export interface Committed {
  readonly type: 'Committed';
  readonly data: {
    readonly reservationId: ReservationId;
    readonly reason: 'client' | 'outcome' | 'timeout';
    readonly unit: Unit;
    readonly actual: bigint;
    readonly charged: bigint;
    readonly released: bigint;
    readonly metrics: JsonObject | null;
    readonly metadata: JsonObject | null;
    readonly balances: readonly BalanceAfter[];
    /** The rate limit's counter; left out when there is none. */
    readonly quotas?: readonly QuotaUse[];
  };
}

export interface Released {
  readonly type: 'Released';
  readonly data: {
    readonly reservationId: ReservationId;
    readonly reason: 'client' | 'expired' | 'forced';
    readonly note: string | null;
    readonly unit: Unit;
    readonly released: bigint;
    readonly balances: readonly BalanceAfter[];
  };
}

/** What the external system answered. */
export interface OutcomeRecorded {
  readonly type: 'OutcomeRecorded';
  readonly data: {
    readonly toolCallId: DecisionId;
    readonly status: 'succeeded' | 'failed' | 'unknown';
    readonly httpStatus: number | null;
    readonly exitCode: number | null;
    readonly error: string | null;
    readonly outputSha256: string | null;
    /** True when a trusted key's word gave the points back. */
    readonly refunded: boolean;
    /** What each hold of the call was settled at, in the same append. */
    readonly settled: readonly {
      readonly reservationId: ReservationId;
      readonly unit: Unit;
      readonly charged: bigint;
      readonly released: bigint;
    }[];
  };
}
