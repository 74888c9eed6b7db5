/** The clients of Kubernetes. */
import type { Library } from '../library.js';

export const kubernetesClient: Library = {
  name: 'Kubernetes',
  modules:
    /^(?:kubernetes[\w.]*|kubernetes_asyncio[\w.]*|@kubernetes\/client-node|kubeclient|pykube|kr8s|k8s\.io\/client-go[\w./-]*|io\.kubernetes\.client[\w.]*|io\.fabric8\.kubernetes[\w.]*)$/,
  globals: /^(?:CoreV1Api|AppsV1Api|BatchV1Api|k8sApi|Kubeclient)$/,
  reaches: 'service',
  examples: [
    {
      run: `python -c "from kubernetes import client, config; config.load_kube_config(); client.CoreV1Api().delete_namespace('shop')"`,
      tier: 4,
      points: 500,
    },
    {
      run: `python -c "from kubernetes import client; client.CoreV1Api().delete_namespaced_pod('p', 'shop')"`,
      tier: 3,
      points: 20,
    },
    {
      run: `python -c "from kubernetes import client; print(client.CoreV1Api().list_namespace())"`,
      tier: 1,
      points: 1,
    },
  ],
};
