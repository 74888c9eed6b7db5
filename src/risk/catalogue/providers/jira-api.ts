/** The REST APIs of Jira and Confluence. */
import { type Provider, route } from '../provider.js';
import { changesElsewhere, destroys, disturbs, grants, reads, removes } from '../verdicts.js';

const api = 'https://acme.atlassian.net/rest/api/3';

export const jiraApi: Provider = {
  name: 'jira',
  hosts: ['*.atlassian.net', 'api.atlassian.com'],
  paths: /^\/rest\/(?:api|agile)\/(?:latest|\d[\d.]*)\/(?:issue|project|search|filter|board)\b/,
  controlPlane: false,
  routes: [
    route(
      'POST',
      /\/(?:search(?:\/jql)?|jql\/\w+|issue\/bulkfetch|expression\/eval|picker|approximate-count)$/,
      reads('It only reads.', 'http.get'),
    ),
    route(
      'DELETE',
      /\/(?:project|space|spaces|board)\/[^/]+\/?$/,
      destroys('It deletes a whole project or space.', 'collection'),
    ),
    route(
      'POST',
      /\/project\/[^/]+\/(?:delete|archive)$|\/bulk\/issues\/delete$/,
      destroys('It deletes many entries.', 'collection'),
    ),
    route(
      'POST|PUT|DELETE',
      /\/(?:user|users|group|groupuserpicker|role|roles|permissionscheme|permissions|webhook|securitylevel|applicationrole|restriction)(?:\/|$)/,
      grants('It changes who may see or do what.'),
    ),
    route(
      'POST|PUT|DELETE',
      /\/(?:workflow|workflowscheme|screens|field|issuetype|priority|status|configuration)(?:\/|$)/,
      disturbs('It changes how everybody works there.'),
    ),
    route('DELETE', /./, removes('It deletes one entry.')),
    route(
      'POST|PUT',
      /\/(?:issue|comment|worklog|attachments|transitions|issueLink|filter|content|pages|blogposts|watchers|assignee|remotelink|sprint|backlog|version|component)(?:\/|$)/,
      changesElsewhere('It writes in an issue or on a page.'),
    ),
  ],
  worst: destroys('The worst call of this API deletes a whole project.', 'collection'),
  otherwise: disturbs('A change that the catalogue does not list.'),
  examples: [
    { run: `curl ${api}/issue/AB-1`, tier: 0, points: 0 },
    { run: `curl ${api}/search -d '{"jql":"project = AB"}'`, tier: 0, points: 0 },
    { run: `curl ${api}/issue -d '{}'`, tier: 2, points: 5 },
    { run: `curl -X DELETE ${api}/issue/AB-1`, tier: 3, points: 20 },
    { run: `curl -X DELETE ${api}/project/AB`, tier: 4, points: 150 },
  ],
};
