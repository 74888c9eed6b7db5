/** `countersign chargeback`: what was charged in a period, by whom and for what. */

import { isRecord, type JsonRecord, recordOf } from '../../integrations/json.js';
import { searchOf } from '../audit/query.js';
import { type Connection, callServer, connectionOf, type GlobalOptions, openCall } from '../connection.js';
import { columns, paletteFor, print, printJson, visible } from '../terminal.js';
import { percent, pointAligned, shareOf, shownAmount, unitName, wholeIn } from './amounts.js';
import { saveAnswer } from './file.js';
import { type PeriodOptions, periodOf, shownMoment } from './period.js';

export interface ChargebackOptions extends GlobalOptions, PeriodOptions {
  readonly tenant?: string;
  readonly unit?: string;
  readonly groupBy?: string;
  readonly per?: string;
  readonly json?: boolean;
  readonly csv?: boolean;
  /** Files to write instead of a table. */
  readonly html?: string;
  readonly focus?: string;
}

export async function chargeback(options: ChargebackOptions): Promise<void> {
  const { tenant, unit, groupBy, per, html, focus } = options;
  const period = { tenant_id: tenant, ...periodOf(options, Date.now()) };
  const query = { ...period, unit, group_by: groupBy, per };
  const connection = connectionOf(options);
  if (html !== undefined) await save(connection, `showback.html?${searchOf(query)}`, html);
  if (focus !== undefined) await save(connection, `focus.csv?${searchOf(period)}`, focus);
  if (html !== undefined || focus !== undefined) return;
  if (options.csv) {
    const search = searchOf({ ...query, format: 'csv' });
    const answer = await openCall(connection, 'GET', `/finops/chargeback?${search}`);
    process.stdout.write(await answer.text());
    return;
  }
  const answer = await callServer(connection, 'GET', `/finops/chargeback?${searchOf(query)}`);
  if (options.json) printJson(answer);
  else print(...reportOf(answer));
}

async function save(connection: Connection, path: string, file: string): Promise<void> {
  await saveAnswer(await openCall(connection, 'GET', `/finops/${path}`), file);
  process.stderr.write(`${file} is written, and whole.\n`);
}

function reportOf(answer: JsonRecord): string[] {
  const { bold, dim } = paletteFor(process.stdout, process.env);
  const { tenant_id: tenant, unit, from, to } = answer;
  const names = namesOf(answer);
  const by = names.length === 0 ? '' : ` by ${names.join(', ')}`;
  const period = `${shownMoment(from)} to ${shownMoment(to)} UTC`;
  const closed = recordOf(answer, 'closed');
  const [heading = '', ...rows] = tableOf(answer, names);
  return [
    bold(visible(`charged${by}, in ${unitName(String(unit))}`)),
    dim(visible(`${tenant === null ? 'all tenants' : `tenant ${tenant}`}, ${period}`)),
    '',
    dim(heading),
    ...rows,
    '',
    `ties to the ledger: difference ${answer['difference']}`,
    ...(closed === null ? [] : [`the books of this period were closed on ${shownMoment(closed['at'])} UTC`]),
  ];
}

const namesOf = ({ group_by: names }: JsonRecord): string[] =>
  Array.isArray(names) ? names.map(String) : [];

/** What a row has as an amount, and how it is headed. */
const AMOUNTS = [
  ['charged', 'charged'],
  ['adjusted', 'corrections'],
  ['actual', 'used'],
] as const;
const DISTRIBUTION = ['average', 'p50', 'p95', 'p99'] as const;

/** A heading, the groups, and their total. */
function tableOf(answer: JsonRecord, names: readonly string[]): string[] {
  const total = recordOf(answer, 'total') ?? {};
  const { rows: groups } = answer;
  const found = Array.isArray(groups) ? groups.filter(isRecord) : [];
  // Without groupings the only group is the total, but for what is known of one of its charges or sessions.
  const rows = [...(names.length === 0 ? [] : found), { ...(names.length === 0 && found[0]), ...total }];
  const isDescribed = answer['per'] !== undefined;
  const described = isDescribed ? DISTRIBUTION : [];
  const cells: string[][] = rows.map((row, nth) => [
    ...(nth === rows.length - 1 ? totalLabels(names) : labelsOf(row, names)),
    String(row['charges']),
    percent(shareOf(wholeIn(row['charged']), wholeIn(total['charged']))),
    String(row['denied']),
  ]);
  const amountColumns = [
    ...AMOUNTS.map(([field]) => amountsOf(answer, rows, (row) => row[field])),
    ...described.map((field) => amountsOf(answer, rows, (row) => recordOf(row, 'distribution')?.[field])),
  ];
  const labelled = Math.max(1, names.length);
  const numbers = new Set(Array.from({ length: 3 + amountColumns.length }, (_, nth) => labelled + nth));
  const headings = [
    ...(names.length === 0 ? [''] : names),
    'charges',
    'share',
    'refused',
    ...AMOUNTS.map(([, heading]) => heading),
    ...described.map((field) => (field === 'p50' ? 'median' : field)),
  ];
  return columns(
    [headings, ...cells.map((row, nth) => [...row, ...amountColumns.map((column) => column[nth] ?? '')])],
    numbers,
  );
}

/** One column of amounts, their points one below the other; empty where there is none. */
const amountsOf = (
  { unit }: JsonRecord,
  rows: readonly JsonRecord[],
  amountOf: (row: JsonRecord) => unknown,
): string[] =>
  pointAligned(
    rows.map((row) => {
      const amount = amountOf(row);
      return amount === null || amount === undefined ? '' : shownAmount(String(unit), wholeIn(amount));
    }),
  );

const labelsOf = (row: JsonRecord, names: readonly string[]): string[] =>
  names.map((name) => String(recordOf(row, 'group')?.[name] ?? 'unattributed'));

const totalLabels = (names: readonly string[]): string[] => ['total', ...names.slice(1).map(() => '')];
