/** The GraphQL API of Linear. */
import type { Provider } from '../provider.js';
import { changesElsewhere, destroys, disturbs, grants, removes } from '../verdicts.js';

const graphql = { kind: 'http.graphql' } as const;
const post = 'curl https://api.linear.app/graphql -d';

export const linearApi: Provider = {
  name: 'linear',
  hosts: ['api.linear.app'],
  controlPlane: false,
  graphqlPath: /^\/graphql/,
  mutations: [
    {
      field: /^organization(?:Delete|DeleteChallenge)$/,
      verdict: destroys('It deletes a whole workspace.', 'system', 'http.graphql'),
    },
    {
      field: /^(?:team|project|initiative|cycle|roadmap)(?:Delete|Archive|Unarchive)$/,
      verdict: destroys('It takes a team or a project with its issues away.', 'collection', 'http.graphql'),
    },
    {
      field:
        /^(?:apiKey|organizationInvite|user(?:Suspend|Promote\w+|Demote\w+)|teamMembership|webhook|integration|oauthClient)\w*$/,
      verdict: grants('It changes who or what may reach the workspace.'),
    },
    {
      field: /^(?:issue|comment|attachment|document|reaction)(?:Delete|Archive)$/,
      verdict: removes('It deletes one entry.', 'http.graphql'),
    },
    {
      field:
        /^(?:issue|comment|attachment|reaction|document|issueLabel|issueRelation|project|projectUpdate|projectMilestone|cycle|favorite|notification|customView|fileUpload)\w*(?:Create|Update|Add\w*|Remove\w*|Resolve|Unresolve|Upload|Link\w*|Subscribe|Reminder)$/,
      verdict: changesElsewhere('It writes in an issue or a project.', graphql),
    },
    { field: /^fileUpload$/, verdict: changesElsewhere('It stores a file.', graphql) },
  ],
  worst: destroys('The worst call of this API deletes a whole workspace.', 'system', 'http.graphql'),
  otherwise: disturbs('A change to the workspace that the catalogue does not list.', graphql),
  examples: [
    { run: `${post} '{"query":"{ viewer { id } }"}'`, tier: 0, points: 0 },
    { run: `${post} '{"query":"mutation { issueCreate(input: {}) { success } }"}'`, tier: 2, points: 5 },
    { run: `${post} '{"query":"mutation { teamDelete(id: 1) { success } }"}'`, tier: 4, points: 150 },
    { run: `${post} '{"query":"mutation { issueDelete(id: 1) { success } }"}'`, tier: 3, points: 20 },
    { run: `${post} @q.json`, tier: 4, points: 500 },
  ],
};
