/** The shell of CockroachDB. */
import { on, type Program } from '../program.js';
import { destroys, disturbs } from '../verdicts.js';

const worst = destroys('The worst that SQL can do is to drop the database.', 'system', 'db.schema_change');

export const cockroach: Program = {
  programs: ['cockroach'],
  valueFlags: ['-e', '--execute', '-f', '--file', '--url', '--host', '-d', '--database'],
  rules: [
    on(
      'sql',
      { flags: ['-e', '--execute'] },
      { runs: 'sql', from: { flag: ['-e', '--execute'] }, unseen: worst },
    ),
    on(
      'sql',
      { flags: ['-f', '--file'] },
      { runs: 'sql', from: { fileFlag: ['-f', '--file'] }, unseen: worst },
    ),
    on('sql', { piped: true }, { runs: 'sql', from: 'stdin', unseen: worst }),
  ],
  otherwise: disturbs('It changes a cluster of databases.', { kind: 'db.write' }),
  examples: [
    { run: "cockroach sql -e 'DROP DATABASE app CASCADE'", tier: 4, points: 500 },
    { run: "cockroach sql -e 'SELECT 1'", tier: 0, points: 0 },
  ],
};
