/** Programs that build and take down infrastructure from a description. */
import { on, type Program } from './program.js';
import { deploys, destroys, disturbs, reads, rebuilds } from './verdicts.js';

const look = reads();
const destroysAll = destroys('It takes down everything that the description lists.', 'system', 'code.deploy');

export const terraform: Program = {
  programs: ['terraform', 'tofu', 'terragrunt', 'opentofu'],
  singleDash: true,
  valueFlags: ['-chdir', '-var', '-var-file', '-target', '-out'],
  rules: [
    on('destroy', {}, destroysAll),
    on('apply', { flags: ['-destroy'] }, destroysAll),
    on('run-all|run destroy', {}, destroysAll),
    on('plan|show|validate|output|graph|version|providers|console|get|metadata|test|state-list', {}, look),
    on('state list|show|pull', {}, look),
    on('workspace list|show', {}, look),
    on('workspace delete', {}, destroys('It deletes a workspace with its state.', 'system', 'code.deploy')),
    on(
      'state rm|mv|push|replace-provider',
      {},
      destroys('It changes what the tool believes to exist.', 'collection', 'code.deploy'),
    ),
    on('force-unlock|taint|untaint|import', {}, disturbs('It changes what the tool believes to exist.')),
    on('init|fmt|workspace|login|logout', {}, rebuilds('It only changes files of the workspace.')),
  ],
  otherwise: deploys('It changes running infrastructure.'),
  worst: destroysAll,
  examples: [
    { run: 'terraform plan', tier: 0, points: 0 },
    { run: 'terraform destroy -auto-approve', tier: 4, points: 500 },
    { run: 'terraform apply -destroy', tier: 4, points: 500 },
    { run: 'tofu apply', tier: 4, points: 50 },
    { run: 'terraform -chdir=infra destroy', tier: 4, points: 500 },
  ],
};

export const pulumi: Program = {
  programs: ['pulumi', 'cdk', 'sst', 'serverless', 'sls', 'sam', 'ansible', 'ansible-playbook', 'copilot'],
  valueFlags: ['-s', '--stack', '-C', '--cwd', '--stage', '--profile', '--region', '-i', '-e', '-m', '-a'],
  rules: [
    on('destroy|remove|delete|down', {}, destroysAll),
    on('stack|app|env rm|delete', {}, destroysAll),
    on('preview|diff|synth|list|ls|logs|whoami|about|version|validate|doctor|build|console', {}, look),
    on('stack ls|output|history', {}, look),
    on('', { flags: ['--check', '--syntax-check', '--list-tasks'] }, look),
    on('config|init|new|login', {}, rebuilds('It only changes files of the workspace.')),
  ],
  otherwise: deploys('It changes running infrastructure.'),
  worst: destroysAll,
  examples: [
    { run: 'pulumi preview', tier: 0, points: 0 },
    { run: 'pulumi destroy --yes', tier: 4, points: 500 },
    { run: 'cdk deploy', tier: 4, points: 50 },
  ],
};
