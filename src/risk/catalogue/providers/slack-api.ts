/** The Web API of Slack. */
import type { Provider } from '../provider.js';
import { changesElsewhere, destroys, disturbs, grants, reads, removes } from '../verdicts.js';

const api = 'https://slack.com/api';

export const slackApi: Provider = {
  name: 'slack',
  hosts: ['slack.com', '*.slack.com'],
  controlPlane: false,
  routes: [
    {
      method: '*',
      path: /\/api\/[\w.]+\.(?:list|info|history|get|lookupByEmail|members|test|replies)$/,
      verdict: reads('It only reads.', 'http.get'),
    },
    {
      method: '*',
      path: /\/api\/admin\.|\/api\/(?:conversations\.(?:invite|kick)|usergroups\.)/,
      verdict: grants('It changes who may see or do what.'),
    },
    {
      method: '*',
      path: /\/api\/conversations\.(?:delete|archive)$/,
      verdict: destroys('It closes a whole channel.', 'collection'),
    },
    {
      method: '*',
      path: /\/api\/(?:chat|files|reminders)\.delete/,
      verdict: removes('It deletes one message or file.', 'social.post.delete'),
    },
    {
      method: '*',
      path: /\/api\/(?:chat\.(?:post|update|schedule|me)|reactions\.|files\.)/,
      verdict: changesElsewhere('It writes in a channel, where it can be deleted again.', {
        verb: 'send',
        kind: 'message.slack.post',
      }),
    },
    {
      method: 'POST',
      path: /^\/services\//,
      verdict: changesElsewhere('It writes in a channel.', { verb: 'send', kind: 'message.slack.post' }),
    },
  ],
  worst: grants('The worst call of this API changes who may see what.'),
  otherwise: disturbs('A change to Slack that the catalogue does not list.'),
  examples: [
    { run: `curl -X POST ${api}/chat.postMessage -d '{"channel":"C1","text":"hi"}'`, tier: 2, points: 5 },
    { run: `curl ${api}/conversations.list`, tier: 0, points: 0 },
    { run: `curl -X POST ${api}/conversations.archive -d channel=C1`, tier: 4, points: 150 },
  ],
};
