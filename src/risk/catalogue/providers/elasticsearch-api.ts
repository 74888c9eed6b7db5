/** Elasticsearch and OpenSearch, recognised by their usual port. */
import type { Provider } from '../provider.js';
import { changesElsewhere, destroys, disturbs, reads, removes } from '../verdicts.js';

export const elasticsearchApi: Provider = {
  name: 'elasticsearch',
  hosts: ['*:9200', '*.es.amazonaws.com', '*.found.io', '*.elastic-cloud.com'],
  controlPlane: false,
  routes: [
    {
      method: 'POST|GET',
      path: /\/_(?:search|count|msearch|explain|analyze|validate|cat|mget)(?:\/|$)/,
      verdict: reads('It only searches.', 'db.query'),
    },
    {
      method: 'DELETE',
      path: /^\/(?:_all|\*)?$/,
      verdict: destroys('It deletes every index.', 'system', 'db.schema_change'),
    },
    { method: 'DELETE', path: /\/_doc\//, verdict: removes('It deletes one document.', 'db.write') },
    {
      method: 'DELETE',
      path: /./,
      verdict: destroys('It deletes a whole index.', 'collection', 'db.schema_change'),
    },
    {
      method: 'POST',
      path: /_delete_by_query/,
      verdict: destroys('It deletes every document that a query finds.', 'collection', 'db.write'),
    },
    {
      method: 'PUT|POST',
      path: /\/_(?:doc|create|update)(?:\/|$)/,
      verdict: changesElsewhere('It writes one document.', { kind: 'db.write' }),
    },
  ],
  worst: destroys('The worst call deletes every index.', 'system', 'db.schema_change'),
  otherwise: disturbs('A change to the search server that the catalogue does not list.', {
    kind: 'db.write',
  }),
  examples: [
    { run: 'curl -X DELETE localhost:9200/users', tier: 4, points: 150 },
    { run: 'curl -X DELETE localhost:9200/_all', tier: 4, points: 500 },
    { run: `curl localhost:9200/users/_search -d '{"query":{}}'`, tier: 0, points: 0 },
  ],
};
