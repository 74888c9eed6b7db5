/** Azure: its resource manager, its directory, and the planes of its stores and vaults. */
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

const manager = /^management\.azure\.com$/;
const directory = /^graph\.microsoft\.com$/;
const vault = /vault\.azure\.net$/;
const look = reads('It only reads.', 'http.get');
const destroysSystem = destroys('It deletes a system with everything that depends on it.', 'system');

export const azureApi: Provider = {
  name: 'azure',
  hosts: [
    'management.azure.com',
    'graph.microsoft.com',
    '*.vault.azure.net',
    '*.{blob,table,queue,file}.core.windows.net',
    '*.documents.azure.com',
  ],
  controlPlane: true,
  routes: [
    route(
      'POST',
      /\/(?:listKeys|listSecrets|listConnectionStrings|listClusterAdminCredential|listClusterUserCredential|listCredentials|regenerateKey)$/i,
      revealsSecrets('It gives out keys.'),
      { host: manager },
    ),
    route(
      'POST',
      /\/Microsoft\.(?:ResourceGraph\/resources|CostManagement\/query|OperationalInsights\/[^?]*query)$|\/(?:query|validate|whatIf|checkNameAvailability|list\w*)$/i,
      look,
    ),
    route('GET', /^\/(?:secrets|keys|certificates)\/[^/]+/, revealsSecrets('It reads a secret.'), {
      host: vault,
    }),
    route(
      'PUT|PATCH|DELETE|POST',
      /\/(?:roleAssignments|roleDefinitions|policyAssignments|accessPolicies|locks|firewallRules|appRoleAssign\w*|oauth2PermissionGrants|addPassword|addKey|federatedIdentityCredentials|servicePrincipals|applications|directoryRoles|members)(?:\/|$)/i,
      grants('It changes who may do what.'),
    ),
    route(
      'DELETE',
      /\/resourceGroups\/[^/]+\/?$/i,
      destroys('It deletes a resource group with everything in it.', 'system'),
      { host: manager },
    ),
    route(
      'DELETE',
      /\/(?:subscriptions|managedClusters|virtualMachines|virtualMachineScaleSets|servers|flexibleServers|databases|sqlDatabases|databaseAccounts|storageAccounts|vaults|disks|snapshots|redis|virtualNetworks|managedInstances|backupPolicies|protectedItems|dnsZones|workspaces|namespaces|sites|registries|managementGroups)\/[^/]+\/?$/i,
      destroysSystem,
      { host: manager },
    ),
    route('POST', /\/(?:runCommand|runCommands)$/i, escalates('It runs commands on another machine.'), {
      host: manager,
    }),
    route(
      'POST',
      /\/(?:start|stop|restart|powerOff|deallocate|redeploy|failover|swap|slotsswap|reimage)$/i,
      deploys('It changes what runs.'),
      { host: manager },
    ),
    route(
      'PUT',
      /\/Microsoft\.Resources\/deployments\/[^/]+$/i,
      deploys('It changes running infrastructure.'),
    ),
    route(
      'DELETE',
      /^\/(?:secrets|keys|certificates|deletedsecrets|deletedkeys)\//,
      destroys('It deletes a secret or a key that services need.', 'collection'),
      { host: vault },
    ),
    route(
      'DELETE',
      /./,
      destroys('It deletes a container with everything in it.', 'collection', 'storage.delete'),
      { query: /restype=(?:container|share)/ },
    ),
    route('DELETE', /^\/dbs\/[^/]+\/?$/, destroys('It deletes a database.', 'system', 'db.schema_change')),
    route(
      'DELETE',
      /^\/dbs\/[^/]+\/colls\/[^/]+\/?$/,
      destroys('It deletes a whole collection.', 'collection', 'db.schema_change'),
    ),
    route(
      'DELETE',
      /^(?:\/v[\d.]+|\/beta)?\/(?:users|groups|sites|teams)\/[^/]+\/?$/,
      grants('It takes somebody out of the directory.'),
      { host: directory },
    ),
    route(
      'POST',
      /\/(?:sendMail|chats\/[^/]+\/messages|channels\/[^/]+\/messages)$/,
      disturbs('It sends a message to people.', { verb: 'send', kind: 'message.email.send' }),
      { host: directory },
    ),
    route('DELETE', /./, removes('It deletes one object.', 'storage.delete'), {
      host: /core\.windows\.net$|documents\.azure\.com$|^graph\./,
    }),
    route('PUT', /./, changesElsewhere('It stores one object.', { kind: 'storage.upload' }), {
      host: /core\.windows\.net$/,
    }),
    route('DELETE', /./, destroys('It deletes something in the cloud account.', 'collection')),
  ],
  worst: destroysSystem,
  otherwise: disturbs('It changes something in the cloud account.'),
  examples: [
    {
      run: "curl -X DELETE 'https://management.azure.com/subscriptions/s/resourceGroups/web?api-version=2021-04-01'",
      tier: 4,
      points: 500,
    },
    {
      run: "curl -X DELETE 'https://management.azure.com/subscriptions/s/resourceGroups/g/providers/Microsoft.Sql/servers/d/databases/app?api-version=1'",
      tier: 4,
      points: 500,
    },
    { run: 'curl https://management.azure.com/subscriptions', tier: 0, points: 0 },
    {
      run: `curl https://management.azure.com/providers/Microsoft.ResourceGraph/resources -d '{"query":"Resources"}'`,
      tier: 0,
      points: 0,
    },
    {
      run: "curl -X PUT https://management.azure.com/subscriptions/s/providers/Microsoft.Authorization/roleAssignments/r -d '{}'",
      tier: 4,
      points: 50,
    },
    {
      run: "curl -X POST https://management.azure.com/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/a/listKeys -d ''",
      tier: 2,
      points: 5,
    },
    {
      run: "curl -X DELETE 'https://acme.blob.core.windows.net/logs?restype=container'",
      tier: 4,
      points: 150,
    },
    { run: 'curl -X DELETE https://acme.blob.core.windows.net/logs/a.txt', tier: 3, points: 20 },
    {
      run: `curl https://graph.microsoft.com/v1.0/\\$batch -d '{"requests":[{"id":"1","method":"DELETE","url":"/users/7"}]}'`,
      tier: 4,
      points: 50,
    },
  ],
};
