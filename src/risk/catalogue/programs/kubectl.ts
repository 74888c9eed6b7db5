/** kubectl: what runs in a cluster and what it keeps. */
import { on, type Program } from '../program.js';
import {
  changesElsewhere,
  changesLocally,
  deploys,
  destroys,
  disturbs,
  grants,
  reads,
  removes,
  revealsSecrets,
  unseen,
} from '../verdicts.js';

const look = reads();
const SYSTEM =
  /^(?:namespaces?|ns|nodes?|no|persistentvolumes?|pv|persistentvolumeclaims?|pvc|crds?|customresourcedefinitions?|storageclass\w*|statefulsets?|sts|clusters?|projects?)(?:$|[/,.])/i;

export const kubectl: Program = {
  programs: ['kubectl', 'oc', 'k', 'microk8s.kubectl'],
  carries: { words: true },
  valueFlags: [
    '-n',
    '--namespace',
    '--context',
    '--cluster',
    '--kubeconfig',
    '-f',
    '--filename',
    '-l',
    '--selector',
    '-c',
    '--container',
    '-o',
    '--output',
    '-p',
    '--patch',
    '--type',
    '--replicas',
    '--image',
    '-k',
    '--kustomize',
    '--tail',
    '--since',
    '--as',
    '--user',
    '--field-selector',
    '--timeout',
    '--grace-period',
    '--server',
    '-s',
    '--token',
    '-L',
  ],
  rules: [
    on(
      'delete|apply|create|patch|replace|drain|scale|label|annotate|set',
      { flags: ['--dry-run', '--dry-run=client', '--dry-run=server'] },
      look,
    ),
    on('exec', { atLeast: 2 }, { wraps: 'command', skip: 1, place: 'remote' }),
    on(
      'port-forward|proxy',
      {},
      changesElsewhere('It opens a way from this machine into the cluster.', { kind: 'code.exec' }),
    ),
    on('debug|run|attach|cp', {}, disturbs('It reaches into a running cluster.', { kind: 'code.exec' })),
    on(
      'delete',
      { operand: SYSTEM },
      {
        does: destroys('It deletes a part of the cluster that others live in.', 'system', 'code.deploy'),
        target: 'kubernetes {*}',
      },
    ),
    on(
      'delete',
      { flags: ['--all', '-A', '--all-namespaces'] },
      {
        does: destroys('It deletes everything of a kind.', 'system', 'code.deploy'),
        target: 'kubernetes {*}',
      },
    ),
    on(
      'delete',
      { flags: ['-f', '--filename', '-k'] },
      unseen(destroys('', 'system', 'code.deploy'), 'It deletes whatever a file lists.'),
    ),
    on(
      'delete',
      { operand: /^(?:pods?|po|jobs?|events?)(?:$|\/)/ },
      {
        does: removes('It deletes one thing that is started again.', 'code.deploy'),
        target: 'kubernetes {*}',
      },
    ),
    on(
      'delete',
      { flags: ['-l', '--selector'] },
      {
        does: destroys('It deletes everything a selector finds.', 'collection', 'code.deploy'),
        target: 'kubernetes {*}',
      },
    ),
    on(
      'delete',
      {},
      {
        does: destroys('It deletes something that runs.', 'collection', 'code.deploy'),
        target: 'kubernetes {*}',
      },
    ),
    on('drain|cordon|taint', {}, destroys('It takes a node out of service.', 'collection', 'code.deploy')),
    on(
      'scale',
      { flags: ['--replicas=0'] },
      destroys('It stops everything of a deployment.', 'collection', 'code.deploy'),
    ),
    on(
      'create|apply',
      { operand: /^(?:cluster)?role(?:binding)?s?$|^serviceaccount|^token/ },
      grants('It changes who may do what in the cluster.'),
    ),
    on('auth reconcile', {}, grants('It changes who may do what in the cluster.')),
    on('get|describe', { operand: /^secrets?(?:$|\/)/ }, revealsSecrets('It reads secrets of the cluster.')),
    on(
      'config use-context|set-context|set|delete-context|unset|set-credentials|rename-context',
      {},
      changesLocally('It changes which cluster is meant.'),
    ),
    on(
      'get|describe|logs|top|explain|version|api-resources|api-versions|cluster-info|diff|wait|config|auth|events|completion|plugin|kustomize',
      {},
      look,
    ),
    on('rollout status|history', {}, look),
    on('label|annotate', {}, disturbs('It changes labels that others may select by.')),
  ],
  otherwise: deploys('It changes what runs in the cluster.'),
  worst: destroys('It could delete a namespace.', 'system', 'code.deploy'),
  examples: [
    { run: 'kubectl get pods', tier: 0, points: 0 },
    { run: 'kubectl port-forward svc/web 8080:80', tier: 2, points: 5 },
    { run: 'kubectl delete namespace x', tier: 4, points: 500 },
    { run: 'kubectl -n web delete pod web-1', tier: 3, points: 20 },
    { run: 'kubectl --context prod-eu delete ns x', tier: 4, points: 1500 },
    { run: 'kubectl apply -f x.yaml', tier: 4, points: 50 },
    { run: "kubectl exec -it db-0 -- psql -c 'DROP TABLE users'", tier: 4, points: 150 },
  ],
};
