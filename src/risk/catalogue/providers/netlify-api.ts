/** The API of Netlify, and the addresses that build when they are called. */
import { type Provider, route } from '../provider.js';
import { changesElsewhere, deploys, destroys, disturbs, grants } from '../verdicts.js';

const api = 'https://api.netlify.com/api/v1';
const destroysSystem = destroys('It deletes a site or a zone with everything in it.', 'system');

export const netlifyApi: Provider = {
  name: 'netlify',
  hosts: ['api.netlify.com'],
  controlPlane: true,
  routes: [
    route('POST', /^\/build_hooks\//, deploys('It builds and publishes a site.')),
    route('DELETE', /\/(?:sites|dns_zones|accounts)\/[^/]+\/?$/, destroysSystem),
    route('DELETE', /\/deploys\/[^/]+\/?$/, destroys('It takes a deployment away.', 'object')),
    route(
      'POST|PUT',
      /\/(?:deploys|builds|restore|rollback|unlock|lock)\/?$/,
      deploys('It changes which deployment is in service.'),
    ),
    route(
      'POST|PUT|PATCH|DELETE',
      /\/(?:members|oauth|deploy_keys|hooks|service-instances)(?:\/|$)/,
      grants('It changes who or what may reach the account.'),
    ),
    route(
      'POST|PUT|PATCH|DELETE',
      /\/(?:env|ssl|snippets|dns_records|traffic_splits)(?:\/|$)/,
      disturbs('It changes the settings that a site depends on.'),
    ),
    route(
      'POST',
      /\/sites\/?$/,
      changesElsewhere('It creates a site that can be deleted again.', { verb: 'create' }),
    ),
  ],
  worst: destroysSystem,
  otherwise: disturbs('A change to Netlify that the catalogue does not list.'),
  examples: [
    { run: `curl ${api}/sites`, tier: 0, points: 0 },
    { run: `curl -X DELETE ${api}/sites/s1`, tier: 4, points: 500 },
    { run: 'curl -X POST -d {} https://api.netlify.com/build_hooks/h1', tier: 4, points: 50 },
    { run: `curl -X DELETE ${api}/accounts/a/env/KEY`, tier: 3, points: 20 },
  ],
};
