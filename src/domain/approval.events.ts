/** Events about approvals, and the shapes of their rules: a person who is not the agent decides about one call. */

import type { Amount } from './amount.js';
import type { RiskClass, Tier } from './assessment.js';
import type { Action } from './facts.js';
import type { ApprovalId, DecisionId, KeyId, OperatorId, PolicyId, ReservationId, ScopePath } from './ids.js';
import type { Subject } from './subject.js';

/** Which calls a rule is about. Each condition that is given must hold; null and an empty list ask nothing. */
export interface ApprovalConditions {
  readonly tierMin: Tier | null;
  /** Risk points, 0 or more. */
  readonly pointsMin: number | null;
  readonly riskClasses: readonly RiskClass[];
  readonly actionKinds: readonly string[];
  /** `name` or `server:name`; `*` stands for any run of characters, compared without case. */
  readonly tools: readonly string[];
  /** Environments of the assessment's effects, such as `production`. */
  readonly environments: readonly string[];
  /** Only calls for which a RISK_POINTS budget is short. */
  readonly budgetExceeded: boolean;
}

/** When the first group has not answered, a second is asked too. */
export interface Escalation {
  /** Counted from the request, in ms. */
  readonly afterMs: number;
  readonly group: string;
}

/** How a question is put and answered. */
export interface ApprovalTerms {
  readonly name: string;
  /** The approver group that is asked; null for every approver of the tenant. */
  readonly group: string | null;
  /** How many different people have to agree, 1 to 10. */
  readonly quorum: number;
  /** How long after it is complete the approval can be used, in ms; null: until it is used. */
  readonly useWithinMs: number | null;
  /** Whether each answer must be signed with a passkey. */
  readonly passkey: boolean;
  /** Whether a link sent to an approver stands for the person; never for tier 4. */
  readonly links: boolean;
  readonly escalation: Escalation | null;
}

/** A rule of a policy, or the one that the gate has where no policy has any. */
export interface ApprovalRule extends ApprovalTerms {
  readonly when: ApprovalConditions;
  /** The risk points that an approval may add at each budget that is short; 0: none. */
  readonly missingPointsMax: number;
  /** How long people have to answer, in ms; null: for ever. */
  readonly answerWithinMs: number | null;
}

/** Points that a budget lacks for a call: what an approval of it adds there at most. */
export interface Shortfall {
  readonly scope: ScopePath;
  readonly amount: bigint;
}

/** Through which door an answer came. */
export type ApprovalChannel = 'api' | 'page' | 'link' | 'slack' | 'webhook';

/** A person's assertion with a passkey, kept so that it can be checked later (Web Authentication, level 2). */
export interface PasskeyEvidence {
  readonly credentialId: string;
  /** COSE public key, base64url. */
  readonly publicKey: string;
  /** What was signed: base64url of SHA-256(action hash, approval id, nonce). */
  readonly challenge: string;
  /** Begins with the answer that was signed: `approve.` or `reject.`. */
  readonly nonce: string;
  readonly clientDataJson: string;
  readonly authenticatorData: string;
  readonly signature: string;
}

export interface ApprovalRequested {
  readonly type: 'ApprovalRequested';
  readonly data: {
    readonly approvalId: ApprovalId;
    /** The `Decided` of the same append that proposes the call. */
    readonly decisionId: DecisionId;
    /** SHA-256 of exactly this call, hex. */
    readonly actionHash: string;
    /** The scope that stands for the session: pending questions are counted in it. */
    readonly sessionScope: ScopePath;
    readonly scopePath: ScopePath;
    readonly subject: Subject;
    readonly action: Action;
    readonly asked: Amount;
    /** The money that a tool call would hold with its points, as people are told; left out where it is none. */
    readonly money?: Amount;
    /** Null for a plain reservation, which is not assessed. */
    readonly tier: Tier | null;
    readonly terms: ApprovalTerms;
    /** The policy whose rule asks; null where the gate itself does. */
    readonly policyId: PolicyId | null;
    /** The key that asked; null where an operator did. */
    readonly keyId: KeyId | null;
    /** The person who owns that key and so cannot approve the call. */
    readonly ownerOperatorId: string | null;
    readonly shortfalls: readonly Shortfall[];
    /** When the question lapses, ms since the epoch; null: never. */
    readonly answerByMs: number | null;
    readonly escalateAtMs: number | null;
  };
}

/** The second group is asked too, because the first has not answered. */
export interface ApprovalEscalated {
  readonly type: 'ApprovalEscalated';
  readonly data: { readonly approvalId: ApprovalId; readonly group: string };
}

/** One person agreed. With the last one who is needed the call may run, once. */
export interface ApprovalGranted {
  readonly type: 'ApprovalGranted';
  readonly data: {
    readonly approvalId: ApprovalId;
    readonly operatorId: OperatorId;
    readonly channel: ApprovalChannel;
    readonly note: string | null;
    readonly passkey: PasskeyEvidence | null;
    /** How many people have agreed, this one included, and how many are needed. */
    readonly votes: number;
    readonly quorum: number;
    /** Until when it can be used, ms since the epoch; null: no limit, or people are still missing. */
    readonly usableUntilMs: number | null;
  };
}

/** One person said no, which is enough: the call stays rejected for its session. */
export interface ApprovalRejected {
  readonly type: 'ApprovalRejected';
  readonly data: {
    readonly approvalId: ApprovalId;
    readonly operatorId: OperatorId;
    readonly channel: ApprovalChannel;
    readonly reason: string | null;
    readonly passkey: PasskeyEvidence | null;
  };
}

/** Nobody answered in time, or nobody used the answer in time. Neither is a no. */
export interface ApprovalExpired {
  readonly type: 'ApprovalExpired';
  readonly data: { readonly approvalId: ApprovalId; readonly was: 'PENDING' | 'APPROVED' };
}

export interface ApprovalCancelled {
  readonly type: 'ApprovalCancelled';
  readonly data: { readonly approvalId: ApprovalId; readonly reason: string | null };
}

/** The call was submitted again and ran on the approval, which is used up. */
export interface ApprovalConsumed {
  readonly type: 'ApprovalConsumed';
  readonly data: {
    readonly approvalId: ApprovalId;
    /** The `Decided` or `Reserved` of the same append that it allowed. */
    readonly allowed: DecisionId | ReservationId;
  };
}

export type ApprovalEvent =
  | ApprovalRequested
  | ApprovalEscalated
  | ApprovalGranted
  | ApprovalRejected
  | ApprovalExpired
  | ApprovalCancelled
  | ApprovalConsumed;
