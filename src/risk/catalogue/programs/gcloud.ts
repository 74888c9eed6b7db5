/** Command lines of clouds whose subcommands are nouns followed by a verb. */
import { on, type Program } from '../program.js';
import {
  changesElsewhere,
  changesLocally,
  deploys,
  destroys,
  disturbs,
  escalates,
  grants,
  reads,
  revealsSecrets,
} from '../verdicts.js';

const look = reads('It only reads.', 'http.get');
const destroysSystem = destroys('It deletes a system with everything that depends on it.', 'system');
const changes = disturbs('It changes something in the cloud account.');
const LISTS =
  /^(?:list|describe|tail|get|lookup|validate|what-if|get-server-config|get-ancestors|history|get-iam-policy|get-value|read|show|ls|search|version|info|cat|stat|query|account|list-\w[\w-]*)$/;
const DELETES = /^(?:delete-batch|[\w-]+-delete|delete|destroy|remove|purge|rm|rb|del|terminate|undelete)$/;
const SYSTEMS =
  /^(?:projects?|instances?|clusters?|databases?|sql|volumes?|disks?|vaults?|group|groups|keyvault|server|servers|account|accounts|folders|organizations|namespaces?|vm|vms|aks|cosmosdb|spanner|bigtable|networks?|services|app-service|webapp|db|subscription|zone|dns-zone|backups?|snapshots?|keyrings|redis|postgres|mysql|mongodb|kv|stack)$/;

export const gcloud: Program = {
  programs: ['gcloud', 'az', 'oci', 'ibmcloud', 'aliyun'],
  valueFlags: [
    '--project',
    '--region',
    '--zone',
    '--format',
    '--filter',
    '--name',
    '-n',
    '-g',
    '--resource-group',
    '--account',
    '--subscription',
    '-o',
    '--output',
    '--query',
    '--account-name',
    '--member',
    '--role',
  ],
  carries: { flags: ['--command'] },
  rules: [
    on('', { words: [DELETES, SYSTEMS] }, destroysSystem),
    on('', { words: [DELETES] }, destroys('It deletes something in the cloud account.', 'collection')),
    on(
      '',
      {
        words: [
          /^(?:add-iam-policy-binding|remove-iam-policy-binding|set-iam-policy|assignment|role|keys|service-accounts|ad|iam)$/,
          /^(?:add-iam-policy-binding|remove-iam-policy-binding|set-iam-policy|create|add|update|upload|reset)$/,
        ],
      },
      grants('It changes who may do what.'),
    ),
    on(
      '',
      {
        words: [
          /^(?:print-access-token|print-identity-token|get-access-token|access|secret|secrets|show-connection-string|keys)$/,
        ],
      },
      revealsSecrets('It prints a credential or a secret.'),
    ),
    on(
      '',
      {
        flags: [
          '--no-deletion-protection',
          '--no-backup',
          '--no-termination-protection',
          '--no-enable-point-in-time-recovery',
        ],
      },
      escalates('It takes a protection away.'),
    ),
    on(
      '',
      { value: /^(?:0\.0\.0\.0\/0|::\/0|allUsers|allAuthenticatedUsers)$/ },
      grants('It lets everybody in.'),
    ),
    on(
      '',
      { operand: /^(?:0\.0\.0\.0\/0|::\/0|allUsers|allAuthenticatedUsers)$/ },
      grants('It lets everybody in.'),
    ),
    on('', { flags: ['--public-access', '--allow-blob-public-access'] }, grants('It lets everybody in.')),
    on(
      '',
      { words: [/^(?:disable|unlink|deallocate|detach|revoke|set-permission)$/] },
      escalates('It takes away what others rely on.'),
    ),
    on('', { words: [/^create-for-rbac$/] }, grants('It changes who may do what.')),
    on('emulators|bicep|extension|components', {}, changesLocally('It works on this machine.')),
    on('', { words: [LISTS] }, look),
    on(
      '',
      { words: [/^(?:get-credentials|configure-docker|install-cli)$/] },
      changesLocally('It writes how to reach a service into the settings of this machine.'),
    ),
    on(
      '',
      { words: [/^(?:ssh|run-command|invoke|execute)$/] },
      escalates('It runs commands on another machine.'),
    ),
    on(
      '',
      {
        words: [/^(?:deploy|update-traffic|promote|up|publish|start|stop|restart|resize|rollback|failover)$/],
      },
      deploys('It changes what runs.'),
    ),
    on('config|auth|login|account|init|components|info|version|help', {}, look),
    on(
      '',
      { words: [/^create$/] },
      changesElsewhere('It creates something in the cloud account.', { verb: 'create', tier: 3 }),
    ),
  ],
  otherwise: changes,
  worst: destroysSystem,
  examples: [
    { run: 'gcloud projects delete acme', tier: 4, points: 500 },
    { run: 'gcloud compute instances list', tier: 0, points: 0 },
    { run: 'gcloud sql instances delete db', tier: 4, points: 500 },
    { run: 'gcloud run deploy web', tier: 4, points: 50 },
    { run: 'az group delete -n acme --yes', tier: 4, points: 500 },
    { run: 'az vm list', tier: 0, points: 0 },
    { run: 'az storage blob delete-batch -s c', tier: 4, points: 150 },
    {
      run: 'gcloud compute firewall-rules create x --allow tcp --source-ranges 0.0.0.0/0',
      tier: 4,
      points: 50,
    },
    { run: 'gcloud projects add-iam-policy-binding acme --member=x --role=roles/owner', tier: 4, points: 50 },
  ],
};
