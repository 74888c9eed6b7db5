/** Events that lengthen a hold, charge without one, and put charges and balances right. */

import type { Unit } from './amount.js';
import type { Action, BalanceAfter, JsonObject, OveragePolicy } from './facts.js';
import type { DebitId, PeriodId, ReservationId, ScopePath } from './ids.js';
import type { Subject } from './subject.js';

/** A hold that lasts longer; nothing else about it changes. */
export interface Extended {
  readonly type: 'Extended';
  readonly data: {
    readonly reservationId: ReservationId;
    readonly extendByMs: number;
    readonly previousExpiresAtMs: number;
    readonly expiresAtMs: number;
    readonly gracePeriodMs: number;
    /** The how manieth extension of the reservation this is, from 1. */
    readonly extension: number;
    readonly metadata: JsonObject | null;
  };
}

/** A charge for something that was never reserved. */
export interface Debited {
  readonly type: 'Debited';
  readonly data: {
    readonly debitId: DebitId;
    readonly subject: Subject;
    readonly action: Action;
    readonly unit: Unit;
    readonly actual: bigint;
    /** Less than the actual amount where the policy caps what cannot be covered. */
    readonly charged: bigint;
    readonly scopePath: ScopePath;
    readonly affectedScopes: readonly ScopePath[];
    /** The scopes that had a budget in this unit and bear the charge. */
    readonly chargedScopes: readonly ScopePath[];
    readonly overagePolicy: OveragePolicy;
    readonly metrics: JsonObject | null;
    /** When the client says that it happened, in ms since the epoch; nothing is decided by it. */
    readonly clientTimeMs: number | null;
    readonly metadata: JsonObject | null;
    readonly balances: readonly BalanceAfter[];
  };
}

/** The charge that an adjustment corrects: of a committed reservation, or one without a reservation. */
export type ChargeId = ReservationId | DebitId;

/** A later correction of a charge. */
export interface Adjusted {
  readonly type: 'Adjusted';
  readonly data: {
    readonly chargeId: ChargeId;
    readonly unit: Unit;
    /** Added to the charge; negative gives a part of it back. */
    readonly delta: bigint;
    /** What is charged for it altogether from then on. */
    readonly charged: bigint;
    readonly reason: string;
    readonly metadata: JsonObject;
    /** Of each charged scope that still has a budget. */
    readonly balances: readonly BalanceAfter[];
  };
}

/** An operator's repair of a budget: its amounts as stated, and why. What is held stays held. */
export interface Corrected {
  readonly type: 'Corrected';
  readonly data: {
    readonly scope: ScopePath;
    readonly unit: Unit;
    readonly reason: string;
    readonly before: BalanceAfter;
    readonly balances: readonly BalanceAfter[];
  };
}

/** What was charged in one unit in a period, as its events say. */
export interface PeriodTotal {
  readonly unit: Unit;
  /** Commits, and charges without a reservation. */
  readonly charges: number;
  /** With the corrections that were made in the period. */
  readonly charged: bigint;
  readonly adjusted: bigint;
}

/** The books of a period are closed: what is put right from then on belongs to a later one. */
export interface PeriodClosed {
  readonly type: 'PeriodClosed';
  readonly data: {
    readonly periodId: PeriodId;
    /** From this moment on, up to, not including, the other; ms since the epoch. */
    readonly fromMs: number;
    readonly untilMs: number;
    /** The last event before the period's end; its hash covers everything that the totals are made of. */
    readonly upTo: { readonly revision: number; readonly hash: string };
    /** Of each unit in which anything was charged. */
    readonly totals: readonly PeriodTotal[];
  };
}
