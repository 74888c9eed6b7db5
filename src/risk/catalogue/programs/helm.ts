/** Programs that install into clusters or make them. */
import { on, type Program } from '../program.js';
import { changesElsewhere, deploys, destroys, reads, rebuilds } from '../verdicts.js';

const look = reads();

export const helm: Program = {
  programs: [
    'helm',
    'helmfile',
    'argocd',
    'flux',
    'kustomize',
    'skaffold',
    'istioctl',
    'eksctl',
    'kops',
    'kubeadm',
  ],
  valueFlags: ['-n', '--namespace', '-f', '--values', '--set', '--version', '--kube-context', '-e'],
  rules: [
    on('app|repo|cluster|proj|account|get|logs list|get|diff|history|logs|manifests|resources', {}, look),
    on('', { flags: ['--dry-run'] }, look),
    on(
      'create',
      {
        operand:
          /^(?!(?:cluster|nodegroup|secret|ig|instancegroup|source|app|iam\w*|fargateprofile|addon)$)[\w./-]+$/,
        atMost: 1,
        without: ['-f', '--name'],
      },
      rebuilds('It works in the workspace.'),
    ),
    on('', { operand: /^\.{1,2}(?:\/|$)/, atMost: 1 }, look),
    on(
      'dev|debug|test',
      {},
      changesElsewhere('It runs the workspace in a cluster, for as long as it runs itself.', {
        verb: 'execute',
      }),
    ),
    on('edit set|add|fix|remove', {}, rebuilds('It works in the workspace.')),
    on(
      'package|completion|pull|fetch|cfg|fn|localize|dep|dependency',
      {},
      rebuilds('It works in the workspace.'),
    ),
    on(
      'repo|proxy-config|proxy-status|analyze|x|explain|validate|context|tree|trace|logs|events|stats',
      { without: ['--delete'] },
      look,
    ),
    on(
      'uninstall|delete|del|destroy',
      {},
      destroys('It deletes everything of a release.', 'system', 'code.deploy'),
    ),
    on(
      'app|cluster|project delete',
      {},
      destroys('It deletes everything of an application.', 'system', 'code.deploy'),
    ),
    on('reset', {}, destroys('It takes a cluster apart.', 'system', 'code.deploy')),
    on(
      'list|ls|status|get|history|show|search|template|lint|version|diff|env|verify|build|render|inspect|dependency|repo',
      {},
      look,
    ),
  ],
  otherwise: deploys('It changes what runs in the cluster.'),
  worst: destroys('It could delete everything of a release.', 'system', 'code.deploy'),
  examples: [
    { run: 'helm list', tier: 0, points: 0 },
    { run: 'helm uninstall web', tier: 4, points: 500 },
    { run: 'helm upgrade web ./chart', tier: 4, points: 50 },
  ],
};
