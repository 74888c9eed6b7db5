/** Clients of databases: what they are told to run is read as SQL, as a script or as a command. */
import { on, type Program } from './program.js';
import { changesElsewhere, destroys, disturbs, escalates, grants, reads, unseen } from './verdicts.js';

const look = reads('It only reads.', 'db.query');
const worst = destroys('The worst that SQL can do is to drop the database.', 'system', 'db.schema_change');
const session = unseen(
  disturbs('', { kind: 'db.write' }),
  'It opens a session with a database that cannot be seen.',
);

export const psql: Program = {
  programs: ['psql', 'pgcli', 'usql', 'cockroach-sql'],
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

export const mysql: Program = {
  programs: [
    'mysql',
    'mariadb',
    'mycli',
    'snowsql',
    'sqlcmd',
    'clickhouse-client',
    'cqlsh',
    'duckdb',
    'trino',
    'bq-query',
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

export const sqlite: Program = {
  programs: ['sqlite3', 'sqlite', 'litecli'],
  valueFlags: ['-cmd', '-init', '-separator'],
  singleDash: true,
  rules: [
    on(
      '',
      { atLeast: 2 },
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

export const dropTools: Program = {
  programs: ['dropdb', 'pg_resetwal'],
  valueFlags: ['-h', '-p', '-U', '--host', '--port', '--username'],
  rules: [],
  otherwise: worst,
  examples: [{ run: 'dropdb app', tier: 4, points: 500 }],
};

export const accountTools: Program = {
  programs: ['dropuser', 'createuser'],
  rules: [],
  otherwise: grants('It changes who may use the database.'),
  examples: [{ run: 'createuser mallory', tier: 4, points: 50 }],
};

export const dumpTools: Program = {
  programs: [
    'pg_dump',
    'pg_dumpall',
    'mysqldump',
    'mongodump',
    'mongoexport',
    'pg_isready',
    'createdb',
    'vacuumdb',
    'reindexdb',
  ],
  rules: [
    on(
      '',
      { flags: ['-f', '--file', '--result-file'] },
      changesElsewhere('It copies a database into a file.', { verb: 'read', kind: 'db.query' }),
    ),
  ],
  otherwise: changesElsewhere('It copies or tends a database.', { verb: 'read', kind: 'db.query' }),
  examples: [{ run: 'pg_dump app', tier: 2, points: 5 }],
};

export const restoreTools: Program = {
  programs: ['pg_restore', 'mongorestore', 'mongoimport'],
  rules: [
    on('', { flags: ['-l', '--list'] }, look),
    on(
      '',
      { flags: ['-c', '--clean', '--drop', '--create'] },
      destroys('It drops what is there before it restores.', 'system', 'db.schema_change'),
    ),
  ],
  otherwise: disturbs('It loads a whole backup into a database.', { kind: 'db.write', radius: 'collection' }),
  examples: [{ run: 'pg_restore --clean -d app dump', tier: 4, points: 500 }],
};

export const mysqladmin: Program = {
  programs: ['mysqladmin', 'mariadb-admin', 'pg_ctl'],
  valueFlags: ['-h', '-u', '-P', '-D'],
  rules: [
    on('drop', {}, { does: worst, target: 'database {0}' }),
    on('shutdown|stop|kill', {}, escalates('It stops the database server.', 'system')),
    on('ping|status|version|processlist|extended-status|variables', {}, look),
  ],
  otherwise: disturbs('It changes the database server.', { kind: 'db.write' }),
  worst,
  examples: [
    { run: 'mysqladmin -u root drop app', tier: 4, points: 500 },
    { run: 'mysqladmin status', tier: 0, points: 0 },
  ],
};

const DROPS_DATABASE = /dropDatabase|\bdropAllUsers|\bshutdownServer/;
const DROPS_COLLECTION =
  /\.drop\(|deleteMany\(\s*(?:\{\s*\})?\s*\)|remove\(\s*\{?\s*\}?\s*\)|dropIndexes|updateMany\(\s*\{\s*\}/;
const WRITES =
  /\.(?:insert|update|replace|delete|remove|findOneAnd|bulkWrite|create|rename|aggregate\([^)]*\$out)/;
const READS =
  /^\s*(?:show\b|use\b|db\.(?:[\w.]+\.)?(?:find|count|aggregate|stats|getIndexes|distinct|explain|help|version|status|getCollectionNames)|rs\.status)/;

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

const flushes = destroys('It empties the whole store.', 'system', 'db.write');

export const redis: Program = {
  programs: ['redis-cli', 'valkey-cli', 'keydb-cli'],
  valueFlags: ['-h', '-p', '-a', '-n', '-u', '--user', '--pass', '-s', '-r', '-i'],
  rules: [
    on('flushall|FLUSHALL|FlushAll|flushdb|FLUSHDB|FlushDB', {}, flushes),
    on('shutdown|SHUTDOWN', {}, escalates('It stops the store.', 'system')),
    on('config|CONFIG get|GET', {}, look),
    on(
      'config|CONFIG|acl|ACL|module|MODULE|debug|DEBUG|slaveof|SLAVEOF|replicaof|REPLICAOF',
      {},
      escalates('It changes the settings of the store.'),
    ),
    on(
      'eval|EVAL|script|SCRIPT|evalsha|EVALSHA',
      {},
      disturbs('It runs a script inside the store.', { kind: 'db.write' }),
    ),
    on(
      'del|DEL|unlink|UNLINK',
      { atMost: 1 },
      disturbs('It deletes one key.', { verb: 'delete', kind: 'db.write' }),
    ),
    on(
      'del|DEL|unlink|UNLINK',
      {},
      disturbs('It deletes several keys.', { verb: 'delete', kind: 'db.write', radius: 'set' }),
    ),
    on(
      'get|GET|mget|MGET|keys|KEYS|scan|SCAN|info|INFO|ping|PING|ttl|TTL|type|TYPE|exists|EXISTS|hget|HGET|hgetall|HGETALL|lrange|LRANGE|smembers|SMEMBERS|zrange|ZRANGE|dbsize|DBSIZE|monitor|MONITOR|llen|LLEN|scard|SCARD|strlen|STRLEN|memory|MEMORY|client|CLIENT|xlen|XLEN|xrange|XRANGE',
      {},
      look,
    ),
    on(
      'set|SET|hset|HSET|lpush|LPUSH|rpush|RPUSH|sadd|SADD|zadd|ZADD|expire|EXPIRE|incr|INCR|setex|SETEX|publish|PUBLISH|xadd|XADD',
      {},
      changesElsewhere('It writes one key.', { kind: 'db.write' }),
    ),
    on('', { piped: true }, unseen(flushes, 'Commands that are piped in cannot be seen.')),
    on('', { atMost: 0 }, session),
  ],
  otherwise: disturbs('It changes the store.', { kind: 'db.write' }),
  worst: flushes,
  examples: [
    { run: 'redis-cli FLUSHALL', tier: 4, points: 500 },
    { run: 'redis-cli -h cache get user:1', tier: 0, points: 0 },
    { run: 'redis-cli del user:1', tier: 3, points: 20 },
  ],
};
