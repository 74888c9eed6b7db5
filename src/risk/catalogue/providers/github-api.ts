/** The REST and GraphQL API of GitHub. */
import type { Provider } from '../provider.js';
import {
  changesElsewhere,
  deploys,
  destroys,
  disturbs,
  grants,
  removes,
  revealsSecrets,
} from '../verdicts.js';

const api = 'https://api.github.com';

export const githubApi: Provider = {
  name: 'github',
  hosts: ['api.github.com', 'uploads.github.com'],
  controlPlane: true,
  graphqlPath: /^\/graphql/,
  mutations: [
    {
      field:
        /^(?:create|add|update|mark|submit|request|resolve|unresolve|minimize)(?:Issue|Comment|PullRequest|Reaction|Label|Review|Discussion)\w*$/,
      verdict: changesElsewhere('It writes in an issue or a pull request.'),
    },
    {
      field: /^(?:(?:createOr)?[uU]pdateRefs?|forcePush\w*)$/,
      verdict: destroys('It moves a branch, and may rewrite it.', 'collection'),
    },
    { field: /^mergePullRequest$/, verdict: disturbs('It merges into a branch that others use.') },
  ],
  routes: [
    {
      method: 'DELETE',
      path: /^\/repos\/[^/]+\/[^/]+\/?$/,
      verdict: destroys('It deletes a whole repository.', 'collection'),
    },
    {
      method: 'DELETE',
      path: /^\/(?:orgs|organizations)\/[^/]+\/?$/,
      verdict: destroys('It deletes a whole organization.', 'system'),
    },
    {
      method: 'DELETE',
      path: /\/git\/refs\/heads\/(?:main|master|production|release[^/]*)$/,
      verdict: destroys('It deletes a shared branch.', 'collection'),
    },
    {
      method: 'PATCH',
      path: /\/git\/refs\/heads\/(?:main|master|trunk|develop|production|release[^/]*)$/,
      verdict: destroys('It moves a shared branch, and may rewrite it.', 'collection'),
    },
    { method: 'PATCH', path: /\/git\/refs\/heads\//, verdict: disturbs('It moves a branch.') },
    {
      method: 'POST|PUT|PATCH|DELETE',
      path: /\/(?:collaborators|memberships|teams|keys|hooks|protection|permissions|invitations|rulesets)(?:\/|$)/,
      verdict: grants('It changes who may do what.'),
    },
    { method: 'GET', path: /\/actions\/secrets/, verdict: revealsSecrets('It lists secrets.') },
    {
      method: 'PUT|DELETE',
      path: /\/(?:actions|dependabot|codespaces)\/secrets\//,
      verdict: grants('It changes a secret that builds use.'),
    },
    {
      method: 'PUT',
      path: /\/pulls\/\d+\/merge$/,
      verdict: disturbs('It merges into a branch that others use.'),
    },
    {
      method: 'POST',
      path: /\/(?:deployments|dispatches|pages\/builds)$/,
      verdict: deploys('It starts a deployment or a workflow.'),
    },
    { method: 'POST', path: /\/releases$/, verdict: deploys('It publishes a release.') },
    {
      method: 'POST',
      path: /\/(?:issues|pulls)(?:\/\d+)?(?:\/(?:comments|labels|reactions|reviews))?$/,
      verdict: changesElsewhere('It writes in an issue or a pull request.', { verb: 'create' }),
    },
    {
      method: 'PATCH',
      path: /\/(?:issues|pulls)\/\d+$/,
      verdict: changesElsewhere('It edits an issue or a pull request.'),
    },
    {
      method: 'PATCH',
      path: /^\/repos\/[^/]+\/[^/]+\/?$/,
      verdict: disturbs('It changes the settings of a repository.'),
    },
    { method: 'DELETE', path: /./, verdict: removes('It deletes one remote object.') },
  ],
  worst: destroys('The worst call of this API deletes a whole repository.', 'collection'),
  otherwise: disturbs('A change to GitHub that the catalogue does not list.'),
  examples: [
    { run: `curl ${api}/repos/acme/app/issues`, tier: 0, points: 0 },
    { run: `curl -X POST ${api}/repos/acme/app/issues -d '{"title":"x"}'`, tier: 2, points: 5 },
    { run: `curl -X DELETE ${api}/repos/acme/app`, tier: 4, points: 150 },
    { run: `curl -X PUT ${api}/repos/acme/app/collaborators/bob`, tier: 4, points: 50 },
    { run: `curl -X DELETE ${api}/repos/acme/app/issues/comments/7`, tier: 3, points: 20 },
  ],
};
