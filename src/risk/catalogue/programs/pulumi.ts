/** Programs that build infrastructure or applications from code. */
import { on, type Program } from '../program.js';
import { deploys, destroys, reads, rebuilds } from '../verdicts.js';

const look = reads();
const destroysAll = destroys('It takes down everything that the description lists.', 'system', 'code.deploy');

export const pulumi: Program = {
  programs: [
    'pulumi',
    'cdk',
    'sst',
    'serverless',
    'sls',
    'sam',
    'ansible',
    'ansible-playbook',
    'copilot',
    'azd',
    'cdktf',
  ],
  valueFlags: ['-s', '--stack', '-C', '--cwd', '--stage', '--profile', '--region', '-i', '-e', '-m', '-a'],
  rules: [
    on('destroy|remove|delete|down', {}, destroysAll),
    on('stack|app|env rm|delete', {}, destroysAll),
    on('preview|diff|synth|list|ls|logs|whoami|about|version|validate|doctor|build|console', {}, look),
    on('stack ls|output|history|graph', {}, look),
    on('info|print|metrics|package|plugin|list-stacks|outputs|status', {}, look),
    on(
      'offline|local|install|schema|generate|bind|acknowledge|context|docs',
      {},
      rebuilds('It works in the workspace.', 'execute'),
    ),
    on('stack|invoke select|init|unselect|tag|local', {}, rebuilds('It works in the workspace.', 'execute')),
    on('', { flags: ['--list-hosts', '--list-tags', '--version'] }, look),
    on('', { value: /^(?:ping|setup|debug|stat|gather_facts|ansible\.builtin\.(?:ping|setup|stat))$/ }, look),
    on('', { flags: ['--check', '--syntax-check', '--list-tasks'] }, look),
    on('config|init|new|login', {}, rebuilds('It only changes files of the workspace.')),
  ],
  otherwise: deploys('It changes running infrastructure.'),
  worst: destroysAll,
  examples: [
    { run: 'pulumi preview', tier: 0, points: 0 },
    { run: 'pulumi destroy --yes', tier: 4, points: 500 },
    { run: 'cdk deploy', tier: 4, points: 50 },
    { run: 'azd down --force --purge', tier: 4, points: 500 },
  ],
};
