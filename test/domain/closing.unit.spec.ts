/** Closing the books of a period. */

import { closePeriod } from '../../src/domain/closing.decider.js';
import type { ClosePeriod } from '../../src/domain/commands.js';
import { NO_PRIOR } from '../../src/domain/commands.js';
import { evolve } from '../../src/domain/evolve.js';
import type { PeriodId, TenantId } from '../../src/domain/ids.js';
import { forkState, initialState, mergeState, type TenantState } from '../../src/domain/state.js';
import { deserializeState, serializeState } from '../../src/domain/state-codec.js';
import { ORIGIN } from '../projections/ledger.js';

const DAY_MS = 86_400_000;
const NOW_MS = 100 * DAY_MS;

const closing = (fromMs: number, untilMs: number): ClosePeriod => ({
  type: 'ClosePeriod',
  periodId: `per_${fromMs}` as PeriodId,
  fromMs,
  untilMs,
  upTo: { revision: 7, hash: 'ab'.repeat(32) },
  totals: [{ unit: 'USD_MICROCENTS', charges: 2, charged: 12n, adjusted: -3n }],
});

/** What is decided, and if it is accepted the state after it. */
function decided(state: TenantState, command: ClosePeriod, nowMs = NOW_MS): string {
  const ruling = closePeriod({ command, origin: ORIGIN, nowMs, prior: NO_PRIOR }, state);
  if (ruling.kind === 'refused') return `refused ${ruling.refusal.code}`;
  if (ruling.kind !== 'accepted') return ruling.kind;
  for (const event of ruling.events) evolve(state, event, nowMs);
  return ruling.events.map(({ type }) => type).join();
}

describe('a period', () => {
  it('is closed once it has been over for a minute, and not before', () => {
    const state = initialState();
    expect(decided(state, closing(0, NOW_MS - 59_999))).toBe('refused period_open');
    expect(decided(state, closing(0, NOW_MS - 60_000))).toBe('PeriodClosed');
  });

  it('does not reach into what is closed already, and may leave a gap', () => {
    const state = initialState();
    expect(decided(state, closing(10 * DAY_MS, 20 * DAY_MS))).toBe('PeriodClosed');
    expect(decided(state, closing(10 * DAY_MS, 20 * DAY_MS))).toBe('refused period_closed');
    expect(decided(state, closing(19 * DAY_MS, 30 * DAY_MS))).toBe('refused period_closed');
    expect(decided(state, closing(0, 10 * DAY_MS))).toBe('refused period_closed');
    expect(decided(state, closing(25 * DAY_MS, 30 * DAY_MS))).toBe('PeriodClosed');
    expect(decided(state, closing(30 * DAY_MS, 31 * DAY_MS))).toBe('PeriodClosed');
  });

  it('has to begin before it ends', () => {
    expect(decided(initialState(), closing(DAY_MS, DAY_MS))).toBe('refused request_invalid');
  });

  it('stays closed in overlays and snapshots of the state', () => {
    const state = initialState();
    state.tenant = { tenantId: 'acme' as TenantId } as TenantState['tenant'];
    const overlay = forkState(state);
    decided(overlay, closing(0, 20 * DAY_MS));
    expect(state.closedUntilMs).toBe(0);
    mergeState(overlay, state);
    expect(decided(forkState(state), closing(0, 20 * DAY_MS))).toBe('refused period_closed');
    expect(deserializeState(serializeState(state)).closedUntilMs).toBe(20 * DAY_MS);
  });

  it('contradicts a stream that closes it twice', () => {
    const state = initialState();
    const { type: _type, ...data } = closing(0, DAY_MS);
    evolve(state, { type: 'PeriodClosed', data }, NOW_MS);
    expect(() => evolve(state, { type: 'PeriodClosed', data }, NOW_MS)).toThrow('overlap');
  });
});
