/** What a tenant's stream itself says was charged in a period. */

import type { Unit } from '../domain/amount.js';
import type { PeriodClosed, PeriodTotal, RecordedEvent } from '../domain/events.js';
import type { TenantId } from '../domain/ids.js';
import { atMsOf, eventAt, type LedgerSource, readSlices } from './stream.js';

export interface Settled {
  /** Of each unit in which anything was charged or put right. */
  readonly totals: readonly PeriodTotal[];
  /** The last event before the period's end; null where there was none. */
  readonly upTo: PeriodClosed['data']['upTo'] | null;
}

/**
 * Adds up Committed, Debited and Adjusted, each once, from the events of the period alone.
 * @param period from one moment up to, not including, the other; ms since the epoch
 * @throws whatever the source throws
 */
export async function settledIn(
  source: LedgerSource,
  tenantId: TenantId,
  { fromMs, untilMs }: { readonly fromMs: number; readonly untilMs: number },
): Promise<Settled> {
  const totals = new Map<Unit, PeriodTotal>();
  const revision = await firstSince(source, tenantId, fromMs);
  const before = revision === 0 ? null : await eventAt(source, tenantId, revision - 1);
  let upTo = before && placeOf(before);
  for await (const slice of readSlices(source, { tenantId, revision })) {
    for (const event of slice) {
      if (atMsOf(event) >= untilMs) return { totals: [...totals.values()], upTo };
      upTo = placeOf(event);
      add(totals, event);
    }
  }
  return { totals: [...totals.values()], upTo };
}

const placeOf = ({ revision, metadata: { hash } }: RecordedEvent) => ({ revision, hash });

function add(totals: Map<Unit, PeriodTotal>, event: RecordedEvent): void {
  if (event.type !== 'Committed' && event.type !== 'Debited' && event.type !== 'Adjusted') return;
  const { unit } = event.data;
  const sum = totals.get(unit) ?? { unit, charges: 0, charged: 0n, adjusted: 0n };
  if (event.type === 'Adjusted') {
    const { delta } = event.data;
    totals.set(unit, { ...sum, charged: sum.charged + delta, adjusted: sum.adjusted + delta });
  } else {
    totals.set(unit, { ...sum, charges: sum.charges + 1, charged: sum.charged + event.data.charged });
  }
}

/**
 * The first revision of a moment or a later one; behind the last where there is none. A tenant's time never runs
 * backwards, so that it is found by halving.
 */
async function firstSince(source: LedgerSource, tenantId: TenantId, atMs: number): Promise<number> {
  const isSince = async (revision: number): Promise<boolean> => {
    const event = await eventAt(source, tenantId, revision);
    return event === null || atMsOf(event) >= atMs;
  };
  let beyond = 1;
  while (!(await isSince(beyond))) beyond *= 2;
  let low = 0;
  while (low < beyond) {
    const middle = Math.floor((low + beyond) / 2);
    if (await isSince(middle)) beyond = middle;
    else low = middle + 1;
  }
  return low;
}
