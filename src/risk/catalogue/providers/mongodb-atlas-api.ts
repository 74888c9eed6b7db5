/** The administration API of MongoDB Atlas. */
import { type Provider, route } from '../provider.js';
import { changesElsewhere, deploys, destroys, disturbs, grants } from '../verdicts.js';

const api = 'https://cloud.mongodb.com/api/atlas/v2/groups/g1';
const destroysSystem = destroys(
  'It deletes a cluster, a project or its backups.',
  'system',
  'db.schema_change',
);

export const mongodbAtlasApi: Provider = {
  name: 'mongodb atlas',
  hosts: ['cloud.mongodb.com', 'cloud-{dev,qa}.mongodb.com'],
  controlPlane: true,
  routes: [
    route(
      'DELETE',
      /\/(?:groups|orgs|clusters|serverless|flexClusters|snapshots|schedule|buckets|exports|backupCompliancePolicy|globalWrites)(?:\/[^/]+)?\/?$/,
      destroysSystem,
    ),
    route(
      'POST',
      /\/backup\/restoreJobs\/?$|\/restoreJobs\/?$/,
      destroys('It overwrites a cluster from a backup.', 'system', 'db.schema_change'),
    ),
    route(
      'POST|PUT|PATCH|DELETE',
      /\/(?:databaseUsers|accessList|apiKeys|users|teams|customDBRoles|invites|peers|privateEndpoint|federationSettings|serviceAccounts|auditLog|encryptionAtRest|containers|whitelist)(?:\/|$)/,
      grants('It changes who or what may reach the data.'),
    ),
    route('POST', /\/(?:restartPrimaries|outageSimulation)\/?$/, deploys('It interrupts a cluster.')),
    route('PATCH', /\/clusters\/[^/]+\/?$/, deploys('It changes or pauses a cluster.')),
    route(
      'POST',
      /\/(?:groups|clusters|snapshots|serverless|flexClusters)\/?$/,
      changesElsewhere('It creates something that is paid for.', { verb: 'create', tier: 3 }),
    ),
  ],
  worst: destroysSystem,
  otherwise: disturbs('A change to the data service that the catalogue does not list.'),
  examples: [
    { run: `curl ${api}/clusters`, tier: 0, points: 0 },
    { run: `curl --digest -u a:b -X DELETE ${api}/clusters/app`, tier: 4, points: 500 },
    { run: `curl -X DELETE ${api}`, tier: 4, points: 500 },
    { run: `curl ${api}/accessList -d '[{"cidrBlock":"0.0.0.0/0"}]'`, tier: 4, points: 50 },
  ],
};
