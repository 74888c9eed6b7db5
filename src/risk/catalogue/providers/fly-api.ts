/** The machines API and the GraphQL API of Fly. */
import { type Provider, route } from '../provider.js';
import { changesElsewhere, deploys, destroys, disturbs, escalates, grants } from '../verdicts.js';

const api = 'https://api.machines.dev/v1/apps';
const destroysSystem = destroys('It deletes an application or a volume with everything in it.', 'system');

export const flyApi: Provider = {
  name: 'fly.io',
  hosts: ['api.fly.io', 'api.machines.dev', '_api.internal'],
  controlPlane: true,
  graphqlPath: /^\/graphql/,
  mutations: [
    { field: /^delete(?:App|Volume|Organization|AddOn|PostgresCluster\w*)$/, verdict: destroysSystem },
    {
      field: /^(?:set|unset)Secrets$|(?:Token|Certificate|WireGuardPeer|Invitation|Membership)$/,
      verdict: grants('It changes who or what may reach the application.'),
    },
    {
      field:
        /^(?:deployImage|createRelease|restart\w+|pauseApp|resumeApp|scaleApp|stopAllocation|restartAllocation)$/,
      verdict: deploys('It changes what runs.'),
    },
    {
      field: /^create(?:App|Volume)$/,
      verdict: changesElsewhere('It creates something that can be deleted again.', { verb: 'create' }),
    },
  ],
  routes: [
    route('DELETE', /\/apps\/[^/]+\/?$|\/volumes\/[^/]+\/?$/, destroysSystem),
    route('DELETE', /\/machines\/[^/]+\/?$/, destroys('It destroys a machine.', 'object')),
    route('POST', /\/exec\/?$/, escalates('It runs a command on another machine.')),
    route(
      'POST|DELETE',
      /\/(?:secrets|tokens|certificates)(?:\/|$)/,
      grants('It changes secrets that the application uses.'),
    ),
    route(
      'POST',
      /\/machines(?:\/[^/]+(?:\/(?:stop|start|restart|signal|suspend|cordon|uncordon|lease))?)?\/?$/,
      deploys('It changes what runs.'),
    ),
    route(
      'POST',
      /\/(?:apps|volumes|snapshots)\/?$/,
      changesElsewhere('It creates something that can be deleted again.', { verb: 'create' }),
    ),
  ],
  worst: destroysSystem,
  otherwise: disturbs('A change to Fly that the catalogue does not list.'),
  examples: [
    { run: `curl ${api}/web/machines`, tier: 0, points: 0 },
    { run: `curl -X DELETE ${api}/web`, tier: 4, points: 500 },
    { run: `curl -X DELETE ${api}/web/volumes/vol_1`, tier: 4, points: 500 },
    { run: `curl -X DELETE '${api}/web/machines/m1?force=true'`, tier: 4, points: 50 },
    {
      run: `curl https://api.fly.io/graphql -d '{"query":"mutation { deleteApp(appId: \\"web\\") { organization { id } } }"}'`,
      tier: 4,
      points: 500,
    },
    { run: 'curl https://api.fly.io/graphql -d @q.json', tier: 4, points: 500 },
  ],
};
