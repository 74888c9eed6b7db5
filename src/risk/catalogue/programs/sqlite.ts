/** The shell of SQLite. */
import { on, type Program } from '../program.js';
import { destroys, disturbs, escalates, unseen } from '../verdicts.js';

const session = unseen(
  disturbs('', { kind: 'db.write' }),
  'It opens a session with a database that cannot be seen.',
);

export const sqlite: Program = {
  programs: ['sqlite3', 'sqlite', 'litecli', 'duckdb'],
  valueFlags: ['-cmd', '-init', '-separator', '-c', '-s', '-f'],
  singleDash: true,
  rules: [
    on(
      '',
      { operand: /^\.(?:read|restore)\b/ },
      unseen(destroys('', 'collection', 'db.write'), 'It runs a file of statements that cannot be seen.'),
    ),
    on(
      '',
      { operand: /^\.(?:shell|system)\b/ },
      escalates('It makes the shell of the database run a command.'),
    ),
    on(
      '',
      { flags: ['-c', '-s'] },
      { touches: 'read', operands: 'first' },
      {
        runs: 'sql',
        from: { flag: ['-c', '-s'] },
        unseen: disturbs('It changes a database file.', { kind: 'db.write' }),
      },
    ),
    on(
      '',
      { atLeast: 2 },
      { touches: 'read', operands: 'first' },
      {
        runs: 'sql',
        from: { restAsText: 1 },
        unseen: disturbs('It changes a database file.', { kind: 'db.write' }),
      },
    ),
    on(
      '',
      { piped: true },
      { runs: 'sql', from: 'stdin', unseen: disturbs('It changes a database file.', { kind: 'db.write' }) },
    ),
  ],
  otherwise: session,
  examples: [
    { run: "sqlite3 dev.db 'select * from users'", tier: 0, points: 0 },
    { run: "sqlite3 dev.db 'drop table users'", tier: 4, points: 150 },
    { run: "sqlite3 dev.db '.tables'", tier: 0, points: 0 },
  ],
};
