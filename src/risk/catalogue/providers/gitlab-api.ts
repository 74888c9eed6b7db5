/** The REST and GraphQL APIs of GitLab, also where it is hosted by its users. */
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

const api = 'https://gitlab.com/api/v4';

export const gitlabApi: Provider = {
  name: 'gitlab',
  hosts: ['gitlab.com'],
  paths: /^\/api\/v4\/(?:projects|groups|namespaces)(?:\/|$)/,
  controlPlane: true,
  graphqlPath: /^\/api\/graphql/,
  mutations: [
    {
      field:
        /^(?:issue|createIssue|updateIssue|createNote|updateNote|mergeRequest(?:Create|Update|Set\w+)|workItem(?:Create|Update)|todo\w+)/,
      verdict: changesElsewhere('It writes in an issue or a merge request.'),
    },
    { field: /^mergeRequestAccept$/, verdict: disturbs('It merges into a branch that others use.') },
    {
      field: /^(?:projectDelete|namespaceDelete|groupDelete)$/,
      verdict: destroys('It deletes a project or a group.', 'system'),
    },
  ],
  routes: [
    route(
      'DELETE',
      /^\/api\/v4\/groups\/[^/]+\/?$/,
      destroys('It deletes a group with its projects.', 'system'),
    ),
    route(
      'DELETE',
      /^\/api\/v4\/projects\/[^/]+\/?$/,
      destroys('It deletes a whole repository.', 'collection'),
    ),
    route(
      'DELETE',
      /\/repository\/branches\/(?:main|master|production|release[^/]*)$|\/repository\/merged_branches$/,
      destroys('It deletes shared branches.', 'collection'),
    ),
    route(
      'DELETE',
      /\/(?:registry\/repositories|packages|environments|container_registry)\/[^/]+(?:\/tags)?\/?$/,
      destroys('It deletes a whole collection.', 'collection'),
    ),
    route('GET', /\/variables(?:\/|$)/, revealsSecrets('It lists secrets of builds.')),
    route(
      'POST|PUT|PATCH|DELETE',
      /\/(?:members|variables|protected_branches|protected_tags|deploy_keys|deploy_tokens|access_tokens|hooks|invitations|approval_rules|push_rule|share|runners|keys|personal_access_tokens)(?:\/|$)/,
      grants('It changes who may do what, or a secret of builds.'),
    ),
    route('PUT', /\/merge_requests\/\d+\/merge$/, disturbs('It merges into a branch that others use.')),
    route(
      'POST',
      /\/(?:trigger\/pipeline|pipelines?|play|retry|releases|deployments|pages)\/?$/,
      deploys('It starts a pipeline or a release.'),
    ),
    route(
      'POST',
      /\/(?:issues|merge_requests|notes|discussions|award_emoji|labels|snippets)\/?$/,
      changesElsewhere('It writes in an issue or a merge request.', { verb: 'create' }),
    ),
    route(
      'PUT',
      /\/(?:issues|merge_requests|notes)\/\d+$/,
      changesElsewhere('It edits an issue or a merge request.'),
    ),
    route('DELETE', /./, removes('It deletes one remote object.')),
  ],
  worst: destroys('The worst call of this API deletes a group with its projects.', 'system'),
  otherwise: disturbs('A change to GitLab that the catalogue does not list.'),
  examples: [
    { run: `curl ${api}/projects/7/issues`, tier: 0, points: 0 },
    { run: `curl -X POST ${api}/projects/7/issues -d title=x`, tier: 2, points: 5 },
    { run: `curl -X DELETE ${api}/projects/7`, tier: 4, points: 150 },
    { run: 'curl -X DELETE https://git.acme.io/api/v4/groups/7', tier: 4, points: 500 },
    { run: `curl -X POST ${api}/projects/7/members -d user_id=1 -d access_level=50`, tier: 4, points: 50 },
    { run: `curl -X DELETE -H 'PRIVATE-TOKEN: x' ${api}/projects/7/issues/3`, tier: 3, points: 60 },
  ],
};
