/** The API of Cloudflare. */
import { type Provider, route } from '../provider.js';
import { changesElsewhere, deploys, destroys, disturbs, grants, reads, removes } from '../verdicts.js';

const api = 'https://api.cloudflare.com/client/v4';
const destroysSystem = destroys(
  'It deletes a zone, a database or an account with everything in it.',
  'system',
);

export const cloudflareApi: Provider = {
  name: 'cloudflare',
  hosts: ['api.cloudflare.com'],
  controlPlane: true,
  graphqlPath: /\/graphql\/?$/,
  routes: [
    route(
      'DELETE',
      /\/(?:zones|accounts|d1\/database|hyperdrive\/configs|durable_objects\/namespaces|pages\/projects)\/[^/]+\/?$/,
      destroysSystem,
    ),
    route('POST', /\/d1\/database\/[^/]+\/time_travel\/restore$/, destroysSystem),
    route(
      'POST',
      /\/d1\/database\/[^/]+\/(?:query|raw|import)$/,
      disturbs('It changes a database.', { kind: 'db.write' }),
    ),
    route(
      'DELETE',
      /\/(?:r2\/buckets|storage\/kv\/namespaces|queues|vectorize\/[^/]*indexes)\/[^/]+\/?$/,
      destroys('It deletes a whole store.', 'collection', 'storage.delete'),
    ),
    route(
      'POST',
      /\/storage\/kv\/namespaces\/[^/]+\/bulk\/delete$/,
      destroys('It deletes many values.', 'set', 'storage.delete'),
    ),
    route(
      'DELETE',
      /\/workers\/(?:scripts|services|routes|domains)\//,
      destroys('It takes a worker out of service.', 'object'),
    ),
    route(
      'POST|PUT|PATCH|DELETE',
      /\/(?:tokens|members|roles|access|api_tokens|keys)(?:\/|$)/,
      grants('It changes who may do what.'),
    ),
    route(
      'PUT|POST',
      /\/workers\/(?:scripts|deployments|versions)\b|\/pages\/projects\/[^/]+\/deployments|\/deployments$/,
      deploys('It puts a worker or a site into service.'),
    ),
    route('POST', /\/purge_cache$/, disturbs('It empties the cache in front of a site.')),
    route('DELETE', /\/dns_records\/[^/]+\/?$/, removes('It deletes a name that leads somewhere.')),
    route(
      'PUT|PATCH|POST',
      /\/(?:dns_records|settings|rulesets|firewall|ssl|load_balancers|page_rules|tunnels|cfd_tunnel)\b/,
      disturbs('It changes how a site is reached.'),
    ),
    route(
      'PUT',
      /\/storage\/kv\/namespaces\/[^/]+\/(?:values|bulk)/,
      changesElsewhere('It stores values.', { kind: 'storage.upload' }),
    ),
    route(
      'POST',
      /\/ai\/run\//,
      changesElsewhere('It has a model run.', { kind: 'llm.completion', verb: 'execute' }),
    ),
    route('POST', /\/(?:search|query|verify)$/, reads('It only reads.', 'http.get')),
  ],
  worst: destroysSystem,
  otherwise: disturbs('A change to Cloudflare that the catalogue does not list.'),
  examples: [
    { run: `curl ${api}/zones`, tier: 0, points: 0 },
    { run: `curl -X DELETE ${api}/zones/z1`, tier: 4, points: 500 },
    { run: `curl -X DELETE ${api}/accounts/a/d1/database/d`, tier: 4, points: 500 },
    { run: `curl ${api}/accounts/a/d1/database/d/query -d '{"sql":"DROP TABLE t"}'`, tier: 4, points: 150 },
    { run: `curl -X DELETE ${api}/accounts/a/r2/buckets/b`, tier: 4, points: 150 },
    { run: `curl -X DELETE ${api}/zones/z/dns_records/r`, tier: 3, points: 20 },
    { run: `curl ${api}/graphql -d '{"query":"{ viewer { zones { zoneTag } } }"}'`, tier: 0, points: 0 },
  ],
};
