/** The folded state of one tenant: everything that a decision about it needs, and nothing else. */

import type { Amount, Unit } from './amount.js';
import type {
  Action,
  ApprovalRequested,
  BalanceAfter,
  BudgetPeriod,
  Caps,
  ChargeId,
  FixedSubject,
  JsonObject,
  OveragePolicy,
  Period,
  RolloverPolicy,
  TenantSettings,
} from './events.js';
import type {
  ApprovalId,
  BudgetKey,
  CallKey,
  CounterKey,
  DecisionId,
  KeyId,
  OperatorId,
  ReservationId,
  ScopePath,
  TemplateId,
  TenantId,
} from './ids.js';
import { LayeredMap } from './layered-map.js';
import type { CounterName, CustomKind } from './policy.events.js';
import { PolicyBook } from './policy-book.js';
import { EMPTY_REGISTRY, type Registry } from './registry.js';
import type { Subject } from './subject.js';

export type TenantStatus = 'ACTIVE' | 'SUSPENDED' | 'CLOSED';
export type ReservationStatus = 'ACTIVE' | 'COMMITTED' | 'RELEASED' | 'EXPIRED';

export interface Tenant {
  readonly tenantId: TenantId;
  readonly name: string;
  readonly parentTenantId: string | null;
  readonly status: TenantStatus;
  readonly settings: TenantSettings;
  readonly metadata: Readonly<Record<string, string>>;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
  readonly suspendedAtMs: number | null;
  readonly closedAtMs: number | null;
}

export interface ApiKey {
  readonly keyId: KeyId;
  readonly secretHash: string;
  readonly prefix: string;
  readonly name: string;
  readonly description: string | null;
  readonly permissions: readonly string[];
  readonly scopeFilter: readonly string[];
  readonly fixedSubject: FixedSubject;
  readonly trusted: boolean;
  readonly ownerOperatorId: string | null;
  readonly createdAtMs: number;
  readonly expiresAtMs: number;
  readonly revokedAtMs: number | null;
  readonly revokedReason: string | null;
  readonly metadata: JsonObject;
}

export type BudgetStatus = 'ACTIVE' | 'FROZEN' | 'CLOSED';

export interface Budget extends BalanceAfter {
  readonly ledgerId: string;
  readonly status: BudgetStatus;
  readonly overagePolicy: OveragePolicy | null;
  readonly rolloverPolicy: RolloverPolicy;
  readonly period: BudgetPeriod | null;
  /** The part of allocated that came over from the period before. */
  readonly carried: bigint;
  readonly template: TemplateId | null;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
  readonly metadata: JsonObject;
}

export interface BudgetTemplate {
  readonly templateId: TemplateId;
  readonly scopePattern: string;
  readonly unit: Unit;
  readonly allocated: bigint;
  readonly overdraftLimit: bigint;
  readonly rolloverPolicy: RolloverPolicy;
  readonly period: Period | null;
  readonly shipped: boolean;
  readonly createdAtMs: number;
}

/** As much of a budget as the guards look at; without `ledgerId` it is not open yet. */
export interface BalanceLine extends BalanceAfter {
  readonly status: BudgetStatus;
  readonly ledgerId?: string;
}

/** Authority that is held. Finished reservations leave the state. */
export interface Reservation {
  readonly reservationId: ReservationId;
  readonly subject: Subject;
  readonly action: Action;
  readonly held: Amount;
  readonly scopePath: ScopePath;
  readonly affectedScopes: readonly ScopePath[];
  readonly heldScopes: readonly ScopePath[];
  readonly createdAtMs: number;
  readonly expiresAtMs: number;
  /** When the hold ends by itself: expiry plus grace, in ms since the epoch. */
  readonly dueAtMs: number;
  /** How often it has been extended. */
  readonly extensions: number;
  readonly overagePolicy: OveragePolicy;
  readonly caps: Caps | null;
  readonly toolCallId: DecisionId | null;
  /** The counters that it gives back when it is released; left out when there are none. */
  readonly runCounters?: readonly CounterKey[];
}

/** All corrections of one charge together. */
export interface Adjustment {
  readonly total: bigint;
}

/** A counter in the state. Of each calendar window only the latest is kept. */
export interface Counter extends CounterName {
  readonly used: number;
  readonly limit: number;
  readonly expiresAtMs: number;
  /** How long the counter of a run outlives its last use, in ms; null for a calendar window. */
  readonly runTtlMs: number | null;
  readonly lastUsedAtMs: number;
}

/** A tool call that was allowed and whose outcome is not known yet. */
export interface ToolCall {
  readonly toolCallId: DecisionId;
  readonly scopePath: ScopePath;
  readonly holds: readonly ReservationId[];
}

/** A question that is open, or an answer that is not used yet. */
export interface Approval
  extends Omit<ApprovalRequested['data'], 'decisionId' | 'subject' | 'action' | 'asked'> {
  readonly status: 'PENDING' | 'APPROVED';
  /** Who has agreed, in order. */
  readonly votes: readonly OperatorId[];
  readonly isEscalated: boolean;
  readonly usableUntilMs: number | null;
}

/** A call that a person said no to. */
export interface RejectedCall {
  readonly approvalId: ApprovalId;
  readonly atMs: number;
}

export interface TenantState {
  tenant: Tenant | null;
  readonly keys: LayeredMap<KeyId, ApiKey>;
  readonly budgets: LayeredMap<BudgetKey, Budget>;
  /** Scopes whose idle session budget was closed: they refuse, and no template reopens them. */
  readonly retired: LayeredMap<BudgetKey, true>;
  readonly templates: LayeredMap<TemplateId, BudgetTemplate>;
  readonly reservations: LayeredMap<ReservationId, Reservation>;
  /** What was added to charges that are over, negative where it was given back. */
  readonly adjustments: LayeredMap<ChargeId, Adjustment>;
  readonly toolCalls: LayeredMap<DecisionId, ToolCall>;
  /** The latest tool calls that hold nothing, by ring slot, so that their number stays bounded. */
  readonly freeCalls: LayeredMap<number, DecisionId>;
  freeCallCount: number;
  policies: PolicyBook;
  /** The custom action kinds, by name; replaced whole when one is declared. */
  kinds: ReadonlyMap<string, CustomKind>;
  /** Tools, rules and environments that operators registered; replaced whole when one changes. */
  registry: Registry;
  readonly counters: LayeredMap<CounterKey, Counter>;
  /** Questions to people that are open, and answers that are not used yet. */
  readonly approvals: LayeredMap<ApprovalId, Approval>;
  readonly approvalsByCall: LayeredMap<CallKey, ApprovalId>;
  readonly rejectedCalls: LayeredMap<CallKey, RejectedCall>;
  /** All before this moment is closed, in ms since the epoch; 0 while nothing is. */
  closedUntilMs: number;
  /** How many counters there were when those that are over were last forgotten. */
  countersKept: number;
}

/** Raised whenever the meaning of a serialised state changes; older snapshots are then ignored. */
export const STATE_VERSION = 8;

export const initialState = (): TenantState => ({
  tenant: null,
  keys: new LayeredMap(),
  budgets: new LayeredMap(),
  retired: new LayeredMap(),
  templates: new LayeredMap(),
  reservations: new LayeredMap(),
  adjustments: new LayeredMap(),
  toolCalls: new LayeredMap(),
  freeCalls: new LayeredMap(),
  freeCallCount: 0,
  policies: PolicyBook.EMPTY,
  kinds: new Map(),
  registry: EMPTY_REGISTRY,
  closedUntilMs: 0,
  counters: new LayeredMap(),
  approvals: new LayeredMap(),
  approvalsByCall: new LayeredMap(),
  rejectedCalls: new LayeredMap(),
  countersKept: 0,
});

/** An overlay: reads see the state below, writes stay here until `mergeState`. */
export const forkState = (below: TenantState): TenantState => ({
  tenant: below.tenant,
  keys: below.keys.fork(),
  budgets: below.budgets.fork(),
  retired: below.retired.fork(),
  templates: below.templates.fork(),
  reservations: below.reservations.fork(),
  adjustments: below.adjustments.fork(),
  toolCalls: below.toolCalls.fork(),
  freeCalls: below.freeCalls.fork(),
  freeCallCount: below.freeCallCount,
  policies: below.policies,
  kinds: below.kinds,
  registry: below.registry,
  closedUntilMs: below.closedUntilMs,
  counters: below.counters.fork(),
  approvals: below.approvals.fork(),
  approvalsByCall: below.approvalsByCall.fork(),
  rejectedCalls: below.rejectedCalls.fork(),
  countersKept: below.countersKept,
});

/** Moves an overlay's changes into the state it was forked from. */
export function mergeState(overlay: TenantState, below: TenantState): void {
  below.tenant = overlay.tenant;
  overlay.keys.merge();
  overlay.budgets.merge();
  overlay.retired.merge();
  overlay.templates.merge();
  overlay.reservations.merge();
  overlay.adjustments.merge();
  overlay.toolCalls.merge();
  overlay.freeCalls.merge();
  below.freeCallCount = overlay.freeCallCount;
  below.policies = overlay.policies;
  below.kinds = overlay.kinds;
  below.registry = overlay.registry;
  below.closedUntilMs = overlay.closedUntilMs;
  overlay.counters.merge();
  overlay.approvals.merge();
  overlay.approvalsByCall.merge();
  overlay.rejectedCalls.merge();
}

/** allocated − spent − reserved − debt; may be negative (cycles-protocol-v0, Balance). */
export const remainingOf = (b: BalanceAfter): bigint => b.allocated - b.spent - b.reserved - b.debt;

/** Over limit: debt above the overdraft limit, or a capped charge that nobody has made good. */
export const isOverLimit = (b: BalanceAfter): boolean => b.debt > b.overdraftLimit || b.uncovered > 0n;

/** The line of the bank statement for a budget. */
export const balanceOf = (b: BalanceAfter): BalanceAfter => ({
  scope: b.scope,
  unit: b.unit,
  allocated: b.allocated,
  spent: b.spent,
  reserved: b.reserved,
  debt: b.debt,
  overdraftLimit: b.overdraftLimit,
  uncovered: b.uncovered,
});
