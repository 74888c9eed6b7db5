/** The shell of MongoDB. */
import { on, type Program } from '../program.js';
import { changesElsewhere, destroys, disturbs, grants, reads, unseen } from '../verdicts.js';

const look = reads('It only reads.', 'db.query');
const worst = destroys('The worst that SQL can do is to drop the database.', 'system', 'db.schema_change');
const session = unseen(
  disturbs('', { kind: 'db.write' }),
  'It opens a session with a database that cannot be seen.',
);
const DROPS_DATABASE =
  /dropDatabase|adminCommand\(\s*\{\s*["']?shutdown|rs\.reconfig\([^)]*force|\bdropAllUsers|\bshutdownServer/;
const DROPS_COLLECTION =
  /\.drop\(|[Cc]ommand\(\s*\{\s*["']?(?:drop|dropIndexes)["']?\s*:|["']?(?:q|filter)["']?\s*:\s*\{\s*\}|deleteMany\(\s*(?:\{\s*\})?\s*\)|remove\(\s*\{?\s*\}?\s*\)|dropIndexes|updateMany\(\s*\{\s*\}/;
const WRITES =
  /\.(?:insert|update|replace|delete|remove|findOneAnd|bulkWrite|create|rename|aggregate\([^)]*\$out)/;
const READS =
  /^\s*(?:printjson\(\s*|print\(\s*)?(?:show\b|use\b|db\.(?:[\w.]+\.)?(?:find|count|aggregate|stats|getIndexes|distinct|explain|help|version|status|getCollectionNames)|rs\.status)/;

/** One statement that adds, and nothing behind it. */
const ADDS = /^\s*db\.[\w.]+\.(?:insertOne|insert|createIndex)\([^;()]*\)\s*;?\s*$/;

export const mongosh: Program = {
  programs: ['mongosh', 'mongo'],
  valueFlags: [
    '--eval',
    '--host',
    '--port',
    '-u',
    '-p',
    '--username',
    '--password',
    '--authenticationDatabase',
    '--file',
    '-f',
  ],
  rules: [
    on('', { value: DROPS_DATABASE }, destroys('It drops a whole database.', 'system', 'db.schema_change')),
    on(
      '',
      { value: DROPS_COLLECTION },
      destroys('It empties or drops a whole collection.', 'collection', 'db.write'),
    ),
    on(
      '',
      { value: /\.(?:createUser|updateUser|createRole|grantRoles\w*|grantPrivileges\w*)\(/ },
      grants('It changes who may do what.'),
    ),
    on(
      '',
      { value: ADDS },
      changesElsewhere('It adds to a collection.', { kind: 'db.write', verb: 'create' }),
    ),
    on('', { value: WRITES }, disturbs('It changes documents.', { kind: 'db.write', radius: 'set' })),
    on('', { value: READS }, look),
    on('', { flags: ['--eval'] }, disturbs('It runs a script in the database.', { kind: 'db.write' })),
    on('', { flags: ['--file', '-f'] }, unseen(worst, 'A script file for the database cannot be seen.')),
    on('', { operand: /\.js$/ }, unseen(worst, 'A script file for the database cannot be seen.')),
    on('', { piped: true }, unseen(worst, 'Commands that are piped in cannot be seen.')),
  ],
  otherwise: session,
  examples: [
    { run: "mongosh app --eval 'db.dropDatabase()'", tier: 4, points: 500 },
    { run: "mongosh app --eval 'db.users.deleteMany({})'", tier: 4, points: 150 },
    { run: "mongosh app --eval 'db.users.find()'", tier: 0, points: 0 },
  ],
};
