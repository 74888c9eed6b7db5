/** The folded state as text and back, for snapshots. A line of JSON for each entry, so that it can be read in slices. */

import type { LayeredMap } from './layered-map.js';
import type { CustomKind } from './policy.events.js';
import { type Policy, PolicyBook } from './policy-book.js';
import { listsOf, type RegistryLists, registryOf } from './registry.js';
import { initialState, type TenantState } from './state.js';

const MAPS = [
  'keys',
  'budgets',
  'retired',
  'templates',
  'reservations',
  'adjustments',
  'toolCalls',
  'freeCalls',
  'counters',
  'approvals',
  'approvalsByCall',
  'rejectedCalls',
] as const satisfies readonly (keyof TenantState)[];
type MapName = (typeof MAPS)[number];

/** Entries restored between two pauses that a reader may take. */
const ENTRIES_PER_STEP = 32;
const NEWLINE = 10;

/** The amounts of a type, which are digits in the text. One that is not named below does not compile. */
type AmountsOf<T> = T extends bigint
  ? 'amount'
  : T extends string | true
    ? Readonly<Record<string, never>>
    : T extends readonly (infer Element)[]
      ? { readonly each: AmountsOf<Element> }
      : {
          readonly [Field in keyof T as HoldsAmount<NonNullable<T[Field]>> extends true
            ? Field
            : never]-?: AmountsOf<NonNullable<T[Field]>>;
        };
type HoldsAmount<T> = T extends bigint
  ? true
  : T extends readonly (infer Element)[]
    ? HoldsAmount<Element>
    : T extends object
      ? string extends keyof T
        ? false
        : true extends { [Field in keyof T]-?: HoldsAmount<NonNullable<T[Field]>> }[keyof T]
          ? true
          : false
      : false;
type ValueOf<Name extends MapName> =
  TenantState[Name] extends LayeredMap<infer _Key, infer Value> ? Value : never;

interface Amounts {
  readonly [field: string]: 'amount' | Amounts;
}

const AMOUNTS: { readonly [Name in MapName]: AmountsOf<ValueOf<Name>> } = {
  keys: {},
  budgets: {
    allocated: 'amount',
    spent: 'amount',
    reserved: 'amount',
    debt: 'amount',
    overdraftLimit: 'amount',
    uncovered: 'amount',
    carried: 'amount',
  },
  retired: {},
  templates: { allocated: 'amount', overdraftLimit: 'amount' },
  reservations: { held: { amount: 'amount' } },
  adjustments: { total: 'amount' },
  toolCalls: {},
  freeCalls: {},
  counters: {},
  approvals: { money: { amount: 'amount' }, shortfalls: { each: { amount: 'amount' } } },
  approvalsByCall: {},
  rejectedCalls: {},
};

interface Head {
  readonly tenant: TenantState['tenant'];
  readonly freeCallCount: number;
  readonly policies: readonly Policy[];
  readonly kinds: readonly CustomKind[];
  readonly registry: RegistryLists;
  readonly closedUntilMs: number;
  /** Entries that follow, so that a text that was cut off is not taken for a smaller state. */
  readonly entries: number;
}
type Entry = readonly [map: MapName, key: unknown, value: unknown];

/** Lines of JSON: what is not in a map, then each entry as [map, key, value]. Amounts are strings of digits. */
export function serializeState(state: TenantState): string {
  const lines: string[] = [];
  for (const name of MAPS) {
    for (const [key, value] of state[name].entries()) {
      lines.push(JSON.stringify([name, key, value], (_field, part: unknown) => digits(part)));
    }
  }
  const { tenant, freeCallCount, closedUntilMs } = state;
  const policies = [...state.policies.values()];
  const kinds = [...state.kinds.values()];
  const registry = listsOf(state.registry);
  const head: Head = {
    tenant,
    freeCallCount,
    policies,
    kinds,
    registry,
    closedUntilMs,
    entries: lines.length,
  };
  return [JSON.stringify(head), ...lines].join('\n');
}

const digits = (part: unknown): unknown => (typeof part === 'bigint' ? String(part) : part);

/**
 * The state that a text stands for.
 * @throws Error when the text is not what `serializeState` makes
 */
export function deserializeState(text: string): TenantState {
  const restoring = restoreState(new TextEncoder().encode(text));
  for (;;) {
    const step = restoring.next();
    if (step.done) return step.value;
  }
}

/**
 * Restores a state step by step: 100,000 entries take most of a second, and whoever restores them may let
 * others run between two steps.
 * @param text the UTF-8 of what `serializeState` made
 * @throws Error when it is something else
 */
export function* restoreState(text: Uint8Array): Generator<undefined, TenantState> {
  const lines = linesOf(text);
  const head = JSON.parse(lines.next().value ?? '') as Head;
  const state = initialState();
  state.tenant = head.tenant;
  state.freeCallCount = head.freeCallCount;
  state.policies = PolicyBook.of(head.policies);
  state.kinds = new Map(head.kinds.map((declared) => [declared.kind, declared]));
  state.registry = registryOf(head.registry);
  state.closedUntilMs = head.closedUntilMs;
  let count = 0;
  for (const line of lines) {
    const [name, key, value] = JSON.parse(line) as Entry;
    restoreAmounts(value, AMOUNTS[name]);
    (state[name] as LayeredMap<unknown, unknown>).set(key, value);
    count += 1;
    if (count % ENTRIES_PER_STEP === 0) yield;
  }
  if (count !== head.entries) throw new Error(`a state of ${head.entries} entries has ${count}`);
  return state;
}

function* linesOf(text: Uint8Array): Generator<string, undefined> {
  const decoder = new TextDecoder();
  for (let from = 0; from < text.length; ) {
    const newline = text.indexOf(NEWLINE, from);
    const to = newline < 0 ? text.length : newline;
    yield decoder.decode(text.subarray(from, to));
    from = to + 1;
  }
  return undefined;
}

/** Turns digits into bigints again, in place; a part that was left out stays so. */
function restoreAmounts(value: unknown, amounts: Amounts): void {
  if (Array.isArray(value)) {
    for (const element of value) restoreAmounts(element, amounts['each'] as Amounts);
    return;
  }
  const object = value as Record<string, unknown>;
  for (const field in amounts) {
    const inner = amounts[field];
    if (inner === 'amount') object[field] = BigInt(object[field] as string);
    else if (inner !== undefined && object[field] !== undefined) restoreAmounts(object[field], inner);
  }
}
