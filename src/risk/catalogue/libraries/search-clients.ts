/** The clients of search engines. */
import type { Library } from '../library.js';
import { destroys } from '../verdicts.js';

export const searchClients: Library = {
  name: 'search engine',
  modules:
    /^(?:elasticsearch[\w.]*|opensearchpy|@elastic\/elasticsearch|@opensearch-project\/opensearch|algoliasearch|meilisearch|typesense|pinecone[\w.-]*|@pinecone-database\/pinecone|qdrant_client|weaviate|chromadb)$/,
  globals: /^(?:Elasticsearch|OpenSearch)$/,
  reaches: 'store',
  calls: [
    {
      call: /\b(?:indices\.delete|deleteIndex|delete_index|delete_collection|deleteCollection)$/,
      verdict: destroys('It deletes a whole index.', 'collection', 'db.write'),
    },
    {
      call: /\b(?:deleteByQuery|delete_by_query|deleteAllDocuments|delete_all_documents)$/,
      verdict: destroys('It deletes every document that a query fits.', 'collection', 'db.write'),
    },
  ],
  examples: [
    {
      run: `python -c "from elasticsearch import Elasticsearch; Elasticsearch(u).indices.delete(index='logs')"`,
      tier: 4,
      points: 150,
    },
    {
      run: `python -c "from elasticsearch import Elasticsearch; Elasticsearch(u).search(index='logs')"`,
      tier: 1,
      points: 1,
    },
  ],
};
