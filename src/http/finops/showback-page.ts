/** A showback as one HTML page that can be mailed, saved and printed: nothing in it comes from elsewhere. */

import type { ChargeSums } from '../../projections/charges/chargeback.queries.js';
import { isoOf } from '../ledger.dto.js';
import { type Html, html, visible } from '../pages/html.js';
import { averageOf, basisPoints } from './ratios.js';
import type { Showback, ShownGroup } from './showback.js';
import { amountsShown, percentShown, thousands, unitShown } from './shown.js';

// Mail programs keep the style of an element and often nothing else; what is printed needs a style sheet.
const PAGE =
  'margin:0 auto;max-width:52rem;padding:1.25rem 1rem 2rem;background:#ffffff;color:#1d2023;' +
  'font:15px/1.45 system-ui,-apple-system,Segoe UI,Roboto,Helvetica,Arial,sans-serif';
const TABLE = 'width:100%;border-collapse:collapse;font-size:14px';
const HEAD =
  'text-align:left;vertical-align:bottom;padding:4px 8px 4px 0;border-bottom:1px solid #9aa1a9;color:#5b6168;font-size:12px';
const CELL = 'padding:4px 8px 4px 0;border-bottom:1px solid #dcdfe3;vertical-align:top';
const WORDS = `${CELL};min-width:5rem;overflow-wrap:anywhere`;
const RIGHT = ';text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums';
const HEAD_RIGHT = ';text-align:right';
const TITLE = 'font-size:22px;line-height:1.25;margin:0 0 4px';
const SECTION = 'font-size:15px;margin:24px 0 6px';
const SOFT = 'margin:2px 0;color:#5b6168';
const SUMMED = ';border-top:2px solid #1d2023;font-weight:600';

export const showbackPage = (showback: Showback): Html => {
  const { report } = showback;
  const { period, closed } = report;
  const whose = period.tenantId === null ? 'all tenants' : `tenant ${period.tenantId}`;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Showback: ${whose}, ${momentShown(period.fromMs)} to ${momentShown(period.untilMs)}</title>
<style>
thead { display: table-header-group; }
tr { break-inside: avoid; page-break-inside: avoid; }
h2 { break-after: avoid; page-break-after: avoid; }
@page { margin: 15mm; }
@media print { body { max-width: none !important; padding: 0 !important; } }
</style>
</head>
<body style="${PAGE}">
<h1 style="${TITLE}">Showback: ${visible(whose)}</h1>
<p style="${SOFT}">${momentShown(period.fromMs)} to ${momentShown(period.untilMs)} UTC, the end not included · in ${unitShown(period.unit)}${report.groupBy.names.length > 0 && html` · by ${visible(report.groupBy.names.join(', '))}`}</p>
${closed && html`<p style="${SOFT}">The books of this period were closed on ${momentShown(closed.closedAtMs)} UTC.</p>`}
${summary(showback)}
${showback.stretches.length > 0 && course(showback)}
${showback.names.length > 0 && groupsTable(showback)}
<p style="${SOFT};margin-top:20px">Ties to the ledger: it charged ${exactly(showback, report.ledger.charged)} ${unitShown(period.unit)} in ${thousands(report.ledger.charges)} charges; difference ${String(report.total.charged - report.ledger.charged)}. A showback shows what was charged and posts nothing.</p>
</body>
</html>
`;
};

const exactly = ({ report }: Showback, amount: bigint): string =>
  amountsShown(report.period.unit, [amount])[0] ?? '';

/** A moment in UTC; a midnight is the day alone. */
const momentShown = (atMs: number): string =>
  isoOf(atMs).slice(0, 16).replace('T', ' ').replace(' 00:00', '');

function summary(showback: Showback): Html {
  const { total, groups, sample, period } = showback.report;
  const distribution = groups.length === 1 ? groups[0]?.distribution : null;
  const rows: readonly (readonly [string, bigint])[] = [
    ['charged', total.charged],
    ['of it, corrections', total.adjusted],
    ['used, of which policies may charge less', total.actual],
    ['held in the period', total.reserved],
    ['given back', total.released],
    ...(distribution
      ? ([
          [`average per ${sample}`, averageOf(distribution.sum, distribution.count)],
          [`median per ${sample}`, distribution.p50],
          [`95 % of them at most`, distribution.p95],
        ] as const)
      : []),
  ];
  const amounts = amountsShown(
    period.unit,
    rows.map(([, amount]) => amount),
  );
  const counts: readonly (readonly [string, number])[] = [
    ['charges', total.charges],
    ['refused', total.denied],
  ];
  const lines = [
    ...rows.map(([label], nth) => [label, amounts[nth] ?? ''] as const),
    ...counts.map(([label, count]) => [label, thousands(count)] as const),
  ];
  return html`<table style="${TABLE};max-width:30rem;margin-top:14px">
<tbody>
${lines.map(
  ([label, value], nth) =>
    html`<tr><td style="${CELL}${nth === 0 ? ';font-weight:600' : ''}">${label}</td><td style="${CELL}${RIGHT}${nth === 0 ? ';font-weight:600' : ''}">${value}</td></tr>
`,
)}</tbody>
</table>`;
}

/** What was charged day by day, week by week or month by month. */
function course(showback: Showback): Html {
  const { stretches, report } = showback;
  const amounts = amountsShown(
    report.period.unit,
    stretches.map(({ sums }) => sums.charged),
  );
  const bars = barsOf(stretches.map(({ sums }) => sums.charged));
  return html`<h2 style="${SECTION}">By ${report.groupBy.calendar}</h2>
<table style="${TABLE}">
<thead><tr><th style="${HEAD}">${report.groupBy.calendar}</th><th style="${HEAD}${HEAD_RIGHT}">charged</th><th style="${HEAD};width:55%"></th></tr></thead>
<tbody>
${stretches.map(
  ({ label }, nth) =>
    html`<tr><td style="${CELL}">${label}</td><td style="${CELL}${RIGHT}">${amounts[nth]}</td><td style="${CELL}">${bars[nth]}</td></tr>
`,
)}</tbody>
</table>`;
}

/** One group, or several as one, which have a name of their own. */
interface Line {
  readonly group: ShownGroup | null;
  readonly name: string;
  readonly sums: ChargeSums;
}

function linesOf({ shown, others, unattributed }: Showback): Line[] {
  const several: Line[] = [
    { group: null, name: `${thousands(others.groups)} others`, sums: others.sums },
    { group: null, name: 'unattributed', sums: unattributed.sums },
  ].filter((_, nth) => [others, unattributed][nth]?.groups !== 0);
  return [...shown.map((group) => ({ group, name: '', sums: group.sums })), ...several];
}

function groupsTable(showback: Showback): Html {
  const { names, shown, report } = showback;
  const { total, period, sample } = report;
  const lines = linesOf(showback);
  const isDescribed = shown.some(({ distribution }) => distribution !== null);
  const bars = barsOf(lines.map(({ sums }) => sums.charged));
  const charged = amountsShown(period.unit, [...lines.map(({ sums }) => sums.charged), total.charged]);
  const described = isDescribed ? describedOf(showback, lines) : [];
  const right = (cell: string | undefined, more = '') =>
    html`<td style="${CELL}${RIGHT}${more}">${cell}</td>`;
  const head = (text: string) => html`<th style="${HEAD}${HEAD_RIGHT}">${text}</th>`;
  return html`<h2 style="${SECTION}">By ${visible(names.join(', '))}</h2>
<table style="${TABLE}">
<thead><tr>${names.map((name) => html`<th style="${HEAD}">${visible(name)}</th>`)}${['charges', 'charged', 'share'].map(head)}${isDescribed && [`median per ${sample}`, '95 % at most'].map(head)}<th style="${HEAD};width:${isDescribed ? '14%' : '22%'}"></th></tr></thead>
<tbody>
${lines.map(
  (line, nth) =>
    html`<tr>${labelCells(line, names)}${right(thousands(line.sums.charges))}${right(charged[nth])}${right(percentShown(basisPoints(line.sums.charged, total.charged)))}${described[nth]?.map((cell) => right(cell))}<td style="${CELL}">${bars[nth]}</td></tr>
`,
)}<tr><td style="${CELL}${SUMMED}" colspan="${names.length}">total</td>${right(thousands(total.charges), SUMMED)}${right(charged.at(-1), SUMMED)}<td style="${CELL}${SUMMED}" colspan="${isDescribed ? 4 : 2}"></td></tr>
</tbody>
</table>`;
}

const labelCells = ({ group, name }: Line, names: readonly string[]): Html | Html[] =>
  group === null
    ? html`<td style="${CELL}" colspan="${names.length}"><i>${name}</i></td>`
    : group.labels.map((label) => html`<td style="${WORDS}">${visible(label)}</td>`);

/** The median and the 95th percentile of each line, where it has them. */
function describedOf({ report }: Showback, lines: readonly Line[]): readonly (readonly string[])[] {
  const columns = (['p50', 'p95'] as const).map((quantile) => {
    const known = lines.map(({ group }) => group?.distribution?.[quantile] ?? null);
    const amounts = amountsShown(
      report.period.unit,
      known.map((amount) => amount ?? 0n),
    );
    return known.map((amount, nth) => (amount === null ? '' : (amounts[nth] ?? '')));
  });
  return lines.map((_, nth) => columns.map((column) => column[nth] ?? ''));
}

/** Bars as long as the amounts, the longest all across; lines print where backgrounds do not. */
function barsOf(amounts: readonly bigint[]): (Html | null)[] {
  let most = 0n;
  for (const amount of amounts) if (amount > most) most = amount;
  return amounts.map((amount) => {
    if (amount <= 0n) return null;
    const thousandths = (amount * 1_000n) / most;
    const width = `${thousandths / 10n}.${thousandths % 10n}%`;
    return html`<div style="width:${width};min-width:1px;margin-top:5px;border-top:10px solid #1f5fbf"></div>`;
  });
}
