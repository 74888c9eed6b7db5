/** Redis over HTTP as Upstash offers it: the command is the path or the body. */
import { type Provider, route } from '../provider.js';
import { changesElsewhere, destroys, disturbs, reads, removes } from '../verdicts.js';

const wipes = destroys('It deletes every key.', 'system', 'db.schema_change');
const api = 'https://acme.upstash.io';

export const upstashApi: Provider = {
  name: 'upstash',
  hosts: ['*.upstash.io'],
  controlPlane: false,
  routes: [
    route('*', /^\/(?:flushall|flushdb|swapdb|debug|shutdown)\b/i, wipes),
    route(
      '*',
      /^\/(?:del|unlink|getdel|hdel|srem|zrem|lrem|ltrim|expire\w*|pexpire\w*|rename\w*|spop|zremrange\w+)\b/i,
      removes('It deletes a key or a part of it.', 'db.write'),
    ),
    route(
      '*',
      /^\/(?:set\w*|mset\w*|append|incr\w*|decr\w*|h(?:m?set|incr)\w*|l(?:push|set|insert)\w*|rpush\w*|sadd|zadd|xadd|publish|json\.set)\b/i,
      changesElsewhere('It writes a key.', { kind: 'db.write' }),
    ),
    route(
      '*',
      /^\/(?:eval\w*|script|config)\b/i,
      disturbs('It runs a script in the store.', { verb: 'execute', kind: 'db.write' }),
    ),
    route('*', /^\/[a-z]+\b/i, reads('It only reads.', 'db.query')),
  ],
  worst: wipes,
  otherwise: wipes,
  examples: [
    { run: `curl ${api}/get/a`, tier: 0, points: 0 },
    { run: `curl ${api}/flushall`, tier: 4, points: 500 },
    { run: `curl ${api}/del/a`, tier: 3, points: 20 },
    { run: `curl ${api} -d '["FLUSHALL"]'`, tier: 4, points: 500 },
  ],
};
