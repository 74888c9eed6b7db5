/** The API of OpenAI. */
import { type Provider, route } from '../provider.js';
import { changesElsewhere, destroys, disturbs, grants, reads, removes } from '../verdicts.js';

const api = 'https://api.openai.com/v1';

export const openaiApi: Provider = {
  name: 'openai',
  hosts: ['api.openai.com', '*.api.openai.com'],
  controlPlane: false,
  routes: [
    route(
      'POST',
      /\/(?:embeddings)$/,
      changesElsewhere('It has a model run, which costs money.', { verb: 'execute', kind: 'llm.embedding' }),
    ),
    route(
      'POST',
      /\/(?:chat\/completions|completions|responses|images\/\w+|audio\/\w+|videos|threads\/runs|runs|realtime\/\w+)$/,
      changesElsewhere('It has a model run, which costs money.', { verb: 'execute', kind: 'llm.completion' }),
    ),
    route(
      'POST',
      /\/(?:moderations|tokenizer|vector_stores\/[^/]+\/search)$/,
      reads('It only reads.', 'http.get'),
    ),
    route(
      'POST|DELETE',
      /\/organization\/(?:admin_api_keys|invites|users|projects\/[^/]+\/(?:users|service_accounts|api_keys)|certificates)(?:\/|$)/,
      grants('It changes who may act on the account.'),
    ),
    route(
      'POST',
      /\/organization\/projects\/[^/]+\/archive$/,
      destroys('It closes a project for good.', 'system'),
    ),
    route('DELETE', /\/vector_stores\/[^/]+\/?$/, destroys('It deletes a whole store.', 'collection')),
    route('DELETE', /\/models\/[^/]+\/?$/, destroys('It deletes a model that was trained.', 'object')),
    route('DELETE', /./, removes('It deletes one object of the account.')),
    route(
      'POST',
      /\/(?:fine_tuning\/jobs|batches)$/,
      disturbs('It starts work that is paid for.', { verb: 'execute' }),
    ),
    route(
      'POST',
      /\/(?:files|uploads|assistants|threads|vector_stores|messages|conversations|evals)\b/,
      changesElsewhere('It creates something that can be deleted again.', { verb: 'create' }),
    ),
  ],
  worst: destroys('The worst call of this API closes a project.', 'system'),
  otherwise: disturbs('A change to the account that the catalogue does not list.'),
  examples: [
    { run: `curl ${api}/models`, tier: 0, points: 0 },
    { run: `curl -H 'Authorization: Bearer x' ${api}/chat/completions -d @body.json`, tier: 2, points: 5 },
    { run: `curl -X DELETE ${api}/vector_stores/vs_1`, tier: 4, points: 150 },
    { run: `curl -X DELETE ${api}/files/file-1`, tier: 3, points: 20 },
    { run: `curl -X POST ${api}/organization/projects/p1/archive`, tier: 4, points: 500 },
  ],
};
