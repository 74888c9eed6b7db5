/** The REST API of Render, and the addresses that deploy when they are fetched. */
import { type Provider, route } from '../provider.js';
import {
  changesElsewhere,
  deploys,
  destroys,
  disturbs,
  escalates,
  grants,
  revealsSecrets,
} from '../verdicts.js';

const api = 'https://api.render.com/v1';
const destroysSystem = destroys('It deletes a store or a project with everything in it.', 'system');

export const renderApi: Provider = {
  name: 'render',
  hosts: ['api.render.com'],
  controlPlane: true,
  routes: [
    route('*', /^\/deploy\/srv-/, deploys('Whoever fetches this address starts a deployment.')),
    route(
      'DELETE',
      /\/(?:postgres|redis|key-value|disks|projects|environments|owners|blueprints)\/[^/]+\/?$/,
      destroysSystem,
    ),
    route('POST', /\/disks\/[^/]+\/snapshots\/restore\/?$|\/postgres\/[^/]+\/recovery\/?$/, destroysSystem),
    route(
      'DELETE',
      /\/services\/[^/]+\/?$/,
      destroys('It deletes a service with its deployments.', 'collection'),
    ),
    route(
      'POST',
      /\/(?:deploys|rollback|restart|resume|failover|jobs|scale)\/?$/,
      deploys('It changes what runs.'),
    ),
    route(
      'POST',
      /\/suspend\/?$/,
      escalates('It takes a service out of operation.', 'object', { verb: 'deploy', kind: 'code.deploy' }),
    ),
    route('GET', /\/connection-info\/?$/, revealsSecrets('It gives out a password.')),
    route(
      'POST|PUT|PATCH|DELETE',
      /\/(?:env-vars|env-groups|secret-files|headers|routes|custom-domains)(?:\/|$)/,
      disturbs('It changes the settings that services depend on.'),
    ),
    route(
      'POST|PUT|PATCH|DELETE',
      /\/(?:members|registrycredentials|webhooks|log-streams)(?:\/|$)/,
      grants('It changes who or what may reach the account.'),
    ),
    route(
      'POST',
      /\/(?:services|postgres|redis|key-value|disks|projects|environments)\/?$/,
      changesElsewhere('It creates something that can be deleted again.', { verb: 'create' }),
    ),
  ],
  worst: destroysSystem,
  otherwise: disturbs('A change to Render that the catalogue does not list.'),
  examples: [
    { run: `curl ${api}/services`, tier: 0, points: 0 },
    { run: `curl -X DELETE ${api}/postgres/dpg-1`, tier: 4, points: 500 },
    { run: `curl -X DELETE ${api}/services/srv-1`, tier: 4, points: 150 },
    { run: `curl -X POST ${api}/services/srv-1/suspend`, tier: 4, points: 50 },
    { run: "curl 'https://api.render.com/deploy/srv-1'", tier: 4, points: 50 },
  ],
};
