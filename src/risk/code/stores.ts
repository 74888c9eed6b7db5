/** Judges what a call of a database's client does to rows, documents, tables and databases. */
import { changesElsewhere, destroys, disturbs, escalates } from '../catalogue/verdicts.js';
import type { Judgement } from '../finding.js';
import { actOf, meansMany, radiusOf, wordsOf } from '../naming.js';
import type { Call, Link } from './calls.js';

const data = { kind: 'db.write' } as const;
const DELETES_ONE = disturbs('It deletes one record.', { verb: 'delete', ...data });
const DELETES_SOME = disturbs('It deletes the records that meet a condition.', {
  verb: 'delete',
  radius: 'set',
  ...data,
});
const DELETES_ALL = destroys(
  'It deletes every record, because no condition narrows it.',
  'collection',
  data.kind,
);
const DROPS_TABLE = destroys('It drops or empties a whole table.', 'collection', 'db.schema_change');
const DROPS_ALL = destroys('It drops or empties a whole database.', 'system', 'db.schema_change');
const CHANGES_SCHEMA = disturbs('It changes the shape of a table.', { kind: 'db.schema_change' });
const UPDATES_SOME = disturbs('It updates records.', data);
const UPDATES_ALL = escalates('It updates every record, because no condition narrows it.', 'collection', {
  verb: 'update',
  ...data,
});
const INSERTS = changesElsewhere('It inserts records.', { verb: 'create', ...data });

/** Links that narrow what a call reaches, when they are given something. */
const FILTERS =
  /^(?:(?:and|or)?[wW]here\w*|where_\w+|filter(?:_by|By)?|exclude|eq|match|in|in_|gte?|lte?|like|ilike|contains|find\w*|find_by|get|doc|document|limit|having)$/;
/** Links that name a whole table. */
const TABLES =
  /^(?:from|from_|into|table|collection|objects|query|all|knex|model|schema|getRepository|createQueryBuilder|getCollection|select)$/;
/** Links that ask a whole table for some of its rows. */
const QUERIES = /^(?:(?:or)?[wW]here(?:[A-Z_]\w*)?|filter|exclude|newQuery)$/;
const EMPTY = /^\s*(?:\{\s*\}|None|null|undefined|nil|true|True|1)?\s*(?:,|$)/;
const FITS_ALL =
  /\bwhere\s*[:=]\s*(?:\{\s*\}|undefined|null)|\$exists\s*["']?\s*:\s*[tT]rue|\$ne\s*["']?\s*:\s*(?:null|None|-?1|0)|["'`]\s*(?:1\s*=\s*1|true)|\b(?:id|pk)__(?:gte?\s*=\s*[01]\b|isnull\s*=\s*False)|["'`]id["'`]\s*,\s*["'`]>=?["'`]\s*,\s*[01]\b/;
const PARTS_OF_TABLE = /index|constraint|column|view|trigger|key\b/i;
const ROOTS = /^(?:db|tx|trx|database|drizzle)$/;

/** The verdict on a call of a store; null when it changes nothing that is stored. `emptyNames` stand for `{}`. */
export function judgeStoreCall(call: Call, emptyNames: ReadonlySet<string>): Judgement | null {
  const words = wordsOf(call.name);
  const act = actOf(call.name);
  if (words.includes('drop') || words.includes('truncate')) return judgeDrop(call, words);
  if (act === 'delete') return judgeDeletion(call, words, emptyNames);
  if (act === 'reset') return reachesTable(call) ? DROPS_TABLE : null;
  if (act === 'create') return isOfPlainName(call) ? null : INSERTS;
  if (act !== 'update' || isOfPlainName(call)) return null;
  return meansMany(call.name) && !isNarrowed(call, emptyNames) ? UPDATES_ALL : UPDATES_SOME;
}

function judgeDrop({ name, receivers }: Call, words: readonly string[]): Judgement {
  if (PARTS_OF_TABLE.test(name)) return CHANGES_SCHEMA;
  const whole = words.some((word) => /^(?:all|schema|schemas)$/.test(word)) || radiusOf(name) === 'system';
  const isDatabase =
    words.length === 1 && receivers.length > 0 && radiusOf(receivers.at(-1)?.name ?? '') === 'system';
  return whole || (isDatabase && receivers.length > 1) ? DROPS_ALL : DROPS_TABLE;
}

function judgeDeletion(call: Call, words: readonly string[], emptyNames: ReadonlySet<string>): Judgement {
  if (radiusOf(call.name) === 'system') return DROPS_ALL;
  if (words.some((word) => word === 'one' || word === 'by' || word === 'first')) return DELETES_ONE;
  const narrowed = isNarrowed(call, emptyNames);
  if (radiusOf(call.name) === 'collection' || reachesTable(call))
    return narrowed ? DELETES_SOME : DELETES_ALL;
  if (call.given !== null && /^\s*\{\s*\}\s*$/.test(call.given)) return DELETES_ALL;
  if (!hasCondition(call)) return DELETES_ONE;
  return FITS_ALL.test(call.given ?? '') ? DELETES_ALL : DELETES_SOME;
}

/** `destroy({ where: … })`: a condition is given by that name. */
export function hasCondition({ given }: Call): boolean {
  return /\bwhere\s*:/.test(given ?? '');
}

/** `repository.clear()`, `db('users').del()`, `db.delete(users)`, `User.objects.all().delete()`. */
function reachesTable({ receivers, name, given }: Call): boolean {
  const [root] = receivers;
  const builds = receivers.length === 1 && root !== undefined;
  if (builds && ROOTS.test(root.name) && root.given === null && name === 'delete')
    return /^\s*[A-Za-z_$][\w$.]*\s*$/.test(given ?? '');
  if (builds && root.given !== null && /^\s*["'`]/.test(root.given)) return true;
  return [...receivers, { name, given }].some(
    (link) =>
      TABLES.test(link.name) ||
      (link.given !== null && QUERIES.test(link.name)) ||
      /From$|[rR]epo(?:sitory)?$/.test(link.name),
  );
}

function isNarrowed(call: Call, emptyNames: ReadonlySet<string>): boolean {
  const { receivers, after, given } = call;
  if ([...receivers, ...after].some((link) => isFilter(link, emptyNames))) return true;
  const own = given ?? '';
  return meansMany(call.name) && !EMPTY.test(own) && !FITS_ALL.test(own) && !isEmptyName(own, emptyNames);
}

function isFilter({ name, given }: Link, emptyNames: ReadonlySet<string>): boolean {
  return (
    FILTERS.test(name) &&
    given !== null &&
    !EMPTY.test(given) &&
    !FITS_ALL.test(given) &&
    !isEmptyName(given, emptyNames)
  );
}

/** A name that the code itself sets to an empty filter. */
function isEmptyName(given: string, emptyNames: ReadonlySet<string>): boolean {
  const name = /^\s*([A-Za-z_$][\w$]*)\s*$/.exec(given)?.[1];
  return name !== undefined && emptyNames.has(name);
}

/** `rows.append(x)` is a list of the code's own more often than a store. */
function isOfPlainName({ receivers, name }: Call): boolean {
  return receivers.length === 0 || (receivers.length === 1 && wordsOf(name).length === 1);
}
