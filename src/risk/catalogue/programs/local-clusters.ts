/** Clusters on the machine itself, which are made anew in minutes. */
import { on, type Program } from '../program.js';
import { changesLocally, reads } from '../verdicts.js';

export const localClusters: Program = {
  programs: ['kind', 'minikube', 'k3d', 'colima', 'microk8s'],
  rules: [
    on('get|list|status|version|logs|profile', {}, reads()),
    on('delete|stop', {}, changesLocally('It takes a cluster of this machine away.', 'delete')),
  ],
  otherwise: changesLocally('It changes a cluster of this machine.', 'execute'),
  examples: [
    { run: 'kind create cluster --name dev', tier: 1, points: 1 },
    { run: 'minikube status', tier: 0, points: 0 },
  ],
};
