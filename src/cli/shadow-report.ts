/** `countersign shadow-report`: what enforcing would have refused of what a tenant only observed. */

import { isRecord, type JsonRecord } from '../integrations/json.js';
import { callServer, connectionOf, type GlobalOptions } from './connection.js';
import { columns, type Palette, paletteFor, print, printJson } from './terminal.js';

interface ShadowOptions extends GlobalOptions {
  readonly from?: string;
  readonly to?: string;
  readonly json?: boolean;
}

const BREAKDOWNS: readonly (readonly [title: string, member: string, without: string])[] = [
  ['policy', 'by_policy', '(no policy)'],
  ['reason', 'by_reason', ''],
  ['kind', 'by_kind', '(none)'],
  ['agent', 'by_agent', '(no agent)'],
  ['hour (UTC)', 'by_hour', ''],
];
const LINES_SHOWN = 10;

export async function shadowReport(tenantId: string, options: ShadowOptions): Promise<void> {
  const query = new URLSearchParams({ tenant_id: tenantId });
  if (options.from !== undefined) query.set('from', options.from);
  if (options.to !== undefined) query.set('to', options.to);
  const report = await callServer(connectionOf(options), 'GET', `/audit/shadow-report?${query}`);
  if (options.json) printJson(report);
  else printReport(report, paletteFor(process.stdout, process.env));
}

function printReport(report: JsonRecord, palette: Palette): void {
  const total = isRecord(report['total']) ? report['total'] : {};
  print(
    palette.bold(`What enforcing would have refused in ${report['tenant_id']}`),
    palette.dim(`${report['from']} to ${report['to']}`),
    '',
    `${total['denied']} of ${total['observed']} observed requests, ${percent(total)}`,
    colourOf(report['verdict'], palette)(String(report['recommendation'])),
  );
  for (const [title, member, without] of BREAKDOWNS) {
    const lines = report[member];
    if (Array.isArray(lines) && lines.length > 0) printLines(title, lines.filter(isRecord), without, palette);
  }
}

function printLines(title: string, lines: readonly JsonRecord[], without: string, palette: Palette): void {
  const shown = title.startsWith('hour') ? lines.slice(-LINES_SHOWN) : lines.slice(0, LINES_SHOWN);
  const cells = shown.map((line) => [
    String(line['name'] || without),
    String(line['denied']),
    String(line['observed']),
    percent(line),
  ]);
  const [heading = '', ...rows] = columns(
    [[title, 'refused', 'observed', 'rate'], ...cells],
    new Set([1, 2, 3]),
  );
  print('', palette.dim(heading), ...rows);
  const more = lines.length - shown.length;
  if (more > 0) print(palette.dim(`and ${more} more; --json has them all`));
}

const percent = (line: JsonRecord): string => `${Number(line['denial_rate']).toFixed(2)} %`;

function colourOf(verdict: unknown, palette: Palette): (text: string) => string {
  if (verdict === 'good') return palette.green;
  return verdict === 'too_tight' ? palette.red : palette.yellow;
}
