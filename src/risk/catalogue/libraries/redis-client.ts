/** The clients of Redis and its like. */
import type { Library } from '../library.js';
import { changesElsewhere, destroys } from '../verdicts.js';

export const redisClient: Library = {
  name: 'Redis',
  modules:
    /^(?:redis[\w./]*|aioredis|ioredis|valkey[\w.]*|@redis\/[\w-]+|@upstash\/redis|Predis[\w\\]*|redix|github\.com\/(?:redis\/go-redis|go-redis\/redis|gomodule\/redigo)[\w./-]*)$/,
  globals: /^(?:Redis|StrictRedis|redis|Predis)$/,
  within: /^(?:flushall|flushAll|flushdb|flushDb|flushDB|FlushAll|FlushDB|FLUSHALL|FLUSHDB|flushallAsync)$/,
  reaches: 'store',
  calls: [
    {
      call: /\b(?:flush_?all|flush_?db)(?:async)?!?$/i,
      verdict: destroys('It empties the whole store.', 'system', 'db.write'),
    },
    {
      call: /\.(?:set|setex|hset|hmset|mset|incr|lpush|rpush|sadd|zadd|expire|publish|xadd)$/i,
      verdict: changesElsewhere('It writes one key.', { kind: 'db.write' }),
    },
  ],
  examples: [
    { run: `python -c "import redis; redis.Redis().flushall()"`, tier: 4, points: 500 },
    { run: `node -e "new (require('ioredis'))().flushdb()"`, tier: 4, points: 500 },
    { run: `ruby -e "require 'redis'; Redis.new.flushall"`, tier: 4, points: 500 },
    { run: `python -c "import redis; redis.Redis().delete('k')"`, tier: 3, points: 20 },
    { run: `python -c "import redis; print(redis.Redis().get('k'))"`, tier: 1, points: 1 },
  ],
};
