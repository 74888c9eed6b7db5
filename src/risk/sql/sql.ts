/** Reads SQL: by the PostgreSQL grammar, and by its leading words where another dialect is spoken. */
import type { Analysis, Reading } from '../analysis.js';
import { destroys, disturbs, reads, unseen } from '../catalogue/verdicts.js';
import type { Excerpt } from '../excerpt.js';
import type { Judgement } from '../finding.js';
import { parsePostgres } from '../parsers.js';
import { judgeDialect, splitStatements } from './dialect.js';
import { judgeStatement } from './statement.js';
import type { SqlVerdict } from './verdict.js';

const UNREADABLE = unseen(
  disturbs('', { kind: 'db.write' }),
  'The SQL does not parse, so what it does is unseen.',
);
const RUNS_ANSWERS = unseen(
  destroys('', 'collection', 'db.schema_change'),
  'It runs what a query answers as statements, which cannot be seen.',
);
const NOTHING = reads('There is no statement in it.', 'db.query');

/** Reads an SQL text and reports what its statements would do. */
export function readSql(text: Excerpt, reading: Reading, analysis: Analysis): void {
  const sql = withoutClientCommands(text, reading, analysis);
  const span = text.locate(0, text.text.length);
  analysis.bounds.checkTokens(sql);
  const verdicts = verdictsOf(sql, reading.whenUnreadable ?? UNREADABLE);
  for (const { judgement, target, program } of verdicts) {
    analysis.bounds.step();
    if (program !== undefined)
      analysis.read('shell', { text: program, locate: () => span }, { ...reading, place: 'remote' });
    analysis.report(judgement, { target, span, names: reading.names });
  }
}

function verdictsOf(sql: string, unreadable: Judgement): readonly SqlVerdict[] {
  const trees = runsComments(sql) ? null : (parsePostgres(sql) ?? parsePostgres(asPostgres(sql)));
  if (trees !== null) {
    return trees.length === 0 ? [{ judgement: NOTHING, target: 'nothing' }] : trees.flatMap(judgeStatement);
  }
  return splitStatements(sql).map(
    (statement) =>
      judgeDialect(statement) ?? {
        judgement: unseen(unreadable, 'The SQL does not parse, so what it does is unseen.'),
        target: 'an SQL statement',
      },
  );
}

/** MySQL runs what stands in a comment of this form, which PostgreSQL would skip. */
function runsComments(sql: string): boolean {
  return sql.includes('/*!');
}

/** MySQL and SQLite write names in backticks and comments with a hash. */
function asPostgres(sql: string): string {
  return sql.replace(/`([^`]*)`/g, '"$1"').replace(/^\s*#.*$/gm, '');
}

/** `\! command` runs a shell, `\i file` another file; other backslash commands of psql only look. */
function withoutClientCommands(text: Excerpt, reading: Reading, analysis: Analysis): string {
  if (!text.text.includes('\\') && !/^\s*\./m.test(text.text)) return text.text;
  if (/\S\s*\\gexec\b/.test(text.text))
    analysis.report(RUNS_ANSWERS, {
      target: 'statements that a query puts together',
      span: text.locate(0, text.text.length),
      names: reading.names,
    });
  return text.text
    .split('\n')
    .map((line) => {
      if (!/^\s*(?:\\|\.[a-z])/.test(line)) return line.replace(/\\gexec\b.*$/, ';');
      const shell = /^\s*(?:\\!|\.(?:shell|system)\b)\s*(.*)$/.exec(line);
      const span = text.locate(0, text.text.length);
      if (shell !== null) analysis.read('shell', { text: shell[1] ?? '', locate: () => span }, reading);
      else if (/^\s*(?:\\(?:i|ir|include|gexec|copy)\b|\.read\b|\.restore\b)/.test(line)) {
        analysis.report(reading.whenUnreadable ?? UNREADABLE, {
          target: line.trim().slice(0, 100),
          span,
          names: reading.names,
        });
      }
      return '';
    })
    .join('\n');
}
