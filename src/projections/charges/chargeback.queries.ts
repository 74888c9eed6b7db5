/** Chargeback: what was charged, by whom and for what, held against the ledger's own totals. */

import type { ReadDatabase } from '../database.js';
import { type Distribution, distributionsOf, type Sample } from './distribution.js';
import { type ChargeSums, NO_SUMS, nameOf, withSource } from './group.js';
import type { Grouping } from './grouping.js';
import type { ChargePeriod } from './sources.js';
import { type Calendar, stretchesOf } from './stretches.js';
import { GROUPS_MAX, readSums, TooManyGroups } from './sums.js';

export type { Distribution, Sample } from './distribution.js';
export { type ChargeSums, NO_SUMS, together } from './group.js';
export { GROUPED_COLUMNS, type Grouping } from './grouping.js';
export type { ChargePeriod } from './sources.js';
export { type Calendar, stretchesOf } from './stretches.js';
export { GROUPS_MAX, TooManyGroups } from './sums.js';

export interface ChargebackRequest {
  readonly period: ChargePeriod;
  readonly groupings: readonly Grouping[];
  /** Null: the period is not divided. */
  readonly calendar: Calendar | null;
  /** What one unit of work is, where its average and quantiles are wanted, too. */
  readonly sample: Sample | null;
}

export interface ChargeGroup extends ChargeSums {
  /** The day, week or month; null where the period is not divided. */
  readonly stretch: string | null;
  /** One value a grouping; null where a charge lacks it. */
  readonly key: readonly (string | null)[];
  /** Null unless it was asked for, and where there is no unit of work. */
  readonly distribution: Distribution | null;
}

/** The charges of a period in their groups, and what the ledger itself says was charged then. */
export interface ChargeReport {
  readonly groups: readonly ChargeGroup[];
  readonly ledger: { readonly charges: number; readonly charged: bigint };
}

export class ChargebackQueries {
  constructor(private readonly db: ReadDatabase) {}

  /**
   * Each day, week or month is read by itself, by one statement for its groups and the ledger's totals, which so are
   * of the same moment; no statement reads for long.
   * @throws TooManyGroups
   */
  async report({ period, groupings, calendar, sample }: ChargebackRequest): Promise<ChargeReport> {
    const groups: ChargeGroup[] = [];
    const ledger = { charges: 0, charged: 0n };
    for (const { label, fromMs, untilMs } of divided(period, calendar)) {
      const part = await this.stretch({ ...period, fromMs, untilMs }, groupings, sample);
      for (const group of part.groups) groups.push({ ...group, stretch: label });
      ledger.charges += part.ledger.charges;
      ledger.charged += part.ledger.charged;
      if (groups.length > GROUPS_MAX) throw new TooManyGroups();
    }
    return { groups, ledger };
  }

  private async stretch(period: ChargePeriod, groupings: readonly Grouping[], sample: Sample | null) {
    const groups = new Map<string, Omit<ChargeGroup, 'stretch'>>();
    const ledger = { charges: 0, charged: 0n };
    for (const sums of await readSums(this.db, period, groupings)) {
      if (sums.source === 'ledger') Object.assign(ledger, { charges: sums.count, charged: sums.first });
      else add(groups, sums.key, (group) => withSource(group, sums));
    }
    if (sample !== null) {
      const found = await distributionsOf(this.db, { period, groupings, sample });
      for (const [name, group] of groups) {
        groups.set(name, { ...group, distribution: found.get(name) ?? null });
      }
    }
    return { groups: [...groups.values()].filter(isAnything), ledger };
  }
}

function add(
  groups: Map<string, Omit<ChargeGroup, 'stretch'>>,
  key: ChargeGroup['key'],
  changed: (sums: ChargeSums) => ChargeSums,
): void {
  const name = nameOf(key);
  const group = groups.get(name) ?? { ...NO_SUMS, key, distribution: null };
  groups.set(name, { ...group, ...changed(group) });
}

/** Without groupings there is a row even of nothing. */
const isAnything = (group: Omit<ChargeGroup, 'stretch'>): boolean =>
  (Object.keys(NO_SUMS) as (keyof ChargeSums)[]).some((name) => group[name] !== NO_SUMS[name]);

const divided = ({ fromMs, untilMs }: ChargePeriod, calendar: Calendar | null) =>
  calendar === null ? [{ label: null, fromMs, untilMs }] : stretchesOf(calendar, fromMs, untilMs);
