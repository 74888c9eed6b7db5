/** The control planes of Google Cloud. */
import { type Provider, route } from '../provider.js';
import {
  changesElsewhere,
  deploys,
  destroys,
  disturbs,
  escalates,
  grants,
  reads,
  removes,
  revealsSecrets,
} from '../verdicts.js';

const destroysSystem = destroys('It deletes a system with everything that depends on it.', 'system');
const look = reads('It only reads.', 'http.get');

export const googleCloudApi: Provider = {
  name: 'google cloud',
  hosts: [
    '{appengine,artifactregistry,bigquery,bigtableadmin,cloudbilling,cloudbuild,cloudfunctions,cloudkms,cloudresourcemanager,compute,container,dataproc,deploymentmanager,dns,file,firebase,firebasehosting,firestore,iam,iamcredentials,logging,monitoring,pubsub,redis,run,secretmanager,serviceusage,spanner,sqladmin,storage,alloydb,identitytoolkit,www}.googleapis.com',
    '*-{aiplatform,run,container}.googleapis.com',
  ],
  controlPlane: true,
  routes: [
    route('GET', /secrets\/[^/]+\/versions\/[^/]+:access$/, revealsSecrets('It reads a secret.')),
    route(
      'POST',
      /:(?:generateAccessToken|generateIdToken|signBlob|signJwt)$/,
      grants('It takes on the identity of a service account.'),
    ),
    route(
      'POST',
      /:(?:getIamPolicy|testIamPermissions|search\w*|list\w*|query|runQuery|runAggregationQuery|batchGet|get|fetch\w*|lookup|aggregatedList)$|\/(?:entries:list|timeSeries:query)$/,
      look,
    ),
    route(
      'POST|PUT',
      /[:/](?:setIamPolicy|addIamMember)$|\/(?:acl|iam)(?:\/|$)|\/serviceAccounts(?:\/[^/]+\/keys)?$/,
      grants('It changes who may do what.'),
    ),
    route('DELETE', /\/serviceAccounts\//, grants('It changes who may do what.')),
    route(
      'DELETE',
      /\/b\/[^/]+\/o\/|\/documents\/[^/]+\/[^/]+$|\/rrsets\//,
      removes('It deletes one object.', 'storage.delete'),
    ),
    route('DELETE', /\/b\/[^/]+\/?$/, destroys('It deletes a bucket.', 'collection', 'storage.delete')),
    route(
      'DELETE',
      /\/(?:datasets|tables|topics|subscriptions|functions|services|images|repositories)\/[^/]+\/?$/,
      destroys('It deletes a whole collection or a service.', 'collection'),
    ),
    route(
      'DELETE',
      /\/(?:projects|folders|organizations|instances|clusters|nodePools|databases|disks|snapshots|backups|backupRuns|volumes|networks|managedZones|keyRings|secrets|deployments|regionDisks|vpcs|instanceGroupManagers)\/[^/]+\/?$/,
      destroysSystem,
    ),
    route(
      'POST',
      /[:/](?:delete|shutdown|bulkDelete|destroy|truncateLog|restoreBackup|import|clone|deleteInstances|removeProject|recreateInstances|deleteCollection)$/,
      destroysSystem,
    ),
    route(
      'POST',
      /:(?:commit|batchWrite|write)$|\/insertAll$|:publish$/,
      disturbs('It writes records.', { kind: 'db.write' }),
    ),
    route('POST', /:(?:disable|enable|undelete)$/, disturbs('It switches something on or off.')),
    route(
      'POST',
      /[/:](?:stop|reset|start|restart|resize|failover|rollback|suspend|resume|run|deploy)$/,
      deploys('It changes what runs.'),
    ),
    route(
      'POST|PATCH|PUT',
      /\/(?:services|functions|versions|builds|releases|deployments|rollouts)\b/,
      deploys('It puts something into service.'),
    ),
    route(
      'POST',
      /\/upload\/storage\/|\/b\/[^/]+\/o/,
      changesElsewhere('It stores one object.', { kind: 'storage.upload' }),
    ),
    route(
      'POST',
      /\/instances\/[^/]+\/(?:setMetadata|setServiceAccount)$/,
      escalates('It changes what a machine runs, or as whom.'),
    ),
    route('DELETE', /./, destroys('It deletes something in the cloud account.', 'collection')),
  ],
  worst: destroysSystem,
  otherwise: disturbs('It changes something in the cloud account.'),
  examples: [
    {
      run: 'curl -X DELETE https://cloudresourcemanager.googleapis.com/v3/projects/acme',
      tier: 4,
      points: 500,
    },
    {
      run: 'curl -X DELETE https://sqladmin.googleapis.com/v1/projects/acme/instances/db',
      tier: 4,
      points: 500,
    },
    {
      run: 'curl -X DELETE https://compute.googleapis.com/compute/v1/projects/acme/zones/z/disks/d',
      tier: 4,
      points: 500,
    },
    { run: 'curl -X DELETE https://storage.googleapis.com/storage/v1/b/acme', tier: 4, points: 150 },
    { run: 'curl -X DELETE https://storage.googleapis.com/storage/v1/b/acme/o/a.txt', tier: 3, points: 20 },
    {
      run: 'curl -X POST https://cloudresourcemanager.googleapis.com/v1/projects/acme:getIamPolicy -d @x',
      tier: 0,
      points: 0,
    },
    {
      run: "curl -X POST https://cloudresourcemanager.googleapis.com/v1/projects/acme:setIamPolicy -d '{}'",
      tier: 4,
      points: 50,
    },
    {
      run: 'curl https://secretmanager.googleapis.com/v1/projects/p/secrets/s/versions/latest:access',
      tier: 2,
      points: 5,
    },
    { run: 'curl https://storage.googleapis.com/acme/a.tgz', tier: 0, points: 0 },
    {
      run: `curl https://bigquery.googleapis.com/bigquery/v2/projects/p/queries -d '{"query":"DROP TABLE d.t"}'`,
      tier: 4,
      points: 150,
    },
    {
      run: "curl https://storage.googleapis.com/batch/storage/v1 --data-binary $'--b\\r\\n\\r\\nDELETE /storage/v1/b/acme HTTP/1.1\\r\\n\\r\\n--b--'",
      tier: 4,
      points: 150,
    },
  ],
};
