/** The APIs of Amazon Web Services: operations by name in the query, the body or a header, and paths. */
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

const look = reads('It only reads.', 'http.get');
const destroysSystem = destroys('It deletes a system with everything that depends on it.', 'system');
const signed = 'curl --aws-sigv4 aws:amz:us-east-1:x -u K:S';

export const awsApi: Provider = {
  name: 'aws',
  hosts: [
    '{account,acm,apigateway,api.ecr,autoscaling,backup,batch,cloudformation,cloudfront,cognito-idp,dynamodb,ec2,ecs,eks,elasticache,elasticfilesystem,elasticloadbalancing,es,events,fsx,iam,kinesis,kms,lambda,logs,memory-db,monitoring,organizations,rds,rds-data,redshift,redshift-data,route53,route53domains,secretsmanager,sns,sqs,ssm,states,sts}.amazonaws.com',
    '{account,acm,apigateway,api.ecr,autoscaling,backup,batch,cloudformation,cloudfront,cognito-idp,dynamodb,ec2,ecs,eks,elasticache,elasticfilesystem,elasticloadbalancing,es,events,fsx,iam,kinesis,kms,lambda,logs,memory-db,monitoring,organizations,rds,rds-data,redshift,redshift-data,route53,route53domains,secretsmanager,sns,sqs,ssm,states,sts}.*.amazonaws.com',
  ],
  controlPlane: true,
  actions: [
    {
      action:
        /^(?:GetSecretValue|BatchGetSecretValue|GetParameters?(?:ByPath)?|GetPasswordData|Decrypt|GetAuthorizationToken)$/,
      verdict: revealsSecrets('It reads secrets.'),
    },
    {
      action:
        /^(?:Describe|List|Get|BatchGet|Head|Lookup|Search|Query$|Scan$|Select|Filter|Validate|Simulate|Estimate|Check|View|TransactGet|DryRun)/,
      verdict: look,
    },
    {
      action:
        /^(?:DeleteItem|DeleteMessage(?:Batch)?|DeleteAlarms|DeleteLogStream|DeleteTags|DeregisterTargets)$/,
      verdict: removes('It deletes one record.'),
    },
    {
      action:
        /^(?:DeleteTable|PurgeQueue|DeleteQueue|DeleteTopic|DeleteLogGroup|DeleteFunction|DeleteService|DeleteStream|DeleteRepository|BatchDeleteImage)/,
      verdict: destroys('It deletes a whole collection.', 'collection'),
    },
    {
      action:
        /^(?:ScheduleKeyDeletion|DisableKey|DeleteImportedKeyMaterial|CloseAccount|LeaveOrganization|Delete(?:DB|Cluster|Cache|ReplicationGroup|Snapshot|Volume|Vpc|Stack|FileSystem|Backup|RecoveryPoint|HostedZone|UserPool|ElasticsearchDomain|Domain|Organization|AutoScalingGroup|GlobalCluster|Nodegroup|Vault)|RestoreTable|Terminate)/,
      verdict: destroysSystem,
    },
    {
      action:
        /^(?:(?:Create|Delete|Update|Put|Attach|Detach|Add|Remove|Set|Tag)\w*(?:Policy|Role|User|Group|AccessKey|LoginProfile|Permission|InstanceProfile|MFADevice|Grant|SecurityGroup\w*)$|AssumeRole|GetSessionToken|GetFederationToken|Authorize|Revoke|CreateGrant|ModifySnapshotAttribute|ModifyImageAttribute)/,
      verdict: grants('It changes who may do what.'),
    },
    { action: /^DeleteSecret$/, verdict: destroys('It deletes a secret that services need.', 'object') },
    {
      action: /^(?:Delete|Remove|Deregister|Purge|BatchDelete)/,
      verdict: destroys('It deletes something in the cloud account.', 'collection'),
    },
    {
      action: /^(?:SendCommand|StartSession|ExecuteCommand)/,
      verdict: escalates('It runs commands on other machines.'),
    },
    {
      action: /^(?:Invoke|StartExecution|ExecuteStatement|BatchExecuteStatement)/,
      verdict: disturbs('It runs something in the account.', { verb: 'execute' }),
    },
    {
      action:
        /^(?:Stop|Reboot|Start|Run|UpdateService|UpdateStack|CreateStack|ExecuteChangeSet|UpdateFunctionCode|PublishVersion|UpdateAlias|CreateDeployment|SubmitJob|FailoverDB|ModifyDB|ModifyCluster)/,
      verdict: deploys('It changes what runs.'),
    },
    {
      action:
        /^(?:PutItem|UpdateItem|BatchWriteItem|SendMessage|PutRecords?|PutMetricData|PutLogEvents|PutEvents)/,
      verdict: changesElsewhere('It writes records.', { kind: 'db.write' }),
    },
    {
      action: /^(?:Publish|SendEmail)/,
      verdict: disturbs('It sends something to people or services.', { verb: 'send' }),
    },
    { action: /./, verdict: disturbs('It changes something in the cloud account.') },
  ],
  routes: [
    route('POST', /\/(?:describe|list|search|get)\w*$/i, look),
    route('DELETE', /\/functions\/[^/]+\/?$/, destroys('It deletes a function.', 'collection')),
    route(
      'DELETE',
      /\/(?:clusters|hostedzone|file-systems|backup-vaults|recovery-points|distribution|domain|restapis|apis|node-groups|job-queue)\//,
      destroysSystem,
    ),
    route('PUT', /\/functions\/[^/]+\/code$/, deploys('It puts a function into service.')),
    route(
      'POST',
      /\/functions\/[^/]+\/invocations$/,
      disturbs('It runs a function.', { verb: 'execute', kind: 'code.exec' }),
    ),
    route(
      'POST|DELETE',
      /\/functions\/[^/]+\/policy|\/access-entries|\/access-policies/,
      grants('It changes who may do what.'),
    ),
    route('POST', /\/hostedzone\/[^/]+\/rrset/, disturbs('It changes where names lead.')),
    route('DELETE', /./, destroys('It deletes something in the cloud account.', 'collection')),
  ],
  worst: destroysSystem,
  otherwise: disturbs('It changes something in the cloud account.'),
  examples: [
    {
      run: `${signed} 'https://rds.us-east-1.amazonaws.com/?Action=DeleteDBInstance&DBInstanceIdentifier=x'`,
      tier: 4,
      points: 500,
    },
    {
      run: `${signed} https://ec2.eu-west-1.amazonaws.com -d Action=DeleteVolume -d VolumeId=vol-1`,
      tier: 4,
      points: 500,
    },
    { run: `${signed} 'https://ec2.amazonaws.com/?Action=DescribeInstances'`, tier: 0, points: 0 },
    {
      run: `${signed} -H 'X-Amz-Target: DynamoDB_20120810.DeleteTable' https://dynamodb.us-east-1.amazonaws.com -d '{"TableName":"t"}'`,
      tier: 4,
      points: 150,
    },
    {
      run: `curl -H 'X-Amz-Target: DynamoDB_20120810.Query' https://dynamodb.us-east-1.amazonaws.com -d @q.json`,
      tier: 0,
      points: 0,
    },
    {
      run: `curl -H 'X-Amz-Target: TrentService.ScheduleKeyDeletion' https://kms.us-east-1.amazonaws.com -d '{}'`,
      tier: 4,
      points: 500,
    },
    {
      run: `curl -H 'X-Amz-Target: secretsmanager.GetSecretValue' https://secretsmanager.us-east-1.amazonaws.com -d '{}'`,
      tier: 2,
      points: 5,
    },
    { run: 'curl -X DELETE https://eks.us-east-1.amazonaws.com/clusters/web', tier: 4, points: 500 },
    { run: 'curl -X DELETE https://route53.amazonaws.com/2013-04-01/hostedzone/Z1', tier: 4, points: 500 },
    {
      run: 'curl -X DELETE https://lambda.us-east-1.amazonaws.com/2015-03-31/functions/f',
      tier: 4,
      points: 150,
    },
    { run: "curl 'https://iam.amazonaws.com/?Action=CreateAccessKey&UserName=x'", tier: 4, points: 50 },
    { run: 'curl -X POST https://rds.us-east-1.amazonaws.com -d @x', tier: 4, points: 500 },
  ],
};
