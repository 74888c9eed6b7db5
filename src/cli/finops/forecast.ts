/** `countersign forecast`: how long budgets last, those that end first at the top. */

import type { JsonRecord } from '../../integrations/json.js';
import { searchOf } from '../audit/query.js';
import { connectionOf, type GlobalOptions, openCall } from '../connection.js';
import { type Column, listAll, printTable, textCell } from '../listing.js';
import { printJson } from '../terminal.js';
import { percent, pointAligned, shownAmount, unitName, wholeIn } from './amounts.js';
import { shownMoment } from './period.js';

export interface ForecastOptions extends GlobalOptions {
  readonly tenant?: string;
  readonly unit?: string;
  readonly level?: string;
  readonly days?: string;
  readonly json?: boolean;
  readonly csv?: boolean;
}

export async function forecast(options: ForecastOptions): Promise<void> {
  const { tenant, unit, level, days } = options;
  const query = { tenant_id: tenant, unit, level, days };
  const connection = connectionOf(options);
  if (options.csv) {
    const search = searchOf({ ...query, format: 'csv' });
    const answer = await openCall(connection, 'GET', `/finops/forecast?${search}`);
    for await (const chunk of answer.body ?? []) process.stdout.write(chunk);
    return;
  }
  const budgets = await listAll(connection, '/finops/forecast', 'budgets', query);
  const sorted = budgets.toSorted(soonestFirst);
  if (options.json) printJson(sorted);
  else printTable(withAmounts(sorted), COLUMNS, { empty: 'There are no such budgets.' });
}

/** Those without an end in sight last, in the order of the list. */
function soonestFirst(one: JsonRecord, other: JsonRecord): number {
  const [a, b] = [one['days_left'], other['days_left']];
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  const [first, second] = [one, other].map(({ exhausts_at: at }) => (at === null ? '~' : String(at))) as [
    string,
    string,
  ];
  return first < second ? -1 : first > second ? 1 : 0;
}

const AMOUNTS = ['allocated', 'remaining', 'per_day'] as const;

/** The same with its amounts as they are shown, the points of a column one below the other. */
function withAmounts(budgets: readonly JsonRecord[]): JsonRecord[] {
  const shown = AMOUNTS.map((field) =>
    pointAligned(budgets.map((budget) => shownAmount(String(budget['unit']), wholeIn(budget[field])))),
  );
  return budgets.map((budget, row) => ({
    ...budget,
    ...Object.fromEntries(AMOUNTS.map((field, nth) => [field, shown[nth]?.[row]])),
  }));
}

const COLUMNS: readonly Column[] = [
  { heading: 'tenant', cell: textCell('tenant_id') },
  { heading: 'scope', cell: textCell('scope') },
  { heading: 'unit', cell: ({ unit }) => unitName(String(unit)) },
  { heading: 'status', cell: textCell('status') },
  { heading: 'allocated', cell: textCell('allocated'), isNumber: true },
  { heading: 'remaining', cell: textCell('remaining'), isNumber: true },
  { heading: 'spent', cell: ({ used_bp: share }) => percent(share), isNumber: true },
  { heading: 'a day', cell: textCell('per_day'), isNumber: true },
  { heading: 'days left', cell: textCell('days_left'), isNumber: true },
  { heading: 'until (UTC)', cell: endOf },
];

/** When nothing remains, or what is there instead of an end. */
function endOf(budget: JsonRecord): string {
  const { exhausts_at: end, renews_at: renewal, lasts, days_left: days } = budget;
  if (lasts === true) return `renews ${shownMoment(renewal)}`;
  const renewed = renewal === null ? '' : `, before it renews ${shownMoment(renewal)}`;
  if (end !== null) return `${shownMoment(end)}${renewed}`;
  return days === null ? 'nothing is charged' : 'beyond the year 9999';
}
