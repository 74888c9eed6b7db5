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

/** Begins a bigint's text. A string that begins with it gets a second one, so that it cannot pass for a number. */
const MARK = '#';

export function serializeState(state: TenantState): string {
  const plain: Record<string, unknown> = { tenant: state.tenant, freeCallCount: state.freeCallCount };
  for (const name of MAPS) plain[name] = [...state[name].entries()];
  return JSON.stringify(plain, (_key, value: unknown) => marked(value));
}

function marked(value: unknown): unknown {
  if (typeof value === 'bigint') return `${MARK}${value}`;
  return typeof value === 'string' && value.startsWith(MARK) ? `${MARK}${value}` : value;
}

export function deserializeState(text: string): TenantState {
  const plain = JSON.parse(text, (_key, value: unknown) => unmarked(value)) as Record<string, unknown>;
  const state = initialState();
  state.tenant = plain['tenant'] as TenantState['tenant'];
  state.freeCallCount = plain['freeCallCount'] as number;
  for (const name of MAPS) {
    const map = state[name] as LayeredMap<unknown, unknown>;
    for (const [key, value] of plain[name] as [unknown, unknown][]) map.set(key, value);
  }
  return state;
}

function unmarked(value: unknown): unknown {
  if (typeof value !== 'string' || !value.startsWith(MARK)) return value;
  const rest = value.slice(MARK.length);
  return rest.startsWith(MARK) ? rest : BigInt(rest);
}
