/** The HTTP API of Consul, recognised by its usual port. */
import { type Provider, route } from '../provider.js';
import { changesElsewhere, destroys, disturbs, escalates, grants, removes } from '../verdicts.js';

const api = 'http://consul.internal:8500/v1';

export const consulApi: Provider = {
  name: 'consul',
  hosts: ['*:8500', '*:8501'],
  controlPlane: true,
  routes: [
    route('DELETE', /^\/v1\/kv\/?$/, destroys('It deletes every key.', 'system'), { query: /recurse/ }),
    route('DELETE', /^\/v1\/kv\//, destroys('It deletes every key under a prefix.', 'collection'), {
      query: /recurse/,
    }),
    route('DELETE', /^\/v1\/kv\//, removes('It deletes one key.')),
    route('PUT', /^\/v1\/kv\//, disturbs('It changes a value that services may depend on.')),
    route('PUT', /^\/v1\/txn$/, disturbs('It changes values that services may depend on.')),
    route('PUT', /^\/v1\/snapshot/, destroys('It overwrites everything from a snapshot.', 'system')),
    route('POST|PUT|DELETE', /^\/v1\/acl\//, grants('It changes who may do what.')),
    route(
      'PUT',
      /^\/v1\/(?:agent\/(?:leave|force-leave|maintenance)|operator\/)/,
      escalates('It takes a member out of the cluster.', 'collection'),
    ),
    route('DELETE', /^\/v1\/operator\//, escalates('It takes a member out of the cluster.', 'system')),
    route('PUT', /deregister/, destroys('It takes a service out of the catalogue.', 'object')),
    route(
      'PUT',
      /^\/v1\/(?:session|event|query|agent\/check)\b/,
      changesElsewhere('It changes something that is renewed.'),
    ),
  ],
  worst: destroys('The worst call deletes every key.', 'system'),
  otherwise: disturbs('A change to the cluster that the catalogue does not list.'),
  examples: [
    { run: `curl ${api}/kv/app/config`, tier: 0, points: 0 },
    { run: `curl -X DELETE '${api}/kv/?recurse=true'`, tier: 4, points: 500 },
    { run: `curl -X DELETE '${api}/kv/app?recurse'`, tier: 4, points: 150 },
    { run: `curl -X DELETE ${api}/kv/app/a`, tier: 3, points: 20 },
  ],
};
