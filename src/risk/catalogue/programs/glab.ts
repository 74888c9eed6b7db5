/** glab: GitLab from the command line. */
import { on, type Program } from '../program.js';
import {
  changesElsewhere,
  destroys,
  disturbs,
  grants,
  reads,
  rebuilds,
  removes,
  revealsSecrets,
} from '../verdicts.js';

const look = reads('It only reads.', 'http.get');
const writes = changesElsewhere('It writes something on GitLab that can be taken back.');

export const glab: Program = {
  programs: ['glab'],
  valueFlags: [
    '-R',
    '--repo',
    '-X',
    '--method',
    '-f',
    '-F',
    '--field',
    '--raw-field',
    '-m',
    '--message',
    '-t',
    '-d',
    '-b',
  ],
  rules: [
    on(
      'repo delete',
      {},
      { does: destroys('It deletes a whole repository.', 'collection'), target: 'GitLab project {0}' },
    ),
    on(
      'repo|project archive|transfer|update|mirror',
      {},
      disturbs('It changes a repository that others use.'),
    ),
    on('mr merge', {}, disturbs('It merges into a branch that others use.')),
    on(
      'mr|issue|incident|release|snippet|label|milestone|schedule delete',
      {},
      removes('It deletes one thing for good.'),
    ),
    on(
      'variable|securefile|token|deploy-key|ssh-key|gpg-key|cluster set|update|delete|add|create|rotate|revoke|remove',
      {},
      grants('It changes settings or who may reach the project.'),
    ),
    on('variable get|export', {}, revealsSecrets('It prints settings, which may hold secrets.')),
    on('ci|pipeline|job run|retry|trigger|cancel|delete|play', {}, disturbs('It changes which builds run.')),
    on('mr checkout', {}, rebuilds('It checks a branch out.')),
    on('repo clone', {}, rebuilds('It copies a repository.')),
    on(
      'api',
      { atLeast: 1 },
      {
        asks: 'https://gitlab.com/api/v4/',
        method: ['-X', '--method'],
        fields: ['-f', '-F', '--field', '--raw-field'],
        input: ['--input'],
      },
    ),
    on(
      'mr|issue|ci|pipeline|job|repo|release|label|milestone|snippet|schedule|user|config|auth|variable|token|incident|runner list|ls|view|show|status|get|lint|trace|diff|approvers|for|issues|search|contributors|events|artifact|download',
      {},
      look,
    ),
    on('auth|config', {}, rebuilds('It sets the program up.')),
    on('version|help|check-update|completion', {}, look),
  ],
  otherwise: writes,
  examples: [
    { run: 'glab mr list', tier: 0, points: 0 },
    { run: 'glab mr create --fill', tier: 2, points: 5 },
    { run: 'glab mr merge 3', tier: 3, points: 20 },
    { run: 'glab repo delete acme/app -y', tier: 4, points: 150 },
    { run: 'glab api projects/1/issues', tier: 0, points: 0 },
  ],
};
