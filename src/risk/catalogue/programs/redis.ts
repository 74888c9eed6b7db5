/** The command line of Redis and its like. */
import { on, type Program } from '../program.js';
import { changesElsewhere, destroys, disturbs, escalates, reads, unseen } from '../verdicts.js';

const look = reads('It only reads.', 'db.query');
const session = unseen(
  disturbs('', { kind: 'db.write' }),
  'It opens a session with a database that cannot be seen.',
);
const flushes = destroys('It empties the whole store.', 'system', 'db.write');

export const redis: Program = {
  programs: ['redis-cli', 'valkey-cli', 'keydb-cli'],
  valueFlags: ['-h', '-p', '-a', '-n', '-u', '--user', '--pass', '-s', '-r', '-i'],
  rules: [
    on('flushall|FLUSHALL|FlushAll|flushdb|FLUSHDB|FlushDB', {}, flushes),
    on('shutdown|SHUTDOWN', {}, escalates('It stops the store.', 'system')),
    on(
      'cluster|CLUSTER reset|RESET|forget|FORGET|failover|FAILOVER|flushslots|FLUSHSLOTS',
      {},
      escalates('It takes a cluster apart.', 'system'),
    ),
    on('config|CONFIG get|GET', {}, look),
    on('acl|ACL list|LIST|whoami|WHOAMI|getuser|GETUSER|cat|CAT|users|USERS', {}, look),
    on('cluster|CLUSTER info|INFO|nodes|NODES|slots|SLOTS|shards|SHARDS', {}, look),
    on(
      'object|OBJECT|xread|XREAD|subscribe|SUBSCRIBE|psubscribe|PSUBSCRIBE|slowlog|SLOWLOG|latency|LATENCY|zscore|ZSCORE|zcard|ZCARD|hkeys|HKEYS|hvals|HVALS|hlen|HLEN|hmget|HMGET|hscan|HSCAN|sscan|SSCAN|zscan|ZSCAN|sismember|SISMEMBER|getrange|GETRANGE|lindex|LINDEX|pttl|PTTL|xinfo|XINFO|command|COMMAND|time|TIME|echo|ECHO',
      {},
      look,
    ),
    on(
      'config|CONFIG|acl|ACL|module|MODULE|debug|DEBUG|slaveof|SLAVEOF|replicaof|REPLICAOF',
      {},
      escalates('It changes the settings of the store.'),
    ),
    on(
      '',
      {
        flags: [
          '--scan',
          '--bigkeys',
          '--memkeys',
          '--hotkeys',
          '--stat',
          '--latency',
          '--latency-history',
          '--latency-dist',
          '--intrinsic-latency',
        ],
      },
      look,
    ),
    on('', { words: [/^(?:eval|script)$/i, /flush(?:all|db)/i] }, flushes),
    on(
      'eval|EVAL|script|SCRIPT|evalsha|EVALSHA',
      {},
      disturbs('It runs a script inside the store.', { kind: 'db.write' }),
    ),
    on(
      'del|DEL|Del|unlink|UNLINK',
      { operand: /\*/ },
      destroys('It deletes every key that fits a pattern.', 'collection', 'db.write'),
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
    on('', { flags: ['--eval'] }, unseen(flushes, 'It runs a script inside the store that cannot be seen.')),
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
