/** mysql and other clients that take SQL by a flag. */
import { on, type Program } from '../program.js';
import { destroys, disturbs, unseen } from '../verdicts.js';

const worst = destroys('The worst that SQL can do is to drop the database.', 'system', 'db.schema_change');
const session = unseen(
  disturbs('', { kind: 'db.write' }),
  'It opens a session with a database that cannot be seen.',
);

export const mysql: Program = {
  programs: [
    'mysql',
    'mariadb',
    'mycli',
    'snowsql',
    'sqlcmd',
    'clickhouse-client',
    'cqlsh',
    'trino',
    'clickhouse',
  ],
  valueFlags: [
    '-e',
    '--execute',
    '-q',
    '--query',
    '-Q',
    '-h',
    '--host',
    '-u',
    '--user',
    '-P',
    '--port',
    '-D',
    '--database',
    '-S',
    '-f',
    '-s',
    '--defaults-file',
  ],
  rules: [
    on(
      '',
      { flags: ['-e', '--execute', '-q', '--query', '-Q'] },
      { runs: 'sql', from: { flag: ['-e', '--execute', '-q', '--query', '-Q'] }, unseen: worst },
    ),
    on('', { flags: ['-f'] }, { runs: 'sql', from: { fileFlag: ['-f'] }, unseen: worst }),
    on('', { piped: true }, { runs: 'sql', from: 'stdin', unseen: worst }),
  ],
  otherwise: session,
  examples: [
    { run: "mysql -u root -psecret -e 'DROP DATABASE app'", tier: 4, points: 500 },
    { run: "mysql -e 'SHOW TABLES'", tier: 0, points: 0 },
    { run: 'mysql app < dump.sql', tier: 4, points: 500 },
    { run: "mysql -e 'DELETE FROM `users`'", tier: 4, points: 150 },
  ],
};
