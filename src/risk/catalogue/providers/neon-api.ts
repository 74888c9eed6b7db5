/** The API of Neon, whose projects hold databases in branches. */
import { type Provider, route } from '../provider.js';
import { changesElsewhere, deploys, destroys, disturbs, grants, revealsSecrets } from '../verdicts.js';

const api = 'https://console.neon.tech/api/v2';
const destroysSystem = destroys('It deletes a project or a database with everything in it.', 'system');

export const neonApi: Provider = {
  name: 'neon',
  hosts: ['console.neon.tech', 'api.neon.tech'],
  controlPlane: true,
  routes: [
    route('GET', /\/(?:reveal_password|connection_uri)\/?$/, revealsSecrets('It gives out a password.')),
    route('DELETE', /\/(?:projects|databases|snapshots|organizations)\/[^/]+\/?$/, destroysSystem),
    route(
      'DELETE',
      /\/branches\/[^/]+\/?$/,
      destroys('It deletes a branch with its databases.', 'collection'),
    ),
    route(
      'POST',
      /\/(?:restore|reset_to_parent|finalize_restore)\/?$/,
      destroys('It overwrites a branch.', 'collection'),
    ),
    route(
      'DELETE',
      /\/endpoints\/[^/]+\/?$/,
      destroys('It takes an endpoint away that clients connect to.', 'object'),
    ),
    route('POST', /\/endpoints\/[^/]+\/(?:suspend|restart|start)\/?$/, deploys('It changes what runs.')),
    route(
      'POST|PUT|PATCH|DELETE',
      /\/(?:roles|api_keys|permissions|jwks|members|invitations|vpc_endpoints)(?:\/|$)|\/reset_password$/,
      grants('It changes who may reach the project.'),
    ),
    route(
      'POST',
      /\/(?:projects|branches|databases|endpoints|snapshot)\/?$/,
      changesElsewhere('It creates something that can be deleted again.', { verb: 'create' }),
    ),
  ],
  worst: destroysSystem,
  otherwise: disturbs('A change to Neon that the catalogue does not list.'),
  examples: [
    { run: `curl ${api}/projects`, tier: 0, points: 0 },
    { run: `curl -X DELETE ${api}/projects/p1`, tier: 4, points: 500 },
    { run: `curl -X DELETE ${api}/projects/p1/branches/br-1`, tier: 4, points: 150 },
    { run: `curl -X DELETE ${api}/projects/p1/branches/br-1/databases/app`, tier: 4, points: 500 },
    { run: `curl -X POST ${api}/projects/p1/branches -d '{}'`, tier: 2, points: 5 },
  ],
};
