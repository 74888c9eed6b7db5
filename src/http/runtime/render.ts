/** Answers of the runtime, rendered from events alone, so that a replay says the same as the first time. */

import { assert } from '../../domain/assertions.js';
import type {
  BalanceAfter,
  Committed,
  Debited,
  Decided,
  Decision,
  Extended,
  RecordedEvent,
  Released,
  Reserved,
} from '../../domain/events.js';
import { isOverLimit, remainingOf } from '../../domain/state.js';
import type { ReservationView } from '../../projections/reservations/reservations.queries.js';
import type { Settled } from '../reply.js';
import { type BalanceDto, capsOf } from './common.dto.js';
import type { DecisionAnswerDto } from './decide.dto.js';
import { denyDetailOf } from './deny-detail.dto.js';
import type { EventAnswerDto } from './event.dto.js';
import type { ExtendAnswerDto } from './extend.dto.js';
import type {
  CommitAnswerDto,
  ReleaseAnswerDto,
  ReservationAnswerDto,
  ReservationDetailDto,
} from './reservation.dto.js';

const eventsOf = (settled: Settled): readonly RecordedEvent[] =>
  settled.kind === 'replayed' ? [settled.event] : settled.events;

function find<T extends RecordedEvent['type']>(
  settled: Settled,
  type: T,
): Extract<RecordedEvent, { type: T }> | undefined {
  const found = eventsOf(settled).find((candidate) => candidate.type === type);
  return found as Extract<RecordedEvent, { type: T }> | undefined;
}

/** The one event of a type in an answer. */
function eventOf<T extends RecordedEvent['type']>(
  settled: Settled,
  type: T,
): Extract<RecordedEvent, { type: T }> {
  const event = find(settled, type);
  if (event === undefined) throw new Error(`an answer without its ${type}`);
  return event;
}

export function decisionAnswer(settled: Settled): DecisionAnswerDto {
  const { data } = eventOf(settled, 'Decided');
  return { decision: decisionOf(data), ...reasonOf(data), affected_scopes: data.affectedScopes };
}

/** The protocol's own endpoints leave nothing pending: there a question to people is a refusal. */
function decisionOf({ decision }: Decided['data']): Decision {
  assert(decision !== 'PENDING', 'only the gate waits for people');
  return decision;
}

/** Why not, or under which caps. */
const reasonOf = ({ reasonCode, deny, caps }: Decided['data']) => ({
  ...(reasonCode !== null && { reason_code: reasonCode, deny_detail: denyDetailOf(reasonCode, deny) }),
  ...(caps !== null && { caps: capsOf(caps) }),
});

/** A dry run or an observation: what a live reserve would have answered, without an id or an expiry. */
export function dryRunAnswer(settled: Settled): ReservationAnswerDto {
  const { data } = eventOf(settled, 'Decided');
  const { scopePath, affectedScopes, balances }: Decided['data'] = data;
  return {
    decision: decisionOf(data),
    ...reasonOf(data),
    ...(scopePath !== null && { scope_path: scopePath }),
    affected_scopes: affectedScopes,
    ...balancesOf(balances),
  };
}

/** What was held; where decisions are only observed, what would have been decided. */
export function reservationAnswer(settled: Settled): ReservationAnswerDto {
  const event = find(settled, 'Reserved');
  if (event === undefined) return dryRunAnswer(settled);
  const reserved: Reserved['data'] = event.data;
  return {
    decision: reserved.caps === null ? 'ALLOW' : 'ALLOW_WITH_CAPS',
    ...(reserved.caps !== null && { caps: capsOf(reserved.caps) }),
    reservation_id: reserved.reservationId,
    reserved: { unit: reserved.unit, amount: reserved.amount },
    expires_at_ms: reserved.expiresAtMs,
    remaining_ttl_ms: remainingTtlMs(reserved.expiresAtMs, settled),
    scope_path: reserved.scopePath,
    affected_scopes: reserved.affectedScopes,
    ...balancesOf(reserved.balances),
  };
}

/** Of an expiry that was answered now or earlier; nothing is left of a hold that is over. */
function remainingTtlMs(expiresAtMs: number, settled: Settled): number {
  const isActive = settled.kind === 'accepted' || settled.reservationActive;
  return isActive ? Math.max(0, expiresAtMs - settled.nowMs) : 0;
}

export function commitAnswer(settled: Settled): CommitAnswerDto {
  const { unit, charged, released, balances }: Committed['data'] = eventOf(settled, 'Committed').data;
  return {
    status: 'COMMITTED',
    charged: { unit, amount: charged },
    released: { unit, amount: released },
    ...balancesOf(balances),
  };
}

export function releaseAnswer(settled: Settled): ReleaseAnswerDto {
  const { unit, released, balances }: Released['data'] = eventOf(settled, 'Released').data;
  return { status: 'RELEASED', released: { unit, amount: released }, ...balancesOf(balances) };
}

export function extendAnswer(settled: Settled): ExtendAnswerDto {
  const { expiresAtMs }: Extended['data'] = eventOf(settled, 'Extended').data;
  return {
    status: 'ACTIVE',
    expires_at_ms: expiresAtMs,
    remaining_ttl_ms: remainingTtlMs(expiresAtMs, settled),
  };
}

/** The charge is told where it is less than what was asked for. */
export function eventAnswer(settled: Settled): EventAnswerDto {
  const { debitId, unit, actual, charged, balances }: Debited['data'] = eventOf(settled, 'Debited').data;
  return {
    status: 'APPLIED',
    event_id: debitId,
    ...(charged !== actual && { charged: { unit, amount: charged } }),
    ...balancesOf(balances),
  };
}

const SAFE_MAX = BigInt(Number.MAX_SAFE_INTEGER);
const isSafe = (amount: bigint): boolean => amount <= SAFE_MAX && amount >= -SAFE_MAX;

/** Left out as a whole when a number in them is too large for a client that checks for safe integers. */
export function balancesOf(balances: readonly BalanceAfter[]): { balances?: BalanceDto[] } {
  const areSafe = balances.every((balance) =>
    [
      balance.allocated,
      balance.spent,
      balance.reserved,
      balance.debt,
      balance.overdraftLimit,
      remainingOf(balance),
    ].every(isSafe),
  );
  return areSafe ? { balances: balances.map(balanceOf) } : {};
}

/** One balance in the runtime's form; its scope is the full path twice. */
export function balanceOf(balance: BalanceAfter): BalanceDto {
  const { unit, scope } = balance;
  return {
    scope,
    scope_path: scope,
    remaining: { unit, amount: remainingOf(balance) },
    reserved: { unit, amount: balance.reserved },
    spent: { unit, amount: balance.spent },
    debt: { unit, amount: balance.debt },
    allocated: { unit, amount: balance.allocated },
    overdraft_limit: { unit, amount: balance.overdraftLimit },
    is_over_limit: isOverLimit(balance),
  };
}

export function reservationDetail(view: ReservationView): ReservationDetailDto {
  const { unit } = view;
  return {
    reservation_id: view.reservationId,
    status: view.status,
    ...(view.idempotencyKey !== null && { idempotency_key: view.idempotencyKey }),
    subject: view.subject,
    action: { ...view.action, ...(view.action.tags && { tags: [...view.action.tags] }) },
    reserved: { unit, amount: view.reserved },
    ...(view.committed !== null && { committed: { unit, amount: view.committed } }),
    created_at_ms: view.createdAtMs,
    expires_at_ms: view.expiresAtMs,
    ...(view.finalizedAtMs !== null && { finalized_at_ms: view.finalizedAtMs }),
    scope_path: view.scopePath,
    affected_scopes: view.affectedScopes,
    ...(view.metadata !== null && { metadata: view.metadata }),
    ...(view.committedMetadata !== null && { committed_metadata: view.committedMetadata }),
  } as ReservationDetailDto;
}
