/** The API of Kubernetes, recognised by its paths, since every cluster has a host of its own. */
import { type Provider, route } from '../provider.js';
import {
  deploys,
  destroys,
  disturbs,
  escalates,
  grants,
  reads,
  removes,
  revealsSecrets,
} from '../verdicts.js';

const destroysSystem = destroys(
  'It deletes a part of the cluster that others live in.',
  'system',
  'code.deploy',
);
const api = 'https://cluster.example.com';
const look = reads('It only reads.', 'http.get');

export const kubernetesApi: Provider = {
  name: 'kubernetes',
  hosts: [
    '*:6443',
    'kubernetes.default',
    'kubernetes.default.svc',
    '*.{gr7,sk1,yl4}.*.eks.amazonaws.com',
    '*.azmk8s.io',
    '*.k8s.ondigitalocean.com',
  ],
  paths:
    /^\/(?:api\/v1\/(?:namespaces|nodes|pods|persistentvolumes|persistentvolumeclaims|services|secrets|configmaps)(?:\/|$)|apis\/[\w.-]+\/v\d\w*\/)/,
  controlPlane: true,
  routes: [
    route('POST|PUT|PATCH|DELETE', /./, look, { query: /(?:^|&)dryRun=All/ }),
    route('POST', /\/(?:selfsubject\w+|subjectaccessreviews|tokenreviews|localsubjectaccessreviews)$/, look),
    route('GET', /\/secrets(?:\/|$)/, revealsSecrets('It reads secrets of the cluster.')),
    route(
      'DELETE',
      /\/(?:namespaces|nodes|persistentvolumes|persistentvolumeclaims|customresourcedefinitions|statefulsets|storageclasses|clusters)(?:\/[^/]+)?\/?$/,
      destroysSystem,
    ),
    route(
      'DELETE',
      /\/(?:pods|jobs|events|replicasets|leases)\/[^/]+\/?$/,
      removes('It deletes one thing that is started again.', 'code.deploy'),
    ),
    route('DELETE', /./, destroys('It deletes something that runs.', 'collection', 'code.deploy')),
    route(
      'POST|PUT|PATCH',
      /\/(?:roles|rolebindings|clusterroles|clusterrolebindings|serviceaccounts|token|certificatesigningrequests|mutatingwebhookconfigurations|validatingwebhookconfigurations)(?:\/|$)/,
      grants('It changes who may do what in the cluster.'),
    ),
    route(
      '*',
      /\/pods\/[^/]+\/(?:exec|attach|portforward|proxy|ephemeralcontainers)$/,
      escalates('It reaches into a running pod.'),
    ),
    route(
      'POST',
      /\/pods\/[^/]+\/eviction$/,
      disturbs('It stops a pod, which is started again elsewhere.', { kind: 'code.deploy' }),
    ),
  ],
  worst: destroysSystem,
  otherwise: deploys('It changes what runs in the cluster.'),
  examples: [
    { run: `curl ${api}/api/v1/namespaces/web/pods`, tier: 0, points: 0 },
    { run: `curl -X DELETE ${api}/api/v1/namespaces/web`, tier: 4, points: 500 },
    { run: 'curl -X DELETE http://localhost:8001/api/v1/namespaces/web', tier: 4, points: 500 },
    { run: `curl -X DELETE ${api}/apis/apps/v1/namespaces/web/deployments/api`, tier: 4, points: 150 },
    { run: `curl -X DELETE ${api}/api/v1/namespaces/web/pods/api-1`, tier: 3, points: 20 },
    { run: `curl -X PATCH ${api}/apis/apps/v1/namespaces/web/deployments/api -d '{}'`, tier: 4, points: 50 },
    { run: `curl ${api}/api/v1/namespaces/web/secrets/db`, tier: 2, points: 5 },
  ],
};
