/** `countersign economics`: what a session, or any other unit of work, costs. */

import { isRecord, type JsonRecord, recordOf } from '../../integrations/json.js';
import { searchOf } from '../audit/query.js';
import { callServer, connectionOf, type GlobalOptions, openCall } from '../connection.js';
import { columns, paletteFor, print, printJson, visible } from '../terminal.js';
import {
  changePercent,
  hundredths,
  percent,
  pointAligned,
  shownAmount,
  unitName,
  wholeIn,
} from './amounts.js';
import { type PeriodOptions, periodOf, shownMoment } from './period.js';

export interface EconomicsOptions extends GlobalOptions, PeriodOptions {
  readonly tenant?: string;
  readonly unit?: string;
  readonly by?: string;
  readonly top?: string;
  readonly json?: boolean;
  readonly csv?: boolean;
}

export async function economics(options: EconomicsOptions): Promise<void> {
  const { tenant, unit, by, top } = options;
  const query = { tenant_id: tenant, unit, by, top, ...periodOf(options, Date.now()) };
  const connection = connectionOf(options);
  const path = '/finops/unit-economics';
  if (options.csv) {
    const answer = await openCall(connection, 'GET', `${path}?${searchOf({ ...query, format: 'csv' })}`);
    process.stdout.write(await answer.text());
    return;
  }
  const answer = await callServer(connection, 'GET', `${path}?${searchOf(query)}`);
  if (options.json) printJson(answer);
  else print(...reportOf(answer));
}

function reportOf(answer: JsonRecord): string[] {
  const { bold, dim } = paletteFor(process.stdout, process.env);
  const { by, tenant_id: tenant, unit, from, to } = answer;
  const heading = visible(`cost by ${by}, in ${unitName(String(unit))}`);
  const period = `${shownMoment(from)} to ${shownMoment(to)} UTC`;
  const [labels = '', ...sums] = sumsOf(answer);
  const [names = '', ...rows] = rowsOf(answer);
  return [
    bold(heading),
    dim(visible(`${tenant === null ? 'all tenants' : `tenant ${tenant}`}, ${period}`)),
    '',
    dim(labels),
    ...sums,
    '',
    ...notesOf(answer),
    '',
    dim(names),
    ...rows,
    '',
    `ties to the ledger: difference ${answer['difference']}`,
  ];
}

/** What one costs, beside the period before. */
function sumsOf(answer: JsonRecord): string[] {
  const trend = recordOf(answer, 'trend') ?? {};
  const [work, before] = [recordOf(answer, 'work') ?? {}, recordOf(trend, 'work') ?? {}];
  const change = recordOf(trend, 'change_bp') ?? {};
  const amount = amountIn(answer);
  const [total, totalBefore] = [recordOf(answer, 'total'), recordOf(trend, 'total')];
  const amounts: [string, unknown, unknown, unknown][] = [
    ['average', work['average'], before['average'], change['average']],
    ['median', work['p50'], before['p50'], change['p50']],
    ['p90', work['p90'], before['p90'], undefined],
    ['p95', work['p95'], before['p95'], change['p95']],
    ['p99', work['p99'], before['p99'], undefined],
    ['all of them', work['charged'], before['charged'], undefined],
    ['all that was charged', total?.['charged'], totalBefore?.['charged'], change['total']],
  ];
  const [now, then] = [1, 2].map((nth) => pointAligned(amounts.map((row) => amount(row[nth]))));
  return columns(
    [
      ['', 'this period', 'before', 'change'],
      ['units of work', String(work['units']), String(before['units']), changePercent(change['units'])],
      ...amounts.map(([label, , , changed], nth) => [
        label,
        now?.[nth] ?? '',
        then?.[nth] ?? '',
        changePercent(changed),
      ]),
    ],
    new Set([1, 2, 3]),
  );
}

const amountIn =
  ({ unit }: JsonRecord) =>
  (value: unknown): string =>
    value === null || value === undefined ? '' : shownAmount(String(unit), wholeIn(value));

const READINGS: Readonly<Record<string, string>> = {
  calm: 'calm, below 5 times',
  watch: 'worth watching, from 5 times on',
  needs_caps: 'a case for caps, above 10 times',
};

function notesOf(answer: JsonRecord): string[] {
  const spread = recordOf(answer, 'spread');
  const half = recordOf(answer, 'half_of_spend')?.['units'];
  const units = String(recordOf(answer, 'work')?.['units']);
  const few =
    half === null ? 'not even all of them make' : half === 1 ? '1 of them makes' : `${half} of them make`;
  return [
    ...(spread === null
      ? []
      : [
          `p95 is ${hundredths(wholeIn(spread['hundredths']))} times the median: ${READINGS[String(spread['reading'])] ?? ''}`,
        ]),
    ...(units === '0'
      ? ['nothing was charged for']
      : [`${units} units of work; ${few} half of all that was charged`]),
  ];
}

/** The dearest one by one, and what else makes up the total. */
function rowsOf(answer: JsonRecord): string[] {
  const top = answer['top'];
  const dearest = Array.isArray(top) ? top.filter(isRecord) : [];
  const rest = (
    [
      ['all others', 'others'],
      ['unattributed', 'unattributed'],
      ['corrections of earlier work', 'earlier_work'],
      ['total', 'total'],
    ] as const
  ).map(([label, member]) => ({ tenant_id: '', value: label, ...recordOf(answer, member) }));
  const rows: readonly JsonRecord[] = [...dearest, ...rest];
  const amounts = pointAligned(rows.map(({ charged }) => amountIn(answer)(charged)));
  return columns(
    [
      [String(answer['by']), 'tenant', 'charges', 'charged', 'share', 'running'],
      ...rows.map((row, nth) => [
        String(row['value']),
        String(row['tenant_id'] ?? ''),
        String(row['charges'] ?? ''),
        amounts[nth] ?? '',
        percent(row['share_bp']),
        percent(row['running_share_bp']),
      ]),
    ],
    new Set([2, 3, 4, 5]),
  );
}
