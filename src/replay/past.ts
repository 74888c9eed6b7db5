/** A tenant as it was: its state at any revision or moment, folded from its stream alone. */

import { evolve } from '../domain/evolve.js';
import type { TenantId } from '../domain/ids.js';
import { initialState, type TenantState } from '../domain/state.js';
import { atMsOf, isBeyond, type LedgerSource, type Place, readSlices } from './stream.js';

export interface PastState {
  readonly state: TenantState;
  /** The last event that the state has in it. */
  readonly revision: number;
  /** When that event occurred, in ms since the epoch. */
  readonly atMs: number;
  /** Its hash, which covers everything before it. */
  readonly hash: string;
}

/**
 * Folds a tenant's stream from its beginning up to a place, the end when there is none. What had fallen due by then
 * and was not recorded yet is as it stood. Snapshots are not used: this is what they are checked against.
 * @returns null when the tenant did not exist at that place
 * @throws AssertionError when the stream contradicts itself, and whatever the source throws
 */
export async function stateAt(
  source: LedgerSource,
  tenantId: TenantId,
  place: Place | null,
): Promise<PastState | null> {
  const state = initialState();
  let last: Omit<PastState, 'state'> | null = null;
  for await (const slice of readSlices(source, { tenantId, revision: 0 })) {
    for (const event of slice) {
      if (isBeyond(event, place)) return last && { state, ...last };
      const atMs = atMsOf(event);
      evolve(state, event, atMs);
      last = { revision: event.revision, atMs, hash: event.metadata.hash };
    }
  }
  return last && { state, ...last };
}
