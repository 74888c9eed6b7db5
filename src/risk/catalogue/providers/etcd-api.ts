/** etcd over HTTP, recognised by its usual port: the keys behind a Kubernetes cluster, for example. */
import { type Provider, route } from '../provider.js';
import { changesElsewhere, destroys, disturbs, escalates, grants, reads, removes } from '../verdicts.js';

const api = 'http://etcd.internal:2379';

export const etcdApi: Provider = {
  name: 'etcd',
  hosts: ['*:2379'],
  controlPlane: true,
  routes: [
    route(
      'POST',
      /^\/v3\w*\/(?:kv\/range|watch|maintenance\/(?:status|snapshot|hash)|cluster\/member\/list|lease\/(?:timetolive|leases)|auth\/(?:status|authenticate)|auth\/\w+\/(?:get|list))$/,
      reads('It only reads.', 'db.query'),
    ),
    route(
      'POST',
      /^\/v3\w*\/kv\/deleterange$/,
      destroys('It deletes a range of keys, which may be all of them.', 'system', 'db.write'),
    ),
    route(
      'POST',
      /^\/v3\w*\/kv\/(?:put|txn)$/,
      disturbs('It changes values that a cluster depends on.', { kind: 'db.write' }),
    ),
    route('POST', /^\/v3\w*\/kv\/compaction$/, disturbs('It forgets older revisions.', { kind: 'db.write' })),
    route(
      'POST',
      /^\/v3\w*\/cluster\/member\/(?:remove|update|add|promote)$/,
      escalates('It changes who makes up the cluster.', 'system'),
    ),
    route('POST', /^\/v3\w*\/auth\//, grants('It changes who may do what.')),
    route('POST', /^\/v3\w*\/lease\//, changesElsewhere('It changes how long keys live.')),
    route('DELETE', /^\/v2\/keys\//, destroys('It deletes a folder of keys.', 'collection', 'db.write'), {
      query: /(?:recursive|dir)=true/,
    }),
    route('DELETE', /^\/v2\/keys\//, removes('It deletes one key.', 'db.write')),
    route('DELETE', /^\/v2\/members\//, escalates('It takes a member out of the cluster.', 'system')),
  ],
  worst: destroys('The worst call deletes every key of the cluster.', 'system', 'db.write'),
  otherwise: disturbs('A change to the cluster that the catalogue does not list.', { kind: 'db.write' }),
  examples: [
    { run: `curl ${api}/v3/kv/range -d '{"key":"Zm9v"}'`, tier: 0, points: 0 },
    { run: `curl ${api}/v3/kv/deleterange -d '{"key":"AA==","range_end":"AA=="}'`, tier: 4, points: 500 },
    { run: `curl -X DELETE '${api}/v2/keys/app?recursive=true'`, tier: 4, points: 150 },
    { run: `curl ${api}/v3/kv/put -d '{}'`, tier: 3, points: 20 },
  ],
};
