/** terraform and its forks. */
import { on, type Program } from '../program.js';
import { deploys, destroys, disturbs, reads, rebuilds } from '../verdicts.js';

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
    on('run-all|run plan|validate|output|show|graph|providers', {}, look),
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
