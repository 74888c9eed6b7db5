/** The API of PlanetScale. */
import { type Provider, route } from '../provider.js';
import { changesElsewhere, deploys, destroys, disturbs, grants } from '../verdicts.js';

const api = 'https://api.planetscale.com/v1/organizations/acme/databases';
const destroysSystem = destroys('It deletes a database or its backups.', 'system', 'db.schema_change');

export const planetscaleApi: Provider = {
  name: 'planetscale',
  hosts: ['api.planetscale.com'],
  controlPlane: true,
  routes: [
    route('DELETE', /\/(?:databases|backups|organizations)\/[^/]+\/?$/, destroysSystem),
    route(
      'DELETE',
      /\/(?:branches|keyspaces)\/[^/]+\/?$/,
      destroys('It deletes a branch with its data.', 'collection', 'db.schema_change'),
    ),
    route(
      'POST',
      /\/deploy-requests\/\d+\/(?:deploy|apply-deploy|revert|skip-revert|complete-deploy)$|\/promote$/,
      deploys('It changes the schema in service.'),
    ),
    route(
      'POST|PUT|PATCH|DELETE',
      /\/(?:passwords|service-tokens|members|teams|safe-migrations|cidrs|oauth-applications)(?:\/|$)/,
      grants('It changes who may reach the database, or how it is guarded.'),
    ),
    route(
      'POST',
      /\/(?:databases|branches|deploy-requests|backups)\/?$/,
      changesElsewhere('It creates something that can be deleted again.', { verb: 'create' }),
    ),
  ],
  worst: destroysSystem,
  otherwise: disturbs('A change to the database that the catalogue does not list.'),
  examples: [
    { run: `curl ${api}`, tier: 0, points: 0 },
    { run: `curl -X DELETE ${api}/app`, tier: 4, points: 500 },
    { run: `curl -X DELETE ${api}/app/branches/main`, tier: 4, points: 150 },
    { run: `curl -X POST ${api}/app/deploy-requests/7/deploy`, tier: 4, points: 50 },
  ],
};
