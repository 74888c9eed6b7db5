/** What a request should be answered with, worked out naively from the auditor's books. */

import type { Command } from '../../src/domain/commands.js';
import type { Origin } from '../../src/domain/events.js';
import type { Books } from './books.js';
import { type Account, chargeOf, type Hold, remaining } from './charge.js';

const LEVELS = ['workspace', 'app', 'workflow', 'agent', 'toolset'] as const;
type Subject = { readonly [L in (typeof LEVELS)[number]]?: string };

/** Claims that have been answered: which request holds each. */
export type Answered = ReadonlyMap<string, { readonly hash: string | null; readonly object: string | null }>;

export function scopesOf(tenant: string, subject: Subject): string[] {
  const scopes = [`tenant:${tenant}`];
  for (const level of LEVELS) {
    const value = subject[level];
    if (value !== undefined) scopes.push(`${scopes.at(-1)}/${level}:${value.toLowerCase()}`);
  }
  return scopes;
}

/** The claim of a request, in the auditor's own words; null when it has none. */
export function claimOf(command: Command, key: string | null): string | null {
  switch (command.type) {
    case 'RecordOutcome':
      return `outcome ${command.toolCallId}`;
    case 'Decide':
      return key && `${command.operation === 'decide' ? 'decide' : 'reserve'} ${key}`;
    case 'Reserve':
      return key && `reserve ${key}`;
    case 'Commit':
      return key && `commit ${command.reservationId} ${key}`;
    case 'Release':
      return key && `release ${command.reservationId} ${key}`;
    case 'Extend':
      return key && `extend ${command.reservationId} ${key}`;
    case 'Debit':
      return key && `debit ${key}`;
    case 'AdjustCharge':
      return key && `adjust ${command.charge.chargeId} ${key}`;
    case 'FundBudget':
      return key && `fund ${command.scope} ${command.unit} ${key}`;
    case 'SubmitToolCall':
      return key && `tool_call ${command.record.sessionId} ${key}`;
    default:
      return null;
  }
}

const NEEDS: Partial<Record<Command['type'], string>> = {
  Reserve: 'reservations:create',
  Decide: 'reservations:create',
  SubmitToolCall: 'reservations:create',
  RecordOutcome: 'reservations:create',
  Commit: 'reservations:commit',
  Release: 'reservations:release',
  Extend: 'reservations:extend',
  Debit: 'reservations:create',
  CreateBudget: 'budgets:write',
  FundBudget: 'budgets:write',
};

/**
 * `ok`, `replay`, `deny:<REASON>` for an answer that says no, or the code of a refusal; null where the auditor
 * has no opinion.
 */
export function expectationOf(
  tenant: string,
  { command, origin }: { command: Command; origin: Origin },
  books: Books,
  answered: Answered,
): string | null {
  const forbidden = forbiddenFor(command, origin, books);
  if (forbidden !== null) return forbidden;
  if (books.status === 'NONE') return 'tenant_not_found';
  const unknown = unknownObject(command, books, answered, origin);
  if (unknown !== null) return unknown;
  const claim = claimOf(command, origin.idempotencyKey);
  const earlier = claim === null ? undefined : answered.get(claim);
  if (earlier !== undefined) return replayOf(command, origin, earlier, books);
  return expectFresh(tenant, command, books);
}

function forbiddenFor(command: Command, { actor }: Origin, books: Books): string | null {
  if (actor.type !== 'api_key') return null;
  const key = books.keys.get(actor.keyId);
  if (key === undefined) return 'key_unknown';
  if (key.isRevoked) return 'key_revoked';
  const needed = NEEDS[command.type];
  if (needed === undefined) return 'operator_only';
  return key.permissions.includes(needed) ? null : 'permission_missing';
}

function unknownObject(command: Command, books: Books, answered: Answered, origin: Origin): string | null {
  switch (command.type) {
    case 'Commit':
    case 'Release':
    case 'Extend':
      return books.holds.has(command.reservationId) ? null : 'reservation_not_found';
    case 'RecordOutcome':
      return books.calls.has(command.toolCallId) ? null : 'tool_call_not_found';
    case 'FundBudget':
      if (command.unit === 'RISK_POINTS' && origin.actor.type === 'api_key') return 'operator_only';
      if (books.retired.has(`${command.scope}|${command.unit}`)) return 'budget_closed';
      return books.account(command.scope, command.unit) ? null : 'budget_not_found';
    default:
      return answered === undefined ? 'unreachable' : null;
  }
}

function replayOf(
  command: Command,
  origin: Origin,
  earlier: { hash: string | null; object: string | null },
  books: Books,
): string {
  const isSame = earlier.hash === origin.requestHash;
  if (command.type === 'RecordOutcome') return isSame ? 'replay' : 'tool_call_settled';
  if (!isSame) return 'idempotency_mismatch';
  if (command.type === 'SubmitToolCall' && !books.isOpenCall(earlier.object ?? ''))
    return 'tool_call_settled';
  return 'replay';
}

function expectFresh(tenant: string, command: Command, books: Books): string | null {
  const standing = books.status === 'ACTIVE' ? null : `tenant_${books.status.toLowerCase()}`;
  switch (command.type) {
    case 'Reserve':
      return standing ?? expectHold(books, scopesOf(tenant, command.subject), command.estimate);
    case 'Decide': {
      const code = standing ?? expectHold(books, scopesOf(tenant, command.subject), command.estimate);
      return code === 'unit_mismatch' ? code : asAnswer(code);
    }
    case 'Commit':
      return books.status === 'CLOSED'
        ? standing
        : expectCommit(books, command.reservationId, command.actual);
    case 'Release':
      return books.status === 'CLOSED' ? standing : expectEnd(books, command.reservationId);
    case 'Extend':
      return books.status === 'CLOSED' ? standing : expectExtension(books, command.reservationId);
    case 'Debit':
      return standing ?? expectDebit(books, tenant, command);
    case 'SubmitToolCall':
      return standing === null ? expectCall(tenant, command, books) : asAnswer(standing);
    case 'RecordOutcome':
      return books.status === 'CLOSED' ? standing : expectOutcome(command, books);
    case 'FundBudget':
      return books.status === 'CLOSED' ? standing : expectFunding(command, books);
    default:
      return null;
  }
}

/** Whether it may be extended depends on the moment; what is entered in the books is held against that. */
function expectExtension(books: Books, id: string): string | null {
  const code = expectEnd(books, id);
  return code === 'ok' ? null : code;
}

/** A no that is an answer carries the reason of the wire. */
export const asAnswer = (code: string): string => {
  if (code === 'ok') return code;
  return `deny:${REASONS[code] ?? code.toUpperCase()}`;
};

const REASONS: Readonly<Record<string, string>> = {
  over_limit: 'OVERDRAFT_LIMIT_EXCEEDED',
  kind_denied: 'ACTION_KIND_DENIED',
  quota_exceeded: 'ACTION_QUOTA_EXCEEDED',
};

/** The guards over all scopes, each before the next: closed, frozen, over limit, debt, remaining. */
export function expectHold(
  books: Books,
  scopes: readonly string[],
  { unit, amount }: { unit: string; amount: bigint },
): string {
  const accounts = accountsOver(books, scopes, unit);
  if (typeof accounts === 'string') return accounts;
  if (accounts.some((a) => a.debt > a.limit || a.uncovered > 0n)) return 'over_limit';
  if (accounts.some((a) => a.debt > 0n)) return 'debt_outstanding';
  return accounts.some((a) => remaining(a) < amount) ? 'budget_exceeded' : 'ok';
}

/** The accounts of some scopes, with those that templates would open; or why they take nothing. */
function accountsOver(books: Books, scopes: readonly string[], unit: string): Account[] | string {
  const accounts: Account[] = [];
  let isRetired = false;
  for (const scope of scopes) {
    const account = books.account(scope, unit);
    const template = account === undefined ? books.templateFor(scope, unit) : undefined;
    if (account !== undefined) accounts.push(account);
    else if (books.retired.has(`${scope}|${unit}`)) isRetired = true;
    else if (template !== undefined) accounts.push(unopened(scope, template));
  }
  if (accounts.length === 0 && !isRetired) {
    const hasOther = [...books.accounts.values()].some((a) => scopes.includes(a.scope));
    return hasOther ? 'unit_mismatch' : 'budget_not_found';
  }
  if (isRetired || accounts.some((a) => a.status === 'CLOSED')) return 'budget_closed';
  return accounts.some((a) => a.status === 'FROZEN') ? 'budget_frozen' : accounts;
}

const unopened = (
  scope: string,
  { unit, allocated, limit }: { unit: string; allocated: bigint; limit: bigint },
): Account => ({
  scope,
  unit,
  allocated,
  limit,
  spent: 0n,
  reserved: 0n,
  debt: 0n,
  uncovered: 0n,
  carried: 0n,
  status: 'ACTIVE',
  policy: null,
  rollover: 'NONE',
  isSession: false,
  periodEndMs: null,
  periodMs: 0,
  touchedMs: 0,
});

/** A charge without a hold: neither debt nor being over limit is in its way. */
export function expectDebit(
  books: Books,
  tenant: string,
  what: { subject: Subject; actual: { unit: string; amount: bigint }; overagePolicy: string | null },
): string {
  const { actual, overagePolicy } = what;
  if (books.status !== 'ACTIVE') return `tenant_${books.status.toLowerCase()}`;
  const accounts = accountsOver(books, scopesOf(tenant, what.subject), actual.unit);
  if (typeof accounts === 'string') return accounts;
  const own = [...accounts].reverse().find((a) => a.policy !== null)?.policy;
  const policy = overagePolicy ?? own ?? books.policy;
  const charge = chargeOf(accounts, { amount: 0n, policy }, actual.amount);
  return typeof charge === 'string' ? charge : 'ok';
}

function expectEnd(books: Books, id: string): string {
  const hold = books.holds.get(id) as Hold;
  if (hold.status === 'EXPIRED') return 'reservation_expired';
  if (hold.status !== 'ACTIVE') return 'reservation_finalized';
  return hold.call === null ? 'ok' : 'gate_hold';
}

export function expectCommit(books: Books, id: string, actual: { unit: string; amount: bigint }): string {
  const ended = expectEnd(books, id);
  if (ended !== 'ok') return ended;
  const hold = books.holds.get(id) as Hold;
  if (hold.unit !== actual.unit) return 'unit_mismatch';
  const charge = books.settle(hold, actual.amount);
  return typeof charge === 'string' ? charge : 'ok';
}

function expectCall(tenant: string, command: Command & { type: 'SubmitToolCall' }, books: Books): string {
  const { assessment, subject, toolset, record, estimate } = command;
  if (subject.app === undefined) return 'request_invalid';
  if (assessment.selfProtection) return 'deny:SELF_PROTECTION';
  if (assessment.radius === 'system') return 'deny:RADIUS_REFUSED';
  const scopes = scopesOf(tenant, { ...subject, workflow: record.sessionId, toolset });
  const points = BigInt(assessment.riskPoints);
  const risk = expectAtGate(books, scopes, { unit: 'RISK_POINTS', amount: points });
  const deniesFree = ['budget_not_found', 'budget_closed', 'budget_frozen'].includes(risk);
  if (risk !== 'ok' && (points > 0n || deniesFree)) return asAnswer(risk);
  if (estimate !== null && estimate.amount > 0n) {
    const money = expectAtGate(books, scopes, estimate);
    if (money !== 'ok') return asAnswer(money);
  }
  return assessment.tier >= 4 ? 'deny:APPROVAL_UNAVAILABLE' : 'ok';
}

/** At the gate a budget in another unit only is no budget. */
function expectAtGate(
  books: Books,
  scopes: readonly string[],
  what: { unit: string; amount: bigint },
): string {
  const code = expectHold(books, scopes, what);
  return code === 'unit_mismatch' ? 'budget_not_found' : code;
}

/** The call has run: whatever it cost is charged as far as it goes, but in the unit that is held. */
function expectOutcome({ toolCallId, actual }: Command & { type: 'RecordOutcome' }, books: Books): string {
  const call = books.calls.get(toolCallId);
  if (call?.allowed === false) return 'tool_call_settled';
  const money = call?.holds
    .map((id) => books.holds.get(id))
    .find((hold) => hold?.status === 'ACTIVE' && hold.unit !== 'RISK_POINTS');
  return actual !== null && money !== undefined && money.unit !== actual.unit ? 'unit_mismatch' : 'ok';
}

function expectFunding(command: Command & { type: 'FundBudget' }, books: Books): string {
  const account = books.account(command.scope, command.unit) as Account;
  if (account.status === 'CLOSED') return 'budget_closed';
  if (account.status === 'FROZEN') return 'budget_frozen';
  return command.operation === 'DEBIT' && remaining(account) < command.amount ? 'budget_exceeded' : 'ok';
}
