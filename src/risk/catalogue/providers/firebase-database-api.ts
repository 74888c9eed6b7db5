/** The realtime database of Firebase: the path of a request is the part of the tree that it replaces. */
import { type Provider, route } from '../provider.js';
import { changesElsewhere, destroys, disturbs, grants, removes } from '../verdicts.js';

const root = /^\/?\.json$/;
const top = /^\/[^/]+\.json$/;
const api = 'https://acme.firebaseio.com';

export const firebaseDatabaseApi: Provider = {
  name: 'firebase database',
  hosts: ['*.firebaseio.com', '*.firebasedatabase.app'],
  controlPlane: false,
  routes: [
    route('PUT|PATCH', /\/\.settings\//, grants('It changes who may reach the database.')),
    route(
      'DELETE|PUT',
      root,
      destroys('It replaces or deletes the whole database.', 'system', 'db.schema_change'),
    ),
    route(
      'DELETE|PUT',
      top,
      destroys('It replaces or deletes a whole collection.', 'collection', 'db.write'),
    ),
    route('DELETE', /./, removes('It deletes one record.', 'db.write')),
    route('PUT|PATCH', /./, disturbs('It changes one record.', { kind: 'db.write' })),
    route('POST', /./, changesElsewhere('It adds a record.', { verb: 'create', kind: 'db.write' })),
  ],
  worst: destroys('The worst call deletes the whole database.', 'system', 'db.schema_change'),
  otherwise: disturbs('A change to the database that the catalogue does not list.', { kind: 'db.write' }),
  examples: [
    { run: `curl ${api}/users.json`, tier: 0, points: 0 },
    { run: `curl -X DELETE ${api}/.json`, tier: 4, points: 500 },
    { run: `curl -X DELETE ${api}/users.json`, tier: 4, points: 150 },
    { run: `curl -X DELETE ${api}/users/7.json`, tier: 3, points: 20 },
  ],
};
