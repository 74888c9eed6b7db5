/** psql and its like; what they run is read by the PostgreSQL grammar. */
import { on, type Program } from '../program.js';
import { changesLocally, destroys, disturbs, reads, unseen } from '../verdicts.js';

const look = reads('It only reads.', 'db.query');
const worst = destroys('The worst that SQL can do is to drop the database.', 'system', 'db.schema_change');
const session = unseen(
  disturbs('', { kind: 'db.write' }),
  'It opens a session with a database that cannot be seen.',
);

export const psql: Program = {
  programs: ['psql', 'pgcli', 'usql'],
  valueFlags: [
    '-c',
    '--command',
    '-f',
    '--file',
    '-h',
    '--host',
    '-p',
    '--port',
    '-U',
    '--username',
    '-d',
    '--dbname',
    '-v',
    '--set',
    '--variable',
    '-o',
    '--output',
    '-L',
    '-P',
    '-F',
    '-R',
  ],
  rules: [
    on(
      '',
      { value: /^\s*\\copy\s[^;\n]*\sto\s+(?!program)[^;\n]*$/i },
      changesLocally('It copies rows into a file.'),
    ),
    on(
      '',
      { flags: ['-c', '--command', '-f', '--file'] },
      { runs: 'sql', from: { flag: ['-c', '--command'] }, unseen: worst },
      { runs: 'sql', from: { fileFlag: ['-f', '--file'] }, unseen: worst },
    ),
    on('', { piped: true }, { runs: 'sql', from: 'stdin', unseen: worst }),
    on('', { flags: ['-l', '--list'] }, look),
  ],
  otherwise: session,
  examples: [
    { run: "psql -c 'SELECT 1'", tier: 0, points: 0 },
    { run: "psql -c 'DELETE FROM users'", tier: 4, points: 150 },
    { run: "psql -h db.prod.example.com -c 'DROP DATABASE app'", tier: 4, points: 1500 },
    { run: 'psql -f migration.sql', tier: 4, points: 500 },
    { run: "echo 'TRUNCATE users' | psql", tier: 4, points: 150 },
  ],
};
