/** What a showback page shows of a chargeback report: the dearest groups, the rest of them, and the course of time. */

import {
  type ChargeGroup,
  type ChargeSums,
  type Distribution,
  NO_SUMS,
  stretchesOf,
  together,
} from '../../projections/charges/chargeback.queries.js';
import type { Chargeback } from './chargeback.js';

/** Groups that are shown one by one; more would not be read. */
const SHOWN_MAX = 25;

export interface ShownGroup {
  /** One value a grouping. */
  readonly labels: readonly string[];
  readonly sums: ChargeSums;
  /** Null where it was not asked for, or where a group is put together from stretches of time. */
  readonly distribution: Distribution | null;
}

/** Groups that are shown as one. */
export interface Together {
  readonly groups: number;
  readonly sums: ChargeSums;
}

export interface Showback {
  readonly report: Chargeback;
  /** The groupings without the division in time. */
  readonly names: readonly string[];
  /** The dearest first. */
  readonly shown: readonly ShownGroup[];
  readonly others: Together;
  /** What lacks a value of a grouping. */
  readonly unattributed: Together;
  /** Every day, week or month of the period, also those in which nothing was charged. */
  readonly stretches: readonly { readonly label: string; readonly sums: ChargeSums }[];
}

export function showbackOf(report: Chargeback): Showback {
  const { names, calendar, groupings } = report.groupBy;
  const groups = groupings.length === 0 ? [] : overTime(report);
  const named = groups.filter(({ key }) => !key.includes(null));
  return {
    report,
    names: names.filter((name) => name !== calendar),
    shown: named.slice(0, SHOWN_MAX).map(({ key, distribution, ...sums }) => ({
      labels: key.map(String),
      sums,
      distribution,
    })),
    others: asOne(named.slice(SHOWN_MAX)),
    unattributed: asOne(groups.filter(({ key }) => key.includes(null))),
    stretches: stretchesIn(report),
  };
}

const asOne = (groups: readonly ChargeSums[]): Together => ({
  groups: groups.length,
  sums: groups.reduce<ChargeSums>(together, NO_SUMS),
});

type Group = Omit<ChargeGroup, 'stretch'>;

/** The groups of the whole period, dearest first. */
function overTime({ groups, groupBy: { calendar } }: Chargeback): readonly Group[] {
  if (calendar === null) return groups;
  const whole = new Map<string, Group>();
  for (const group of groups) {
    const { key } = group;
    const name = JSON.stringify(key);
    const sums = together(whole.get(name) ?? NO_SUMS, group);
    whole.set(name, { ...sums, key, distribution: null });
  }
  return [...whole].toSorted(dearestFirst).map(([, group]) => group);
}

function dearestFirst([name, one]: [string, Group], [otherName, other]: [string, Group]): number {
  if (one.charged !== other.charged) return one.charged > other.charged ? -1 : 1;
  return name < otherName ? -1 : 1;
}

function stretchesIn({ period, groups, groupBy: { calendar } }: Chargeback): Showback['stretches'] {
  if (calendar === null) return [];
  const sums = new Map<string | null, ChargeSums>();
  for (const group of groups) {
    sums.set(group.stretch, together(sums.get(group.stretch) ?? NO_SUMS, group));
  }
  const all = [...stretchesOf(calendar, period.fromMs, period.untilMs)];
  return all.map(({ label }) => ({ label, sums: sums.get(label) ?? NO_SUMS }));
}
