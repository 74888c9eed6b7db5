/** The platform API of Heroku and that of its databases. */
import { type Provider, route } from '../provider.js';
import {
  changesElsewhere,
  deploys,
  destroys,
  disturbs,
  escalates,
  grants,
  revealsSecrets,
} from '../verdicts.js';

const api = 'https://api.heroku.com';
const destroysSystem = destroys('It deletes an application or a database with everything in it.', 'system');

export const herokuApi: Provider = {
  name: 'heroku',
  hosts: ['api.heroku.com', '{postgres-api,postgres-starter-api}.heroku.com', 'api.data.heroku.com'],
  controlPlane: true,
  routes: [
    route('GET', /\/(?:config-vars|config)(?:\/|$)/, revealsSecrets('It lists settings with their secrets.')),
    route('DELETE', /^\/apps\/[^/]+\/dynos(?:\/|$)/, deploys('It restarts what runs.')),
    route(
      'PUT',
      /\/databases\/[^/]+\/reset\/?$/,
      destroys('It resets a database.', 'system', 'db.schema_change'),
    ),
    route(
      'POST',
      /\/databases\/[^/]+\/restores?\/?$/,
      destroys('It overwrites a database.', 'system', 'db.schema_change'),
    ),
    route(
      'DELETE',
      /\/(?:apps|addons|teams|pipelines|spaces|enterprise-accounts|databases|backups)\/[^/]+\/?$|^\/(?:users\/~|account)\/?$/,
      destroysSystem,
    ),
    route('POST', /^\/apps\/[^/]+\/dynos\/?$/, escalates('It runs a command where the application runs.')),
    route(
      'POST|PATCH|PUT|DELETE',
      /\/(?:collaborators|members|invitations|keys|authorizations|permissions|identity-providers|app-transfers|team-app-collaborators|log-drains|credentials)(?:\/|$)/,
      grants('It changes who or what may reach the application.'),
    ),
    route(
      'POST|PATCH|PUT',
      /\/(?:builds|releases|slugs|formation|pipeline-promotions|actions)(?:\/|$)/,
      deploys('It changes what runs.'),
    ),
    route('PATCH', /\/config-vars\/?$/, disturbs('It changes the settings that the application depends on.')),
    route(
      'POST',
      /^\/(?:apps|addons|pipelines)\/?$|^\/apps\/[^/]+\/(?:addons|domains)\/?$/,
      changesElsewhere('It creates something that can be deleted again.', { verb: 'create' }),
    ),
  ],
  worst: destroysSystem,
  otherwise: disturbs('A change to Heroku that the catalogue does not list.'),
  examples: [
    { run: `curl ${api}/apps`, tier: 0, points: 0 },
    { run: `curl -X DELETE ${api}/apps/web`, tier: 4, points: 500 },
    { run: `curl ${api}/apps/web -d _method=DELETE`, tier: 4, points: 500 },
    { run: `curl -X DELETE ${api}/apps/web/addons/postgresql-1`, tier: 4, points: 500 },
    { run: 'curl -X PUT https://api.data.heroku.com/client/v11/databases/d1/reset', tier: 4, points: 500 },
    { run: `curl -X PATCH ${api}/apps/web/config-vars -d '{"A":"b"}'`, tier: 3, points: 20 },
    { run: `curl ${api}/apps/web/config-vars`, tier: 2, points: 5 },
  ],
};
