/** The API of Notion, where what is deleted goes to a trash. */
import { type Provider, route } from '../provider.js';
import { changesElsewhere, disturbs, reads, removes } from '../verdicts.js';

const api = 'https://api.notion.com/v1';

export const notionApi: Provider = {
  name: 'notion',
  hosts: ['api.notion.com'],
  controlPlane: false,
  routes: [
    route('POST', /\/(?:search|query)$/, reads('It only reads.', 'http.get')),
    route('DELETE', /\/blocks\//, removes('It moves a block or a page to the trash.')),
    route(
      'PATCH',
      /\/(?:databases|data_sources)\/[^/]+$/,
      disturbs('It changes what a table of others looks like.'),
    ),
    route(
      'POST|PATCH',
      /\/(?:pages|blocks|comments|databases|data_sources|file_uploads)\b/,
      changesElsewhere('It writes on a page.'),
    ),
  ],
  worst: disturbs('The worst call of this API takes pages away that others use.', { radius: 'collection' }),
  otherwise: disturbs('A change to the workspace that the catalogue does not list.'),
  examples: [
    { run: `curl ${api}/pages/1`, tier: 0, points: 0 },
    { run: `curl ${api}/databases/1/query -d '{}'`, tier: 0, points: 0 },
    { run: `curl ${api}/pages -d '{}'`, tier: 2, points: 5 },
    { run: `curl -X DELETE ${api}/blocks/1`, tier: 3, points: 20 },
  ],
};
