/** Where the amounts of every event are, so that their digits become bigints again and nothing else does. */

import { assert } from '../../domain/assertions.js';
import type { BalanceAfter, EventType, LedgerEvent } from '../../domain/events.js';

/** An amount here, amounts deeper in an object, or in each element of a list. */
type AmountMap = typeof AMOUNT | Fields | readonly [AmountMap];
interface Fields {
  readonly [field: string]: AmountMap;
}

/**
 * The map a type must have, with every bigint in it. Adding an amount to an event without naming it below does
 * not compile.
 */
type MapOf<T> = T extends bigint
  ? typeof AMOUNT
  : T extends readonly (infer Element)[]
    ? readonly [MapOf<NonNullable<Element>>]
    : {
        readonly [Field in keyof T as HoldsAmount<T[Field]> extends true ? Field : never]-?: MapOf<
          NonNullable<T[Field]>
        >;
      };

type HoldsAmount<T> = unknown extends T ? false : true extends HoldsAmountEach<NonNullable<T>> ? true : false;
type HoldsAmountEach<T> = T extends bigint
  ? true
  : T extends string | number | boolean | symbol
    ? false
    : T extends readonly (infer Element)[]
      ? HoldsAmount<Element>
      : T extends object
        ? string extends keyof T
          ? HoldsAmount<T[keyof T]>
          : { [Field in keyof T]-?: HoldsAmount<T[Field]> }[keyof T]
        : false;

type AmountsOf = { readonly [E in LedgerEvent as E['type']]: MapOf<E['data']> };

const AMOUNT = 'amount';

const balance: MapOf<BalanceAfter> = {
  allocated: AMOUNT,
  spent: AMOUNT,
  reserved: AMOUNT,
  debt: AMOUNT,
  overdraftLimit: AMOUNT,
  uncovered: AMOUNT,
};
const balances = [balance] as const;

const AMOUNTS: AmountsOf = {
  TenantOpened: {},
  TenantUpdated: {},
  TenantSuspended: {},
  TenantReactivated: {},
  TenantClosed: {},
  ApiKeyIssued: {},
  ApiKeyUpdated: {},
  ApiKeyRevoked: {},
  BudgetCreated: { allocated: AMOUNT, overdraftLimit: AMOUNT, balances },
  BudgetUpdated: { balances },
  BudgetFunded: { amount: AMOUNT, spent: AMOUNT, repaid: AMOUNT, before: balance, balances },
  BudgetFrozen: {},
  BudgetUnfrozen: {},
  BudgetClosed: {},
  BudgetRolledOver: { spentBefore: AMOUNT, balances },
  BudgetTemplateDefined: { allocated: AMOUNT, overdraftLimit: AMOUNT },
  BudgetTemplateRetired: {},
  Decided: {
    estimate: { amount: AMOUNT },
    gate: { session: balance, holds: [{ amount: AMOUNT }] },
    balances,
    deny: { budgetRemaining: AMOUNT },
  },
  Reserved: { amount: AMOUNT, balances },
  Committed: { actual: AMOUNT, charged: AMOUNT, released: AMOUNT, balances },
  Released: { released: AMOUNT, balances },
  Extended: {},
  Debited: { actual: AMOUNT, charged: AMOUNT, balances },
  Adjusted: { delta: AMOUNT, charged: AMOUNT, balances },
  Corrected: { before: balance, balances },
  PeriodClosed: { totals: [{ charged: AMOUNT, adjusted: AMOUNT }] },
  OutcomeRecorded: { settled: [{ charged: AMOUNT, released: AMOUNT }] },
  OperatorAdded: {},
  OperatorChanged: {},
  OperatorDisabled: {},
  OperatorSignedIn: {},
  OperatorSignedOut: {},
  PasskeyRegistered: {},
  PasskeyRemoved: {},
  AccessRefused: {},
  ChannelSet: {},
  ChannelRemoved: {},
  NoticeTaken: {},
  NoticeSent: {},
  NoticeFailed: {},
  NoticeDropped: {},
  PolicyCreated: {},
  PolicyUpdated: {},
  PolicyDeleted: {},
  ActionKindDeclared: {},
  QuotaCounterReset: {},
  ToolRegistered: {},
  ToolRemoved: {},
  RiskRuleSet: {},
  RiskRuleRemoved: {},
  EnvironmentRegistered: {},
  EnvironmentRemoved: {},
  ApprovalRequested: {
    asked: { amount: AMOUNT },
    money: { amount: AMOUNT },
    shortfalls: [{ amount: AMOUNT }],
  },
  ApprovalEscalated: {},
  ApprovalGranted: {},
  ApprovalRejected: {},
  ApprovalExpired: {},
  ApprovalCancelled: {},
  ApprovalConsumed: {},
};

export const isEventType = (type: string): type is EventType => Object.hasOwn(AMOUNTS, type);

/**
 * Turns the amounts in freshly parsed data into bigints, in place.
 * @throws AssertionError when an amount is not a string of digits
 */
export function restoreAmounts(type: EventType, data: object): void {
  restoreFields(data as Record<string, unknown>, AMOUNTS[type] as Fields);
}

/** Parts that hold amounts and that an event leaves out when it has nothing to say there. */
const LEFT_OUT: ReadonlySet<string> = new Set(['deny', 'budgetRemaining', 'money']);

function restoreFields(object: Record<string, unknown>, fields: Fields): void {
  for (const field in fields) {
    const map = fields[field];
    if (map === undefined || (object[field] === undefined && LEFT_OUT.has(field))) continue;
    object[field] = restored(object[field], map);
  }
}

function restored(value: unknown, map: AmountMap): unknown {
  if (value === null) return null;
  if (map === AMOUNT) return amountOf(value);
  assert(typeof value === 'object', 'a stored event lacks a part that holds amounts');
  if (isList(map)) {
    assert(Array.isArray(value), 'a stored event lacks a list that holds amounts');
    for (let i = 0; i < value.length; i++) value[i] = restored(value[i], map[0]);
  } else {
    restoreFields(value as Record<string, unknown>, map);
  }
  return value;
}

const isList = (map: Fields | readonly [AmountMap]): map is readonly [AmountMap] => Array.isArray(map);

const DIGITS = /^-?\d+$/;

function amountOf(value: unknown): bigint {
  assert(typeof value === 'string' && DIGITS.test(value), 'a stored amount is not a string of digits');
  return BigInt(value);
}
