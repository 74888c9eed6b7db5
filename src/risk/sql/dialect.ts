/** Judges a statement of another dialect by its leading words, with comments and strings taken out. */
import type { Judgement } from '../finding.js';
import { SQL, type SqlVerdict } from './verdict.js';

const STATEMENTS_MAX = 500;

interface LeadingWords {
  readonly start: RegExp;
  readonly verdict: Judgement;
}

/** The first that fits counts. */
const LEADING: readonly LeadingWords[] = [
  {
    start:
      /^(?:select|with|values|show|describe|desc|explain|pragma|help|table)\b(?![\s\S]*\b(?:delete|update|insert|drop|truncate|alter|replace|outfile|dumpfile)\b)/i,
    verdict: SQL.reads,
  },
  { start: /^set\s+(?:@@)?(?:global|persist(?:_only)?)\b/i, verdict: SQL.configures },
  {
    start: /^(?:reset\s+(?:master|binary|replica|slave)|purge\s+(?:binary|master))\b/i,
    verdict: SQL.truncates,
  },
  {
    start:
      /^(?:use|set|begin|start|commit|rollback|savepoint|release|lock|unlock|end|go|delimiter|declare)\b/i,
    verdict: SQL.session,
  },
  { start: /^drop\s+(?:database|schema|keyspace|tablespace|warehouse)\b/i, verdict: SQL.dropsDatabase },
  {
    start: /^(?:drop\s+(?:temporary\s+)?(?:table|collection|external|dataset)|truncate|undrop)\b/i,
    verdict: SQL.dropsTable,
  },
  { start: /^drop\s+(?:user|role|login)\b/i, verdict: SQL.grants },
  { start: /^drop\b/i, verdict: SQL.dropsOther },
  {
    start: /^alter\s+table\b[\s\S]{1,400}?\bdelete\s+where\s+(?:true|1\s*(?:=\s*1)?)\s*$/i,
    verdict: SQL.deletesAll,
  },
  { start: /^alter\s+table\b[\s\S]{1,400}?\bdelete\s+where\b/i, verdict: SQL.deletesSome },
  {
    start: /^alter\s+table\b[\s\S]{1,400}?\bupdate\b[\s\S]{1,400}?\bwhere\s+(?:true|1\s*(?:=\s*1)?)\s*$/i,
    verdict: SQL.updatesAll,
  },
  { start: /^alter\s+table\b[\s\S]{1,400}?\bmodify\s+ttl\b/i, verdict: SQL.deletesSome },
  {
    start:
      /^(?:delete|update)\b[\s\S]*\bwhere\s+[\w."`]*\bid["`]?\s*(?:>=?\s*-?[01]|(?:<>|!=)\s*(?:-?[01]|''))\s*(?:$|limit|order)/i,
    verdict: SQL.deletesAll,
  },
  { start: /^delete\b(?![\s\S]*\bwhere\b)/i, verdict: SQL.deletesAll },
  {
    start: /^delete\b[\s\S]*\bwhere\s+(?:true|1\s*(?:=\s*1)?)\s*(?:$|limit|order|or)/i,
    verdict: SQL.deletesAll,
  },
  { start: /^delete\b[\s\S]*\bwhere\s+[\w."]*\bid"?\s*=/i, verdict: SQL.deletesOne },
  { start: /^delete\b/i, verdict: SQL.deletesSome },
  { start: /^update\b(?![\s\S]*\bwhere\b)/i, verdict: SQL.updatesAll },
  {
    start: /^update\b[\s\S]*\bwhere\s+(?:true|1\s*(?:=\s*1)?)\s*(?:$|limit|order|or)/i,
    verdict: SQL.updatesAll,
  },
  { start: /^update\b[\s\S]*\bwhere\s+[\w."]*\bid"?\s*=/i, verdict: SQL.updatesOne },
  { start: /^update\b/i, verdict: SQL.updatesSome },
  { start: /^(?:insert|replace|upsert)\b/i, verdict: SQL.insertsMany },
  { start: /^alter\b[\s\S]*\bdrop\s+(?:column\b|partition\b)/i, verdict: SQL.dropsColumn },
  { start: /^alter\s+(?:user|role|login|system|server)\b/i, verdict: SQL.grants },
  { start: /^(?:alter|rename)\b/i, verdict: SQL.altersSchema },
  { start: /^(?:grant|revoke|create\s+(?:user|role|login))\b/i, verdict: SQL.grants },
  {
    start: /^create\s+(?:or\s+replace\s+)?(?:function|procedure|trigger|event)\b/i,
    verdict: SQL.definesCode,
  },
  { start: /^create\b/i, verdict: SQL.createsSchema },
  {
    start: /^(?:vacuum|analyze|optimize|check|repair|reindex|flush|reset|attach|detach)\b/i,
    verdict: SQL.maintains,
  },
  { start: /^(?:shutdown|kill)\b/i, verdict: SQL.configures },
  { start: /^load\s+data\b/i, verdict: SQL.copiesIn },
  { start: /^(?:call|exec|execute)\b/i, verdict: SQL.callsCode },
];

/** The verdict that the leading words support, or null. */
export function judgeDialect(statement: string): SqlVerdict | null {
  const rule = LEADING.find((entry) => entry.start.test(statement));
  if (rule === undefined) return null;
  return {
    judgement: rule.verdict,
    target: `SQL ${statement.split(/\s+/).slice(0, 4).join(' ').slice(0, 80)}`,
  };
}

/** The statements of a text, without comments and with the contents of strings blanked. */
export function splitStatements(sql: string): readonly string[] {
  const plain = sql
    .replace(/'(?:[^'\\]|''|\\.)*'/g, "''")
    .replace(/\/\*!\d*([\s\S]*?)(?:\*\/|$)/g, '$1')
    .replace(/\/\*[\s\S]*?(?:\*\/|$)/g, ' ')
    .replace(/(?:--|#)[^\n]*/g, ' ');
  const statements = plain
    .split(';')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  return statements.slice(0, STATEMENTS_MAX);
}
