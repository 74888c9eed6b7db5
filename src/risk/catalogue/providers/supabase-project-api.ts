/** The API of a single Supabase project: tables over REST, buckets and accounts. */
import { type Provider, route } from '../provider.js';
import { changesElsewhere, destroys, disturbs, grants, reads, removes } from '../verdicts.js';

const table = /^\/rest\/v1\/(?!rpc\/)[^/]+\/?$/;
/** No column is compared, or only in a way that fits nearly every row. */
const EVERY_ROW =
  /^(?:(?:select|columns|order|apikey|on_conflict)=[^&]*&?)*$|=(?:neq|gte?|not\.is|not\.eq|i?like\.[*%])(?:\.|$)/;
const api = 'https://ref.supabase.co';

export const supabaseProjectApi: Provider = {
  name: 'supabase project',
  hosts: ['*.supabase.co', '*.supabase.in'],
  controlPlane: false,
  graphqlPath: /^\/graphql\/v1/,
  routes: [
    route('DELETE', table, destroys('It deletes every row of a table.', 'collection', 'db.write'), {
      query: EVERY_ROW,
    }),
    route('PATCH', table, destroys('It changes every row of a table.', 'collection', 'db.write'), {
      query: EVERY_ROW,
    }),
    route('DELETE', table, removes('It deletes the rows that a filter finds.', 'db.write')),
    route('PATCH|PUT', table, disturbs('It changes the rows that a filter finds.', { kind: 'db.write' })),
    route('POST', table, changesElsewhere('It inserts rows.', { verb: 'create', kind: 'db.write' })),
    route(
      'DELETE',
      /^\/storage\/v1\/bucket\//,
      destroys('It deletes a bucket.', 'collection', 'storage.delete'),
    ),
    route(
      'POST',
      /^\/storage\/v1\/bucket\/[^/]+\/empty/,
      destroys('It empties a bucket.', 'collection', 'storage.delete'),
    ),
    route('POST', /^\/storage\/v1\/object\/(?:list|sign|info)/, reads('It only reads.', 'http.get')),
    route('DELETE', /^\/storage\/v1\/object\//, removes('It deletes stored objects.', 'storage.delete')),
    route(
      'POST|PUT',
      /^\/storage\/v1\/object\//,
      changesElsewhere('It stores one object.', { kind: 'storage.upload' }),
    ),
    route('POST|PUT|DELETE', /^\/auth\/v1\/admin\//, grants('It changes who may sign in.')),
  ],
  worst: destroys('The worst call deletes every row of a table.', 'collection', 'db.write'),
  otherwise: disturbs('A change to the project that the catalogue does not list.'),
  examples: [
    { run: `curl '${api}/rest/v1/users?select=*'`, tier: 0, points: 0 },
    { run: `curl -X DELETE '${api}/rest/v1/users'`, tier: 4, points: 150 },
    { run: `curl -X DELETE '${api}/rest/v1/users?id=gt.0'`, tier: 4, points: 150 },
    { run: `curl -X DELETE '${api}/rest/v1/users?id=eq.7'`, tier: 3, points: 20 },
    { run: `curl '${api}/rest/v1/users' -d '{"name":"a"}'`, tier: 2, points: 5 },
    { run: `curl -X DELETE ${api}/storage/v1/bucket/avatars`, tier: 4, points: 150 },
  ],
};
