/** The GraphQL API of Railway, where a volume holds a database together with its backups. */
import type { Provider } from '../provider.js';
import { changesElsewhere, deploys, destroys, disturbs, grants } from '../verdicts.js';

const graphql = { kind: 'http.graphql' } as const;
const destroysSystem = destroys(
  'It deletes something that everything else there depends on, for good.',
  'system',
  'http.graphql',
);
const post = "curl -X POST https://backboard.railway.app/graphql/v2 -H 'Authorization: Bearer x' -d";

export const railwayApi: Provider = {
  name: 'railway',
  hosts: ['backboard.railway.app', 'backboard.railway.com', 'railway.app', 'railway.com'],
  controlPlane: true,
  graphqlPath: /^/,
  mutations: [
    {
      field: /^(?:volume|project|environment|workspace|team)s?(?:ScheduleDelete|DeleteMany|Delete)$/,
      verdict: destroysSystem,
    },
    {
      field:
        /^(?:volumeInstance\w*(?:Delete|Restore)|volumeInstanceBackup\w*(?:Delete|Restore)|pluginDelete|pluginReset|databaseDelete)$/,
      verdict: destroysSystem,
    },
    {
      field: /^serviceDelete$/,
      verdict: destroys('It deletes a service with its deployments.', 'collection', 'http.graphql'),
    },
    {
      field: /^(?:deploymentRemove|deploymentStop|serviceInstanceDelete)$/,
      verdict: destroys('It takes a running deployment away.', 'object', 'http.graphql'),
    },
    {
      field:
        /^(?:apiToken|projectToken|projectInvitation|projectMember|teamUser|ssh\w*Key|customDomain|serviceDomain)\w*$/,
      verdict: grants('It changes who or what may reach the project.'),
    },
    {
      field:
        /^(?:serviceInstance(?:Deploy|Redeploy)\w*|deployment(?:Redeploy|Restart|Rollback|Trigger\w*|Approve)|environmentTriggersDeploy|templateDeploy\w*)$/,
      verdict: deploys('It puts a service into operation.'),
    },
    {
      field: /^variable(?:Delete|CollectionUpsert)$/,
      verdict: disturbs('It changes the settings that running services depend on.', graphql),
    },
    {
      field: /^(?:projectCreate|serviceCreate|environmentCreate|volumeCreate|pluginCreate)$/,
      verdict: changesElsewhere('It creates something that can be deleted again.', {
        verb: 'create',
        ...graphql,
      }),
    },
  ],
  worst: destroysSystem,
  otherwise: disturbs('A change to the control plane that the catalogue does not list.', graphql),
  examples: [
    {
      run: `${post} '{"query":"mutation { volumeDelete(volumeId: \\"3d2c42fb-0000\\") }"}'`,
      tier: 4,
      points: 500,
    },
    { run: `${post} @body.json`, tier: 4, points: 500 },
    { run: `${post} '{"query":"query { me { name } }"}'`, tier: 0, points: 0 },
    {
      run: `${post} '{"query":"mutation { a: projectDelete(id: \\"1\\") b: volumeDelete(volumeId: \\"2\\") }"}'`,
      tier: 4,
      points: 1000,
    },
    { run: `${post} 'not json'`, tier: 4, points: 500 },
    {
      run: `${post} '{"query":"mutation { serviceInstanceRedeploy(serviceId: \\"1\\") }"}'`,
      tier: 4,
      points: 150,
    },
  ],
};
