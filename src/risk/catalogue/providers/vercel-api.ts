/** The REST API of Vercel. */
import { type Provider, route } from '../provider.js';
import {
  changesElsewhere,
  deploys,
  destroys,
  disturbs,
  grants,
  removes,
  revealsSecrets,
} from '../verdicts.js';

const api = 'https://api.vercel.com';
const destroysSystem = destroys('It deletes a project, a store or a team with everything in it.', 'system');

export const vercelApi: Provider = {
  name: 'vercel',
  hosts: ['api.vercel.com', 'api.zeit.co'],
  controlPlane: true,
  routes: [
    route('GET', /\/env(?:\/|$)/, revealsSecrets('It reads the settings of a project in clear.'), {
      query: /decrypt=true/,
    }),
    route(
      'DELETE',
      /^\/v\d+\/(?:projects|teams|storage\/stores|domains|edge-config)\/[^/]+\/?$/,
      destroysSystem,
    ),
    route('DELETE', /^\/v\d+\/user\/?$/, destroysSystem),
    route('DELETE', /^\/v\d+\/deployments\/[^/]+\/?$/, destroys('It takes a deployment away.', 'object')),
    route(
      'POST|PATCH|DELETE',
      /\/env(?:\/[^/]+)?\/?$/,
      disturbs('It changes the settings that deployments depend on.'),
    ),
    route(
      'POST',
      /\/deployments\/?$|\/promote\/|\/rollback\/|\/request-promote\//,
      deploys('It puts a deployment into service.'),
    ),
    route(
      'POST|PATCH|PUT|DELETE',
      /\/(?:members|tokens|invites|request|access-groups|webhooks|log-drains)(?:\/|$)/,
      grants('It changes who or what may reach the account.'),
    ),
    route(
      'POST',
      /^\/v\d+\/(?:projects|files|artifacts)\/?/,
      changesElsewhere('It creates something that can be deleted again.', { verb: 'create' }),
    ),
    route(
      'DELETE',
      /\/(?:records|aliases|domains)\/[^/]+\/?$/,
      removes('It deletes a name that leads somewhere.'),
    ),
  ],
  worst: destroysSystem,
  otherwise: disturbs('A change to Vercel that the catalogue does not list.'),
  examples: [
    { run: `curl ${api}/v9/projects`, tier: 0, points: 0 },
    { run: `curl -X DELETE ${api}/v9/projects/web`, tier: 4, points: 500 },
    { run: `curl -X DELETE ${api}/v13/deployments/dpl_1`, tier: 4, points: 50 },
    {
      run: `curl -H 'Authorization: Bearer x' ${api}/v13/deployments -d '{"name":"web"}'`,
      tier: 4,
      points: 150,
    },
    { run: `curl -X DELETE ${api}/v9/projects/web/env/e1`, tier: 3, points: 20 },
  ],
};
