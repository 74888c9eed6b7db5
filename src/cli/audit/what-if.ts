/** `countersign what-if`: which decisions of a past period drafts would have changed, and why. */

import { readFileSync } from 'node:fs';
import { isRecord, type JsonRecord, parseJson, recordOf, textOf } from '../../integrations/json.js';
import { connectionOf, type GlobalOptions, openCall } from '../connection.js';
import { type PeriodOptions, periodOf } from '../finops/period.js';
import { linesOf } from '../lines.js';
import { type Column, printTable, textCell } from '../listing.js';
import { Pace } from '../pace.js';
import { loadWanted } from '../policies/load.js';
import { Complaint, columns, paletteFor, print, printJson, visible, wrap } from '../terminal.js';
import { csvLine } from './csv.js';
import { countOf } from './pages.js';

export interface WhatIfOptions extends GlobalOptions, PeriodOptions {
  readonly tenant?: string;
  readonly tool?: readonly string[];
  readonly riskRule?: readonly string[];
  readonly limit: string;
  readonly json?: boolean;
  readonly csv?: boolean;
}

interface Result {
  readonly differences: readonly JsonRecord[];
  /** How many there are, when not all are kept. */
  readonly count: number;
  readonly total: JsonRecord;
  readonly basis: string;
}

export async function whatIf(file: string | undefined, options: WhatIfOptions): Promise<void> {
  const shown = countOf(options.limit);
  const draft = draftOf(file, options);
  const asked = { ...draft, ...periodOf(options, Date.now()) };
  const response = await openCall(connectionOf(options), 'POST', '/audit/what-if', asked);
  const keep = options.json || options.csv ? Number.POSITIVE_INFINITY : shown;
  const result = await resultOf(response, keep, process.stderr.isTTY === true && !options.json);
  if (options.json) {
    const { differences, total, basis } = result;
    printJson({ differences, total, basis });
  } else if (options.csv) {
    print(csvLine(COLUMNS.map(({ heading }) => heading)));
    for (const difference of result.differences) print(csvLine(COLUMNS.map(({ cell }) => cell(difference))));
  } else tell(result);
}

/** @throws Complaint when there is no draft, or drafts of several tenants */
function draftOf(file: string | undefined, options: WhatIfOptions): JsonRecord {
  const wanted = file === undefined ? [] : loadWanted(file);
  const unfit = wanted.find(({ section }) => section !== 'policies' && section !== 'budget_templates');
  if (unfit !== undefined) {
    throw new Complaint(
      `${unfit.at()}: only policies and budget templates can be tried, not ${unfit.section}`,
    );
  }
  const tools = (options.tool ?? []).map(jsonIn);
  const rules = (options.riskRule ?? []).map(jsonIn);
  if (wanted.length + tools.length + rules.length === 0) {
    throw new Complaint('give a file of policies or budget templates, --tool or --risk-rule to try');
  }
  const named = [
    ...wanted.map(({ tenant }) => tenant),
    ...[...tools, ...rules].map((each) => textOf(each, 'tenant_id')),
  ];
  const tenants = new Set([options.tenant, ...named].filter((name) => name !== undefined && name !== null));
  const [tenant] = tenants;
  if (tenant === undefined) throw new Complaint('name the tenant with --tenant');
  if (tenants.size > 1) throw new Complaint(`drafts are of one tenant, not of ${[...tenants].join(' and ')}`);
  const of = (section: string) => wanted.filter((each) => each.section === section).map(({ item }) => item);
  const ofTenant = (item: JsonRecord): JsonRecord => ({ ...item, tenant_id: tenant });
  return {
    tenant_id: tenant,
    policies: of('policies'),
    budget_templates: of('budget_templates').map(ofTenant),
    tools: tools.map(ofTenant),
    risk_rules: rules.map(ofTenant),
  };
}

/** @throws Complaint when the file holds no JSON object */
function jsonIn(file: string): JsonRecord {
  const value = parseJson(textIn(file));
  if (!isRecord(value)) throw new Complaint(`${file} holds no JSON object`);
  return value;
}

function textIn(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw new Complaint(`${file} cannot be read`);
  }
}

/** @throws Complaint when the answer ends before its totals */
async function resultOf(response: Response, keep: number, isShown: boolean): Promise<Result> {
  const differences: JsonRecord[] = [];
  const pace = new Pace();
  let count = 0;
  try {
    for await (const line of linesOf(response)) {
      const difference = recordOf(line, 'difference');
      const progress = recordOf(line, 'progress');
      if (difference) count += 1;
      if (difference && differences.length < keep) differences.push(difference);
      if (progress && isShown) process.stderr.write(`\r${progressLine(progress, count, pace)}\u001b[K`);
      const refused = recordOf(line, 'refused');
      if (refused)
        throw new Complaint(`the draft could not have been in force then: ${textOf(refused, 'message')}`);
      const total = recordOf(line, 'total');
      if (total) return { differences, count, total, basis: textOf(line, 'basis') ?? '' };
    }
  } catch (error) {
    if (error instanceof Complaint) throw error;
  } finally {
    if (isShown) process.stderr.write('\r\u001b[K');
  }
  throw new Complaint('the server broke off: what was answered is not whole');
}

function progressLine(progress: JsonRecord, different: number, pace: Pace): string {
  const at = (textOf(progress, 'at') ?? '').slice(0, 10);
  const decisions = Number(progress['decisions'] ?? 0);
  if (progress['phase'] === 'reading') return `reading what came before … ${at}`;
  const rate = pace.at('decisions', decisions, performance.now());
  const speed = rate === null ? '' : `  ${Math.round(rate).toLocaleString('en-US')} a second`;
  return `${at}  ${decisions.toLocaleString('en-US')} decisions  ${different} different${speed}`;
}

const verdict =
  (member: string) =>
  (difference: JsonRecord): string => {
    const found = recordOf(difference, member);
    const reason = found && textOf(found, 'reason_code');
    return `${(found && textOf(found, 'decision')) ?? ''}${reason ? ` ${reason}` : ''}`;
  };

const COLUMNS: readonly Column[] = [
  { heading: 'at (UTC)', cell: (each) => String(each['at']).slice(0, 19).replace('T', ' ') },
  { heading: 'session', cell: textCell('session_id') },
  { heading: 'action', cell: (each) => textOf(recordOf(each, 'action') ?? {}, 'kind') ?? '' },
  { heading: 'name', cell: (each) => visible(textOf(recordOf(each, 'action') ?? {}, 'name') ?? '') },
  { heading: 'points', cell: pointsOf, isNumber: true },
  { heading: 'was', cell: verdict('before') },
  { heading: 'would be', cell: verdict('after') },
  { heading: 'because', cell: becauseOf },
];

function pointsOf(difference: JsonRecord): string {
  const after = recordOf(difference, 'scored_after');
  const before = textCell('risk_points')(difference);
  const now = after && textCell('risk_points')(after);
  return now && now !== before ? `${before} → ${now}` : before;
}

/** Whatever says no, or did. */
function becauseOf(difference: JsonRecord): string {
  const [after, before] = [recordOf(difference, 'after'), recordOf(difference, 'before')];
  return visible((after && textOf(after, 'message')) ?? (before && textOf(before, 'message')) ?? '');
}

const TOTALS: readonly (readonly [member: string, words: string])[] = [
  ['decisions', 'decisions looked at'],
  ['different', 'would have been different'],
  ['refused_that_ran', '  ran, and would have been refused'],
  ['allowed_that_were_refused', '  were refused, and would have been allowed'],
  ['approvals_asked', '  people would have been asked'],
  ['approvals_no_longer_asked', '  people would not have been asked any more'],
  ['other_caps', '  allowed with other limits'],
  ['repeats', 'further refusals that are recorded as a number only'],
  ['not_reproduced', 'could not be decided again as they were, and are left out'],
  ['not_reread', 'tool calls that kept their score, for what is recorded does not lead to it'],
];
const WIDTH = 96;
/** Told whatever they are; the others only where there are any. */
const ALWAYS_TOLD = 5;

function tell({ differences, count, total, basis }: Result): void {
  const { dim } = paletteFor(process.stdout, process.env);
  printTable(differences, COLUMNS, { empty: 'No decision would have been different.' });
  if (count > differences.length) print(dim(`… and ${count - differences.length} more; --json has them all`));
  const rows = TOTALS.filter(([member], nth) => nth < ALWAYS_TOLD || Number(total[member]) > 0).map(
    ([member, words]) => [words, Number(total[member] ?? 0).toLocaleString('en-US')],
  );
  print('', ...columns(rows, new Set([1])), '', ...wrap(basis, WIDTH).map(dim));
}
