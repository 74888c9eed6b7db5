/** The API of DigitalOcean. */
import { type Provider, route } from '../provider.js';
import {
  changesElsewhere,
  deploys,
  destroys,
  disturbs,
  grants,
  removes,
  revealsSecrets,
} from '../verdicts.js';

const api = 'https://api.digitalocean.com/v2';
const destroysSystem = destroys(
  'It deletes a machine, a volume or a database with everything in it.',
  'system',
);

export const digitaloceanApi: Provider = {
  name: 'digitalocean',
  hosts: ['api.digitalocean.com'],
  controlPlane: true,
  routes: [
    route('DELETE', /\/destroy_with_associated_resources\/(?:dangerous|selective)$/, destroysSystem),
    route(
      'DELETE',
      /\/domains\/[^/]+\/records\/[^/]+\/?$/,
      removes('It deletes a name that leads somewhere.'),
    ),
    route('DELETE', /\/databases\/[^/]+\/(?:users|pools)\//, grants('It changes who may reach a database.')),
    route(
      'DELETE',
      /\/(?:droplets|volumes|databases|dbs|clusters|node_pools|apps|domains|projects|vpcs|registry|registries|load_balancers|namespaces)(?:\/[^/]+)?\/?$/,
      destroysSystem,
    ),
    route('DELETE', /\/(?:snapshots|images)\/[^/]+\/?$/, destroys('It deletes a snapshot.', 'collection')),
    route('GET', /\/(?:kubeconfig|credentials|ca)\/?$/, revealsSecrets('It gives out credentials.')),
    route(
      'POST|PUT|DELETE',
      /\/(?:account\/keys|keys|tokens|firewalls|spaces\/keys|users|firewall)(?:\/|$)/,
      grants('It changes who or what may reach the account.'),
    ),
    route(
      'POST',
      /\/(?:droplets|volumes)\/(?:[^/]+\/)?actions\/?$/,
      deploys('It switches off, rebuilds, restores or changes a machine.'),
    ),
    route(
      'POST|PUT',
      /\/(?:deployments|rollback|apps\/[^/]+)\/?$/,
      deploys('It puts something into service.'),
    ),
    route(
      'POST',
      /\/(?:droplets|volumes|databases|apps|domains|records|snapshots|projects)\/?$/,
      changesElsewhere('It creates something that is paid for.', { verb: 'create', tier: 3 }),
    ),
    route('DELETE', /./, removes('It deletes one object of the account.')),
  ],
  worst: destroysSystem,
  otherwise: disturbs('A change to the cloud account that the catalogue does not list.'),
  examples: [
    { run: `curl ${api}/droplets`, tier: 0, points: 0 },
    { run: `curl -X DELETE ${api}/volumes/v1`, tier: 4, points: 500 },
    { run: `curl -X DELETE '${api}/droplets?tag_name=web'`, tier: 4, points: 500 },
    { run: `curl -X DELETE ${api}/databases/d1`, tier: 4, points: 500 },
    { run: `curl -X DELETE ${api}/domains/acme.io/records/7`, tier: 3, points: 20 },
    { run: `curl ${api}/droplets/7/actions -d '{"type":"power_off"}'`, tier: 4, points: 50 },
  ],
};
