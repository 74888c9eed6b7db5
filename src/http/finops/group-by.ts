/** `group_by` as it is asked for: levels, dimensions, what was done with what, and a division in time. */

import {
  type Calendar,
  GROUPED_COLUMNS,
  GROUPS_MAX,
  type Grouping,
  TooManyGroups,
} from '../../projections/charges/chargeback.queries.js';
import { invalid } from './period.js';

export interface GroupBy {
  /** As asked for, in order: the columns of the report. */
  readonly names: readonly string[];
  /** Of the names that are no division in time, in order. */
  readonly groupings: readonly Grouping[];
  readonly calendar: Calendar | null;
}

const GROUPINGS_MAX = 4;
const CALENDARS = ['day', 'week', 'month'] as const satisfies readonly Calendar[];
/** Days that a report is divided into at most. */
const DAYS_MAX = 400;
const DAY_MS = 86_400_000;
/** Neither a quote nor a backslash nor a control character: the key is looked for as it is. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is kept out.
const DIMENSION = /^dimension:([^"\\\u0000-\u001f\u007f]{1,64})$/;
const DIMENSION_PREFIX = 'dimension:';

const KNOWN = [...Object.keys(GROUPED_COLUMNS), 'dimension:<key>', ...CALENDARS].join(', ');

/**
 * @param text words, comma-separated; nothing groups nothing
 * @throws HttpFailure 400 that names the field
 */
export function groupByOf(
  text: string | undefined,
  { fromMs, untilMs }: { readonly fromMs: number; readonly untilMs: number },
): GroupBy {
  const names = text === undefined || text === '' ? [] : text.split(',').map((name) => name.trim());
  if (names.length > GROUPINGS_MAX) {
    throw invalid('group_by', `group_by takes at most ${GROUPINGS_MAX} groupings.`);
  }
  if (new Set(names.map((name) => name.toLowerCase())).size < names.length) {
    throw invalid('group_by', 'group_by names the same grouping twice.');
  }
  const calendars = CALENDARS.filter((calendar) => names.includes(calendar));
  if (calendars.length > 1) throw invalid('group_by', 'group_by takes one of day, week and month.');
  const [calendar = null] = calendars;
  if (calendar === 'day' && untilMs - fromMs > DAYS_MAX * DAY_MS) {
    throw invalid('group_by', `group_by takes day for at most ${DAYS_MAX} days.`);
  }
  const groupings = names.filter((name) => name !== calendar).map((name) => groupingOf(name));
  return { names, groupings, calendar };
}

/**
 * A column or a dimension by its name.
 * @param field where it was named, and what may stand there
 * @throws HttpFailure 400 that names the field
 */
export function groupingOf(
  name: string,
  { field, known }: Words = { field: 'group_by', known: KNOWN },
): Grouping {
  const [, key] = DIMENSION.exec(name) ?? [];
  if (key !== undefined) return { dimension: key.toLowerCase() };
  if (name.startsWith(DIMENSION_PREFIX)) {
    throw invalid(field, `${field} takes a dimension as dimension:<key>, with 1 to 64 plain characters.`);
  }
  if (!isKnown(name)) throw invalid(field, `${field} takes ${known}; not "${shown(name)}".`);
  return { column: GROUPED_COLUMNS[name] };
}

interface Words {
  readonly field: string;
  readonly known: string;
}

const isKnown = (name: string): name is keyof typeof GROUPED_COLUMNS => Object.hasOwn(GROUPED_COLUMNS, name);

/** What came, short enough to be told. */
const shown = (name: string): string => (name.length > 40 ? `${name.slice(0, 40)}…` : name);

/** Too many groups are the request's fault; everything else is not. */
export function invalidGroups(error: unknown): never {
  if (!(error instanceof TooManyGroups)) throw error;
  throw invalid('group_by', `group_by makes more than ${GROUPS_MAX} groups: narrow it, or the period.`);
}
