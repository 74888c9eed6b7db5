/** The command line of Amazon Web Services. */
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
  removes,
  revealsSecrets,
} from '../verdicts.js';

const look = reads('It only reads.', 'http.get');
const destroysSystem = destroys('It deletes a system with everything that depends on it.', 'system');
const changes = disturbs('It changes something in the cloud account.');

export const aws: Program = {
  programs: ['aws', 'awslocal'],
  valueFlags: [
    '--profile',
    '--region',
    '--output',
    '--query',
    '--endpoint-url',
    '--bucket',
    '--key',
    '--table-name',
    '--function-name',
    '--db-instance-identifier',
    '--stack-name',
    '--cluster',
    '--instance-ids',
    '--exclude',
    '--include',
    '--filters',
    '--policy-arn',
    '--user-name',
    '--role-name',
    '--group-name',
    '--volume-id',
    '--vpc-id',
    '--service',
    '--desired-count',
    '--secret-id',
    '--name',
    '--payload',
    '--statement',
  ],
  rules: [
    on('', { flags: ['--dry-run', '--dryrun'] }, look),
    on(
      's3 rb',
      {},
      { does: destroys('It deletes a bucket.', 'collection', 'storage.delete'), target: 'bucket {0}' },
    ),
    on(
      's3 rm',
      { flags: ['--recursive'] },
      {
        does: destroys('It deletes everything under a prefix.', 'collection', 'storage.delete'),
        target: '{0}',
      },
    ),
    on('s3 rm', {}, { does: removes('It deletes one object.', 'storage.delete'), target: '{0}' }),
    on(
      's3 sync',
      { flags: ['--delete'] },
      {
        does: destroys('It deletes what is not on the other side.', 'collection', 'storage.delete'),
        target: '{1}',
      },
    ),
    on('s3 mv', {}, { does: disturbs('It moves objects.', { kind: 'storage.upload' }), target: '{0}' }),
    on(
      's3 cp|sync',
      { operand: /^s3:/ },
      {
        does: changesElsewhere('It copies files from or to a bucket.', { kind: 'storage.upload' }),
        target: '{0}',
      },
    ),
    on('s3 ls|presign', {}, look),
    on('s3api delete-object', {}, removes('It deletes one object.', 'storage.delete')),
    on(
      's3api delete-objects|delete-bucket',
      {},
      destroys('It deletes objects or a bucket.', 'collection', 'storage.delete'),
    ),
    on('dynamodb delete-item', {}, removes('It deletes one item.', 'db.write')),
    on('dynamodb delete-table', {}, destroys('It deletes a whole table.', 'collection', 'db.schema_change')),
    on(
      '',
      {
        words: [
          /^(?:rds|redshift|docdb|neptune|elasticache|cloudformation|eks|ecs|organizations|efs|fsx|opensearch|kms|backup|route53|cognito-idp)$/,
          /^(?:delete-|schedule-key-deletion|close-account)/,
        ],
      },
      destroysSystem,
    ),
    on('ec2 terminate-instances|delete-volume|delete-vpc|delete-snapshot', {}, destroysSystem),
    on(
      'iam create-user|delete-user|attach-user-policy|attach-role-policy|put-user-policy|put-role-policy|create-access-key|delete-role|create-role|update-assume-role-policy|add-user-to-group|delete-access-key|detach-role-policy|create-login-profile|delete-policy|create-policy',
      {},
      grants('It changes who may do what.'),
    ),
    on(
      'secretsmanager|ssm get-secret-value|get-parameter|get-parameters|get-parameters-by-path|batch-get-secret-value',
      {},
      revealsSecrets('It reads secrets.'),
    ),
    on('secretsmanager delete-secret', {}, destroys('It deletes a secret that services need.', 'object')),
    on('ssm send-command|start-session', {}, escalates('It runs commands on other machines.')),
    on('lambda delete-function', {}, destroys('It deletes a function.', 'collection')),
    on('lambda invoke', {}, disturbs('It runs a function.', { kind: 'code.exec' })),
    on(
      'lambda update-function-code|publish-version|create-function|update-alias',
      {},
      deploys('It puts a function into service.'),
    ),
    on('ecs update-service|run-task|create-service', {}, deploys('It changes what runs.')),
    on(
      'cloudformation deploy|create-stack|update-stack|execute-change-set',
      {},
      deploys('It changes running infrastructure.'),
    ),
    on('dynamodb scan|query|batch-get-item|transact-get-items', {}, look),
    on(
      'eks|emr-containers update-kubeconfig',
      {},
      changesLocally('It writes how to reach a cluster into the settings of this machine.'),
    ),
    on(
      '',
      {
        words: [
          /^(?:start-query|start-query-execution|simulate|validate|estimate|detect|preview|select-object-content|test-(?:role|state|metric|event)|batch-get|generate-credential-report|decode-authorization)(?:-|$)/,
        ],
      },
      look,
    ),
    on(
      'codeartifact|ecr login|get-login-password|get-login|get-authorization-token',
      {},
      revealsSecrets('It prints a credential.'),
    ),
    on(
      '',
      {
        flags: [
          '--no-deletion-protection',
          '--no-deletion-protection-enabled',
          '--no-disable-api-termination',
          '--no-enable-termination-protection',
          '--publicly-accessible',
          '--disable-api-termination=false',
        ],
      },
      escalates('It takes a protection away.'),
    ),
    on(
      '',
      { operand: /^(?:Status=Suspended|\w*(?:Enabled|Block\w+|Restrict\w+|Ignore\w+)=false\b.*)$/ },
      escalates('It takes a protection away.'),
    ),
    on(
      '',
      { operand: /"Principal"\s*:\s*(?:"\*"|\{\s*"AWS"\s*:\s*\[?\s*"\*")/ },
      grants('It lets everybody in.'),
    ),
    on(
      '',
      { operand: /^(?:public-read(?:-write)?|authenticated-read|0\.0\.0\.0\/0|::\/0)$/ },
      grants('It lets everybody in.'),
    ),
    on(
      '',
      {
        words: [
          /^(?:put|set|add|create|update|authorize|modify|remove|share|enable)-(?:bucket-policy|bucket-acl|object-acl|resource-policy|\w*-?permissions?|layer-version-permission|repository-policy|queue-attributes-policy|key-policy|access-entry|principal-association|snapshot-attribute|image-attribute|public-access-block|function-url-config)$/,
        ],
      },
      grants('It changes who may do what.'),
    ),
    on(
      's3api put-bucket-lifecycle-configuration|put-bucket-lifecycle',
      {},
      destroys('It lets what is in a bucket expire.', 'collection', 'storage.delete'),
    ),
    on('logs put-retention-policy', {}, destroys('It lets logs expire.', 'object')),
    on(
      '',
      {
        words: [
          /^(?:stop-logging|stop-configuration-recorder|disable-|deactivate-|leave-organization|suspend-|detach-volume|disassociate-admin)/,
        ],
      },
      escalates('It stops what protects or watches over the account.'),
    ),
    on(
      'ec2|rds|redshift stop-instances|stop-db-instance|stop-db-cluster|reboot-db-instance|pause-cluster',
      {},
      disturbs('It stops what runs.'),
    ),
    on(
      'autoscaling|lambda|application-autoscaling update-auto-scaling-group|set-desired-capacity|put-function-concurrency|register-scalable-target',
      {},
      deploys('It changes what runs.'),
    ),
    on(
      'route53 change-resource-record-sets',
      { operand: /"Action"\s*:\s*"DELETE"/ },
      destroys('It deletes names that others resolve.', 'object'),
    ),
    on(
      'route53 change-resource-record-sets',
      {},
      escalates('It changes names that others resolve.', 'object', { verb: 'update' }),
    ),
    on(
      'ses|sesv2|pinpoint|sns send-bulk-templated-email|send-bulk-email|send-messages',
      {},
      escalates('It sends a message to many people.', 'set', { verb: 'send', kind: 'message.email.send' }),
    ),
    on('sts assume-role|get-session-token', {}, grants('It takes on another role.')),
    on(
      '',
      { words: [/^(?:batch-delete|admin-delete|bulk-delete|revoke|release)-/] },
      destroys('It deletes something in the cloud account.', 'collection'),
    ),
    on('', { words: [/^(?:describe|list|get|head|lookup|search|filter|view|tail|wait|help)(?:-|$)/] }, look),
    on('configure|sso|sts', {}, look),
    on(
      'cloudformation package',
      {},
      changesElsewhere('It copies files to a bucket.', { kind: 'storage.upload' }),
    ),
    on(
      '',
      { words: [/^(?:delete|terminate|remove|purge|deregister)-/] },
      destroys('It deletes something in the cloud account.', 'collection'),
    ),
    on('iam *', {}, grants('It changes who may do what.')),
  ],
  otherwise: changes,
  worst: destroysSystem,
  examples: [
    { run: 'aws s3 rb --force s3://acme', tier: 4, points: 150 },
    { run: 'aws s3 ls', tier: 0, points: 0 },
    { run: 'aws s3 rm s3://acme/a.txt', tier: 3, points: 20 },
    { run: 'aws s3 rm --recursive s3://acme', tier: 4, points: 150 },
    { run: 'aws ec2 describe-instances', tier: 0, points: 0 },
    { run: 'aws ec2 terminate-instances --instance-ids i-1', tier: 4, points: 500 },
    { run: 'aws rds delete-db-instance --db-instance-identifier x', tier: 4, points: 500 },
    { run: 'aws iam create-user --user-name x', tier: 4, points: 50 },
    { run: 'aws logs tail /aws/lambda/f', tier: 0, points: 0 },
    { run: 'aws logs delete-log-group --log-group-name g', tier: 4, points: 150 },
    { run: 'aws s3api put-bucket-acl --bucket b --acl public-read', tier: 4, points: 50 },
    {
      run: 'aws rds modify-db-instance --db-instance-identifier d --no-deletion-protection',
      tier: 4,
      points: 50,
    },
  ],
};
