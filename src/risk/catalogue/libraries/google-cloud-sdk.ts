/** The libraries of Google Cloud and Firebase. */
import type { Library } from '../library.js';
import { destroys, disturbs } from '../verdicts.js';

export const googleCloudSdk: Library = {
  name: 'Google Cloud',
  modules:
    /^(?:google\.cloud[\w.]*|googleapiclient[\w.]*|google-cloud-[\w/-]+|google\/cloud[\w/-]*|@google-cloud\/[\w-]+|googleapis|firebase-admin[\w/-]*|firebase_admin[\w.]*|cloud\.google\.com\/go[\w./-]*|com\.google\.cloud[\w.]*)$/,
  reaches: 'service',
  calls: [
    {
      call: /\bdoc(?:ument)?\.delete$/,
      verdict: disturbs('It deletes one document.', { verb: 'delete', kind: 'db.write' }),
    },
    {
      call: /\b(?:recursiveDelete|recursive_delete|delete_collection)$/,
      verdict: destroys('It deletes a collection with all below it.', 'collection', 'db.write'),
    },
    {
      call: /\b(?:deleteFiles|delete_blobs)$/,
      verdict: destroys('It deletes the files of a bucket.', 'collection'),
    },
  ],
  examples: [
    {
      run: `python -c "from google.cloud import storage; storage.Client().bucket('b').delete(force=True)"`,
      tier: 4,
      points: 150,
    },
    {
      run: `python -c "from google.cloud import resourcemanager_v3 as r; r.ProjectsClient().delete_project(name='projects/p')"`,
      tier: 4,
      points: 500,
    },
    {
      run: `node -e "const {Storage} = require('@google-cloud/storage'); new Storage().bucket('b').file('x').delete()"`,
      tier: 3,
      points: 20,
    },
  ],
};
