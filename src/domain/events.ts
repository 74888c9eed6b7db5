/** The ledger events: every fact a tenant's stream can hold. Stored names are literals and never change. */

import type { Adjusted, Corrected, Debited, Extended } from './accounting.events.js';
import type { Amount, Unit } from './amount.js';
import type { Assessment } from './assessment.js';
import type {
  Action,
  BalanceAfter,
  BudgetPeriod,
  Caps,
  Decision,
  FixedSubject,
  FundingOperation,
  JsonObject,
  Origin,
  OveragePolicy,
  Period,
  RolloverPolicy,
  TenantSettings,
} from './facts.js';
import type { DecisionId, KeyId, ReservationId, ScopePath, TemplateId, TenantId } from './ids.js';
import type { Subject } from './subject.js';
import type { SystemEvent } from './system/system.events.js';

export type * from './accounting.events.js';
export type * from './facts.js';

export interface TenantOpened {
  readonly type: 'TenantOpened';
  readonly data: {
    readonly tenantId: TenantId;
    readonly name: string;
    readonly parentTenantId: string | null;
    readonly settings: TenantSettings;
    readonly metadata: Readonly<Record<string, string>>;
  };
}
/** What may be changed in a tenant, each part as it is from then on; what is left out stays. */
export interface TenantChanges {
  readonly name?: string;
  readonly settings?: Partial<TenantSettings>;
  readonly metadata?: Readonly<Record<string, string>>;
}
export interface TenantUpdated {
  readonly type: 'TenantUpdated';
  readonly data: TenantChanges;
}
export interface TenantSuspended {
  readonly type: 'TenantSuspended';
  readonly data: { readonly reason: string | null };
}
export interface TenantReactivated {
  readonly type: 'TenantReactivated';
  readonly data: { readonly reason: string | null };
}
/** One event closes the tenant; its fold releases holds, closes budgets and revokes keys. */
export interface TenantClosed {
  readonly type: 'TenantClosed';
  readonly data: { readonly reason: string | null };
}

export interface ApiKeyIssued {
  readonly type: 'ApiKeyIssued';
  readonly data: {
    readonly keyId: KeyId;
    /** Hex keyed hash (HMAC-SHA256) of the secret; the secret itself is shown once and never stored. */
    readonly secretHash: string;
    readonly prefix: string;
    readonly name: string;
    readonly description: string | null;
    readonly permissions: readonly string[];
    readonly scopeFilter: readonly string[];
    readonly fixedSubject: FixedSubject;
    /** A trusted key's `failed` refunds risk points. */
    readonly trusted: boolean;
    readonly ownerOperatorId: string | null;
    readonly expiresAtMs: number;
    readonly metadata: JsonObject;
  };
}
/** What may be changed in a key, each part as it is from then on; what is left out stays. */
export interface ApiKeyChanges {
  readonly name?: string;
  readonly description?: string | null;
  readonly permissions?: readonly string[];
  readonly scopeFilter?: readonly string[];
  readonly fixedSubject?: FixedSubject;
  readonly trusted?: boolean;
  readonly ownerOperatorId?: string | null;
  readonly expiresAtMs?: number;
  readonly metadata?: JsonObject;
}
export interface ApiKeyUpdated {
  readonly type: 'ApiKeyUpdated';
  readonly data: { readonly keyId: KeyId; readonly changes: ApiKeyChanges };
}
export interface ApiKeyRevoked {
  readonly type: 'ApiKeyRevoked';
  readonly data: { readonly keyId: KeyId; readonly reason: string | null };
}

export interface BudgetCreated {
  readonly type: 'BudgetCreated';
  readonly data: {
    readonly ledgerId: string;
    readonly scope: ScopePath;
    readonly unit: Unit;
    readonly allocated: bigint;
    readonly overdraftLimit: bigint;
    readonly overagePolicy: OveragePolicy | null;
    readonly rolloverPolicy: RolloverPolicy;
    readonly period: BudgetPeriod | null;
    /** The template that opened it, when none was created by hand. */
    readonly template: TemplateId | null;
    readonly metadata: JsonObject;
    readonly balances: readonly BalanceAfter[];
  };
}
/** What may be changed in a budget beside its amounts; what is left out stays. */
export interface BudgetChanges {
  readonly overagePolicy?: OveragePolicy | null;
  readonly rolloverPolicy?: RolloverPolicy;
  readonly period?: BudgetPeriod | null;
  readonly metadata?: JsonObject;
}
export interface BudgetUpdated {
  readonly type: 'BudgetUpdated';
  readonly data: {
    readonly scope: ScopePath;
    readonly unit: Unit;
    readonly changes: BudgetChanges;
    /** The balance with the overdraft limit as it is from then on; nothing else in it moves. */
    readonly balances: readonly BalanceAfter[];
  };
}
export interface BudgetFunded {
  readonly type: 'BudgetFunded';
  readonly data: {
    readonly scope: ScopePath;
    readonly unit: Unit;
    readonly operation: FundingOperation;
    readonly amount: bigint;
    /** For RESET_SPENT: the value that spent was set to. */
    readonly spent: bigint | null;
    /** The part that repaid debt. */
    readonly repaid: bigint;
    readonly reason: string | null;
    readonly metadata: JsonObject;
    readonly before: BalanceAfter;
    readonly balances: readonly BalanceAfter[];
  };
}
export interface BudgetFrozen {
  readonly type: 'BudgetFrozen';
  readonly data: { readonly scope: ScopePath; readonly unit: Unit; readonly reason: string | null };
}
export interface BudgetUnfrozen {
  readonly type: 'BudgetUnfrozen';
  readonly data: { readonly scope: ScopePath; readonly unit: Unit; readonly reason: string | null };
}
export interface BudgetClosed {
  readonly type: 'BudgetClosed';
  readonly data: { readonly scope: ScopePath; readonly unit: Unit; readonly reason: 'idle' };
}
export interface BudgetRolledOver {
  readonly type: 'BudgetRolledOver';
  readonly data: {
    readonly scope: ScopePath;
    readonly unit: Unit;
    readonly period: BudgetPeriod;
    readonly spentBefore: bigint;
    readonly balances: readonly BalanceAfter[];
  };
}
export interface BudgetTemplateDefined {
  readonly type: 'BudgetTemplateDefined';
  readonly data: {
    readonly templateId: TemplateId;
    readonly scopePattern: string;
    readonly unit: Unit;
    readonly allocated: bigint;
    readonly overdraftLimit: bigint;
    readonly rolloverPolicy: RolloverPolicy;
    readonly period: Period | null;
    /** True for the standing daily budget that comes with the first session template. */
    readonly shipped: boolean;
  };
}
export interface BudgetTemplateRetired {
  readonly type: 'BudgetTemplateRetired';
  readonly data: { readonly templateId: TemplateId };
}

/** What the operation was, in the words of the idempotency scope and the audit record. */
export type Operation =
  | 'decide'
  | 'reserve'
  | 'dry_run'
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

/** A preflight, a refusal of a mutating request, a dry run, or a gate proposal. */
export interface Decided {
  readonly type: 'Decided';
  readonly data: {
    readonly decisionId: DecisionId;
    readonly operation: Operation;
    readonly decision: Decision;
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

export type LedgerEvent =
  | TenantOpened
  | TenantUpdated
  | TenantSuspended
  | TenantReactivated
  | TenantClosed
  | ApiKeyIssued
  | ApiKeyUpdated
  | ApiKeyRevoked
  | BudgetCreated
  | BudgetUpdated
  | BudgetFunded
  | BudgetFrozen
  | BudgetUnfrozen
  | BudgetClosed
  | BudgetRolledOver
  | BudgetTemplateDefined
  | BudgetTemplateRetired
  | Decided
  | Reserved
  | Extended
  | Committed
  | Released
  | Debited
  | Adjusted
  | Corrected
  | OutcomeRecorded
  | SystemEvent;

export type EventType = LedgerEvent['type'];

export interface EventMetadata extends Origin {
  /** Version of the payload's shape; upcasters in the codec lift older ones. */
  readonly schema: number;
  /** Server time, ISO 8601 UTC with milliseconds. */
  readonly occurredAt: string;
  readonly causationId: string | null;
  /** Hash of the event before it in the stream; 64 zeros before the first. */
  readonly previousHash: string;
  readonly hash: string;
}

/** An event as it stands in a stream. */
export type RecordedEvent<E extends LedgerEvent = LedgerEvent> = E & {
  readonly id: string;
  readonly stream: string;
  /** Place in the stream, from 0. */
  readonly revision: number;
  /** Place in the whole store, growing, not contiguous. */
  readonly position: number;
  readonly metadata: EventMetadata;
};

export const SCHEMA_VERSION = 1;
export const streamOf = (tenantId: TenantId): string => `tenant-${tenantId}`;
