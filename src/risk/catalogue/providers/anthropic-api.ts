/** The API of Anthropic. */
import { type Provider, route } from '../provider.js';
import { changesElsewhere, destroys, disturbs, grants, reads, removes } from '../verdicts.js';

const api = 'https://api.anthropic.com/v1';

export const anthropicApi: Provider = {
  name: 'anthropic',
  hosts: ['api.anthropic.com'],
  controlPlane: false,
  routes: [
    route('POST', /\/messages\/count_tokens$/, reads('It only counts.', 'http.get')),
    route(
      'POST',
      /\/(?:messages|complete|messages\/batches)$/,
      changesElsewhere('It has a model run, which costs money.', { verb: 'execute', kind: 'llm.completion' }),
    ),
    route(
      'POST',
      /\/organizations\/workspaces\/[^/]+\/archive$/,
      destroys('It closes a workspace with its keys for good.', 'system'),
    ),
    route(
      'POST|DELETE',
      /\/organizations\/(?:api_keys|invites|users|workspaces\/[^/]+\/members)(?:\/|$)/,
      grants('It changes who may act on the account.'),
    ),
    route('DELETE', /./, removes('It deletes one object of the account.')),
    route(
      'POST',
      /\/(?:files|skills)\b/,
      changesElsewhere('It creates something that can be deleted again.', { verb: 'create' }),
    ),
  ],
  worst: destroys('The worst call of this API closes a workspace.', 'system'),
  otherwise: disturbs('A change to the account that the catalogue does not list.'),
  examples: [
    { run: `curl ${api}/models`, tier: 0, points: 0 },
    { run: `curl -H 'x-api-key: x' ${api}/messages -d '{"model":"m"}'`, tier: 2, points: 5 },
    { run: `curl -X POST ${api}/organizations/workspaces/w1/archive`, tier: 4, points: 500 },
    { run: `curl -X DELETE ${api}/files/f1`, tier: 3, points: 20 },
  ],
};
