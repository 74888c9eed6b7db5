/** The ledger events: every fact a tenant's stream can hold. Stored names are literals and never change. */

import type { Adjusted, Corrected, Debited, Extended, PeriodClosed } from './accounting.events.js';
import type { Unit } from './amount.js';
import type { ApprovalEvent } from './approval.events.js';
import type { Committed, Decided, OutcomeRecorded, Released, Reserved } from './decision.events.js';
import type {
  Actor,
  BalanceAfter,
  BudgetPeriod,
  FixedSubject,
  FundingOperation,
  JsonObject,
  Origin,
  OveragePolicy,
  Period,
  RolloverPolicy,
  TenantSettings,
} from './facts.js';
import type { ApprovalId, KeyId, OperatorId, ScopePath, TemplateId, TenantId } from './ids.js';
import type { PolicyEvent } from './policy.events.js';
import type { RegistryEvent } from './registry.events.js';
import type { SystemEvent } from './system/system.events.js';

export type * from './accounting.events.js';
export type * from './approval.events.js';
export type * from './decision.events.js';
export type * from './facts.js';
export type * from './policy.events.js';
export type * from './registry.events.js';

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
    /** The approval that adds these points to a budget which is short; its person is the event's actor. */
    readonly grant?: { readonly approvalId: ApprovalId; readonly operatorId: OperatorId };
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
  | PeriodClosed
  | OutcomeRecorded
  | PolicyEvent
  | ApprovalEvent
  | RegistryEvent
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

/** Who caused an event: whoever sent the command, but for the points of an approval, which are its person's. */
export const actorOf = (event: LedgerEvent, sender: Actor): Actor =>
  event.type === 'BudgetFunded' && event.data.grant !== undefined
    ? { type: 'operator', operatorId: event.data.grant.operatorId }
    : sender;

export const SCHEMA_VERSION = 1;
export const streamOf = (tenantId: TenantId): string => `tenant-${tenantId}`;
