/** The API of Datadog. */
import { type Provider, route } from '../provider.js';
import { changesElsewhere, destroys, disturbs, grants, reads, removes } from '../verdicts.js';

const api = 'https://api.datadoghq.com/api';

export const datadogApi: Provider = {
  name: 'datadog',
  hosts: [
    'api.datadoghq.com',
    'api.datadoghq.eu',
    'api.{us3,us5,ap1,ap2}.datadoghq.com',
    'api.ddog-gov.com',
    'http-intake.logs.datadoghq.com',
    'http-intake.logs.datadoghq.eu',
  ],
  controlPlane: true,
  routes: [
    route(
      'POST',
      /\/(?:search|aggregate|timeseries|scalar|list|query|validate|events\/search)$/,
      reads('It only reads.', 'http.get'),
    ),
    route(
      'POST',
      /\/(?:series|distribution_points|events|check_run|logs|input|metrics)(?:\/|$)/,
      changesElsewhere('It reports measurements or an event.'),
    ),
    route(
      'POST|PUT|PATCH|DELETE',
      /\/(?:users?|roles|api_keys|application_keys|service_accounts|api_key|application_key|integration|webhooks|saml_configurations|authn_mappings|permissions|restriction_policy)(?:\/|$)/,
      grants('It changes who or what may reach the account.'),
    ),
    route(
      'DELETE',
      /\/logs\/config\/(?:indexes|archives|pipelines)\/|\/org\b/,
      destroys('It deletes what keeps the logs.', 'collection'),
    ),
    route(
      'POST|DELETE',
      /\/(?:downtime|mute|mute_all|silence)(?:\/|$)/,
      disturbs('It keeps people from being told.'),
    ),
    route('DELETE', /./, removes('It deletes one object that others may watch.')),
    route(
      'POST|PUT|PATCH',
      /\/(?:dashboard|notebooks|incidents|cases)(?:\/|$)/,
      changesElsewhere('It writes something that can be changed again.'),
    ),
  ],
  worst: destroys('The worst call of this API deletes what keeps the logs.', 'collection'),
  otherwise: disturbs('A change to the account that the catalogue does not list.'),
  examples: [
    { run: `curl ${api}/v1/monitor`, tier: 0, points: 0 },
    { run: `curl ${api}/v2/logs/events/search -d '{}'`, tier: 0, points: 0 },
    { run: `curl -H 'DD-API-KEY: x' ${api}/v2/series -d '{}'`, tier: 2, points: 15 },
    { run: `curl -X DELETE ${api}/v1/monitor/7`, tier: 3, points: 20 },
    { run: `curl -X POST ${api}/v1/monitor/mute_all`, tier: 3, points: 20 },
    { run: `curl -X DELETE ${api}/v1/logs/config/indexes/main`, tier: 4, points: 150 },
  ],
};
