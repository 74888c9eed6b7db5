/** The APIs of PagerDuty, which wakes people. */
import { type Provider, route } from '../provider.js';
import { changesElsewhere, destroys, disturbs, grants, removes } from '../verdicts.js';

const api = 'https://api.pagerduty.com';
const wakes = disturbs('It wakes whoever is on call.', { verb: 'send', kind: 'message.chat.post' });

export const pagerdutyApi: Provider = {
  name: 'pagerduty',
  hosts: ['{api,events}.pagerduty.com', '{api,events}.eu.pagerduty.com'],
  controlPlane: true,
  routes: [
    route('POST', /\/(?:v2\/enqueue|incidents|generic\/[\w-]+\/create_event\.json)\/?$/, wakes),
    route('POST', /\/v2\/change\/enqueue\/?$/, changesElsewhere('It reports a change.')),
    route(
      'DELETE',
      /\/(?:services|schedules|escalation_policies|teams|event_orchestrations|business_services)\/[^/]+\/?$/,
      destroys('Nobody is told any more of what goes wrong there.', 'collection'),
    ),
    route(
      'POST|PUT',
      /\/(?:maintenance_windows|overrides|snooze)\/?$/,
      disturbs('It keeps people from being told.'),
    ),
    route(
      'POST|PUT|DELETE',
      /\/(?:users|webhook_subscriptions|extensions|addons)(?:\/|$)/,
      grants('It changes who or what takes part.'),
    ),
    route('POST|PUT', /\/incidents\/[^/]+(?:\/notes)?\/?$/, changesElsewhere('It writes in an incident.')),
    route('DELETE', /./, removes('It deletes one record.')),
  ],
  worst: destroys('The worst call of this API deletes a service.', 'collection'),
  otherwise: disturbs('A change to the account that the catalogue does not list.'),
  examples: [
    { run: `curl ${api}/incidents`, tier: 0, points: 0 },
    { run: `curl https://events.pagerduty.com/v2/enqueue -d '{}'`, tier: 3, points: 20 },
    { run: `curl -X DELETE ${api}/services/P1`, tier: 4, points: 150 },
    { run: `curl -X POST ${api}/maintenance_windows -d '{}'`, tier: 3, points: 20 },
  ],
};
