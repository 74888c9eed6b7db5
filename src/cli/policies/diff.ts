/** What has to change on the server so that it is as the files want it. Pure. */

import type { JsonRecord } from '../../integrations/json.js';
import { nameOf, type Section, type Wanted } from './load.js';

/** One field that differs; undefined where there is none. */
export interface FieldChange {
  readonly field: string;
  readonly from: unknown;
  readonly to: unknown;
}
export interface Change {
  readonly kind: 'create' | 'change';
  readonly wanted: Wanted;
  /** What is there; null for something new. */
  readonly there: JsonRecord | null;
  readonly fields: readonly FieldChange[];
}
export interface Difference {
  readonly changes: readonly Change[];
  readonly unchanged: number;
  /** What the server has and no file mentions: it is left alone. */
  readonly others: readonly { readonly section: Section; readonly name: string }[];
}

/** What a field is when a file does not say, so that a line taken out of a file is a change, too. */
const DEFAULTS: Readonly<Record<Section, JsonRecord>> = {
  action_kinds: { mcp_tool_prefixes: [], deprecated: false },
  budgets: { overdraft_limit: 0, rollover_policy: 'NONE' },
  budget_templates: { overdraft_limit: 0, rollover_policy: 'NONE' },
  policies: {
    priority: 0,
    status: 'ACTIVE',
    action_quotas: [],
    risk_class_quotas: [],
    allowed_action_kinds: [],
    denied_action_kinds: [],
    required_levels: [],
    degradation: [],
    approval_rules: [],
  },
};

/** What a quota has when nothing is said of it. */
const QUOTA_DEFAULTS: JsonRecord = { threshold_pct: 0.8 };
const RUN_TTL_MS = 86_400_000;
/** What an approval rule asks when nothing is said of it: an hour to answer, a quarter to use the answer. */
const APPROVAL_DEFAULTS: JsonRecord = {
  when: {},
  quorum: 1,
  answer_within_ms: 3_600_000,
  use_within_ms: 900_000,
  passkey: false,
  links: false,
};
/** Points that a rule for exceeded budgets may add; any other adds none. */
const MISSING_POINTS = 400;
const MOMENTS: ReadonlySet<string> = new Set(['effective_from', 'effective_until']);
const AMOUNTS: ReadonlySet<string> = new Set(['allocated', 'overdraft_limit']);

/** Fields that files do not state. */
const SERVERS: ReadonlySet<string> = new Set([
  'policy_id',
  'tenant_id',
  'template_id',
  'ledger_id',
  'scope_path',
  'shipped',
  'created_at',
  'updated_at',
  'remaining',
  'reserved',
  'spent',
  'debt',
  'is_over_limit',
  'metadata',
  'period_start',
  'period_end',
  'carried',
  'template',
]);

/** Compares what is wanted in one tenant with what is there, section by section. */
export function compare(
  wanted: readonly Wanted[],
  there: Readonly<Record<Section, readonly JsonRecord[]>>,
): Difference {
  const changes: Change[] = [];
  const named = new Set<string>();
  for (const each of wanted) {
    const name = nameOf(each.section, each.item);
    named.add(`${each.section} ${name}`);
    const known = there[each.section].find((item) => nameOf(each.section, item) === name) ?? null;
    const fields = differences(each.section, known, each.item);
    if (known === null) changes.push({ kind: 'create', wanted: each, there: null, fields });
    else if (fields.length > 0) changes.push({ kind: 'change', wanted: each, there: known, fields });
  }
  const others = (Object.keys(there) as Section[]).flatMap((section) =>
    there[section]
      .filter(isOfOperators)
      .map((item) => ({ section, name: nameOf(section, item) }))
      .filter(({ name }) => !named.has(`${section} ${name}`)),
  );
  return { changes, unchanged: wanted.length - changes.length, others };
}

/** Whether somebody made it, and it is still in use: what came by itself or is over is nothing for a file. */
export const isOfOperators = (item: JsonRecord): boolean =>
  item['shipped'] !== true && item['template'] === undefined && item['status'] !== 'CLOSED';

function differences(section: Section, there: JsonRecord | null, wanted: JsonRecord): FieldChange[] {
  const from = there === null ? {} : normalised(section, there);
  const to = normalised(section, wanted);
  const fields = new Set([...Object.keys(from), ...Object.keys(to)]);
  return [...fields]
    .filter((field) => !SERVERS.has(field) && !(section === 'budgets' && field === 'status'))
    .filter((field) => JSON.stringify(from[field]) !== JSON.stringify(to[field]))
    .map((field) => ({ field, from: from[field], to: to[field] }));
}

/** One spelling for each meaning: defaults filled in, amounts as digits, moments as instants, members sorted. */
export function normalised(section: Section, item: JsonRecord): JsonRecord {
  const full = { ...DEFAULTS[section], ...item };
  return Object.fromEntries(Object.entries(full).map(([field, value]) => [field, spelled(field, value)]));
}

function spelled(field: string, value: unknown): unknown {
  if (AMOUNTS.has(field)) return digitsOf(value);
  if (MOMENTS.has(field)) return new Date(String(value)).toISOString();
  if (field === 'action_quotas' || field === 'risk_class_quotas') {
    return (value as JsonRecord[]).map((quota) => {
      const ttl = quota['window'] === 'per_run' ? { per_run_counter_ttl_ms: RUN_TTL_MS } : {};
      return sorted(dropEmpty({ ...QUOTA_DEFAULTS, ...ttl, ...quota }));
    });
  }
  if (field === 'degradation') {
    return (value as JsonRecord[])
      .map((step) => sorted(dropEmpty(step)))
      .sort((a, b) => Number((a as JsonRecord)['used_percent']) - Number((b as JsonRecord)['used_percent']));
  }
  if (field === 'approval_rules') return (value as JsonRecord[]).map(spelledRule);
  return sorted(value);
}

function spelledRule(rule: JsonRecord): unknown {
  const full: JsonRecord = { ...APPROVAL_DEFAULTS, ...rule };
  const { budget_exceeded: isForShort = false, ...when } = full['when'] as JsonRecord & {
    readonly budget_exceeded?: boolean;
  };
  return sorted({
    max_missing_points: isForShort ? MISSING_POINTS : 0,
    ...full,
    when: dropEmpty({ ...when, ...(isForShort && { budget_exceeded: true }) }),
  });
}

/** `{unit, amount}` on the server, a number or digits in a file. */
function digitsOf(value: unknown): string {
  const inner = typeof value === 'object' && value !== null ? (value as JsonRecord)['amount'] : value;
  return String(inner).replace(/^0+(?=\d)/, '');
}

const dropEmpty = (item: JsonRecord): JsonRecord =>
  Object.fromEntries(
    Object.entries(item).filter(([, value]) => !(Array.isArray(value) && value.length === 0)),
  );

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, held]) => [key, sorted(held)]));
}
