/** What events are made of: the shapes that several of them share, and who and what caused them. */

import type { Unit } from './amount.js';
import type { KeyId, OperatorId, ScopePath } from './ids.js';
import type { Level } from './subject.js';

export type OveragePolicy = 'REJECT' | 'ALLOW_IF_AVAILABLE' | 'ALLOW_WITH_OVERDRAFT';
export type Decision = 'ALLOW' | 'ALLOW_WITH_CAPS' | 'DENY';
export type FundingOperation = 'CREDIT' | 'DEBIT' | 'RESET' | 'REPAY_DEBT' | 'RESET_SPENT';
export type RolloverPolicy = 'NONE' | 'CARRY_FORWARD' | 'CAP_AT_ALLOCATED';
/** The length of a budget's period, a UTC calendar bucket; weeks begin on Monday. */
export type Period = 'daily' | 'weekly' | 'monthly';
/** Whether decisions bind, or are only recorded (cycles-protocol-extensions, ObserveModeEnum). DISABLED is ENFORCE. */
export type ObserveMode = 'DISABLED' | 'OBSERVE' | 'ENFORCE';
export type JsonObject = Readonly<Record<string, unknown>>;

/** What quotas may be narrowed by, as the client sent it (cycles-action-kinds, ActionPolicyKeys). */
export interface PolicyKeys {
  readonly host?: string;
  readonly recipient_domain?: string;
  readonly resource_type?: string;
  readonly path_prefix?: string;
  readonly custom?: Readonly<Record<string, string>>;
}

export interface Action {
  readonly kind: string;
  readonly name: string;
  readonly tags?: readonly string[];
  readonly policy_keys?: PolicyKeys;
}

/** Constraints of ALLOW_WITH_CAPS (cycles-protocol-v0, Caps). */
export interface Caps {
  readonly maxTokens?: number;
  readonly maxStepsRemaining?: number;
  readonly toolAllowlist?: readonly string[];
  readonly toolDenylist?: readonly string[];
  readonly cooldownMs?: number;
}

/** A budget as it stands after an event, like a line of a bank statement. */
export interface BalanceAfter {
  readonly scope: ScopePath;
  readonly unit: Unit;
  readonly allocated: bigint;
  readonly spent: bigint;
  readonly reserved: bigint;
  readonly debt: bigint;
  readonly overdraftLimit: bigint;
  /** What capped charges could not cover and no funding has made good yet. */
  readonly uncovered: bigint;
}

export interface TenantSettings {
  readonly overagePolicy: OveragePolicy;
  readonly defaultTtlMs: number;
  readonly maxTtlMs: number;
  readonly maxExtensions: number;
  readonly expiryPolicy: 'AUTO_RELEASE' | 'MANUAL_CLEANUP' | 'GRACE_ONLY';
  /** Left out until it is set: then reservations are enforced. */
  readonly observeMode?: ObserveMode;
}

export type FixedSubject = { readonly [L in Exclude<Level, 'tenant'>]?: string };

/** From `startMs` up to, not including, `endMs`, in ms since the epoch. */
export interface BudgetPeriod {
  /** `custom`: as long as it was given, in whole calendar months where it is that, again and again. */
  readonly length: Period | 'custom';
  readonly startMs: number;
  readonly endMs: number;
}

/** Who caused an event. */
export type Actor =
  | { readonly type: 'api_key'; readonly keyId: KeyId }
  | { readonly type: 'admin' }
  /** A person with a role; which tenants and commands it covers is settled before the command is sent. */
  | { readonly type: 'operator'; readonly operatorId: OperatorId }
  | { readonly type: 'system' };

/** What a request brings along that every event it causes records. */
export interface Origin {
  readonly actor: Actor;
  readonly sourceIp: string | null;
  readonly userAgent: string | null;
  readonly requestId: string | null;
  /** 32 lowercase hex digits (W3C Trace Context). */
  readonly traceId: string | null;
  readonly traceFlags: string | null;
  readonly idempotencyKey: string | null;
  /** Hex SHA-256 of the canonical request body. */
  readonly requestHash: string | null;
}

/** Of what the server does by itself, without a request. */
export const BY_ITSELF: Origin = {
  actor: { type: 'system' },
  sourceIp: null,
  userAgent: null,
  requestId: null,
  traceId: null,
  traceFlags: null,
  idempotencyKey: null,
  requestHash: null,
};
