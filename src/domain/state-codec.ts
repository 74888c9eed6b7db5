/** The folded state as text and back, for snapshots. */

import type { LayeredMap } from './layered-map.js';
import type { TenantState } from './state.js';
import { initialState } from './state.js';

const MAPS = [
  'keys',
  'budgets',
  'retired',
  'templates',
  'reservations',
  'toolCalls',
  'freeCalls',
] as const satisfies readonly (keyof TenantState)[];

/** A bigint in JSON is an object with this one member, which no user data can be: it is one of ours or text. */
const BIGINT = '$int64';

export function serializeState(state: TenantState): string {
  const plain: Record<string, unknown> = { tenant: state.tenant, freeCallCount: state.freeCallCount };
  for (const name of MAPS) plain[name] = [...state[name].entries()];
  return JSON.stringify(plain, (_key, value: unknown) =>
    typeof value === 'bigint' ? { [BIGINT]: value.toString() } : value,
  );
}

export function deserializeState(text: string): TenantState {
  const plain = JSON.parse(text, reviveBigint) as Record<string, unknown>;
  const state = initialState();
  state.tenant = plain['tenant'] as TenantState['tenant'];
  state.freeCallCount = plain['freeCallCount'] as number;
  for (const name of MAPS) {
    const map = state[name] as LayeredMap<unknown, unknown>;
    for (const [key, value] of plain[name] as [unknown, unknown][]) map.set(key, value);
  }
  return state;
}

function reviveBigint(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const digits = (value as Record<string, unknown>)[BIGINT];
  return typeof digits === 'string' && Object.keys(value).length === 1 ? BigInt(digits) : value;
}
