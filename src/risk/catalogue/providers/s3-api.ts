/** S3 and the stores that speak its API, with the bucket in the host or in the path. */
import { type Provider, route } from '../provider.js';
import { changesElsewhere, destroys, disturbs, grants, removes } from '../verdicts.js';

const bucket = /^\/?$/;
const HOST_OF_BUCKET = /^(?!s3[.-])/;
const deletesBucket = destroys('It deletes a bucket.', 'collection', 'storage.delete');

export const s3Api: Provider = {
  name: 's3',
  hosts: [
    's3.amazonaws.com',
    '{s3,s3.dualstack}.*.amazonaws.com',
    '*.s3.amazonaws.com',
    '*.{s3,s3.dualstack}.*.amazonaws.com',
    '*.r2.cloudflarestorage.com',
    '*.digitaloceanspaces.com',
    '*.backblazeb2.com',
    '*.wasabisys.com',
  ],
  controlPlane: false,
  routes: [
    route('DELETE|PUT', /./, grants('It changes who may reach the bucket.'), {
      query: /^(?:policy|acl|publicAccessBlock|ownershipControls)\b/,
    }),
    route(
      'PUT',
      /./,
      destroys('It may let everything in the bucket expire.', 'collection', 'storage.delete'),
      { query: /^lifecycle\b/ },
    ),
    route('PUT|DELETE', /./, disturbs('It changes how the bucket keeps what it holds.'), {
      query:
        /^(?:versioning|encryption|replication|lifecycle|object-lock|website|cors|logging|notification|tagging)\b/,
    }),
    route('POST', /./, destroys('It deletes many objects.', 'collection', 'storage.delete'), {
      query: /^delete\b/,
    }),
    route('DELETE', bucket, deletesBucket, { host: HOST_OF_BUCKET }),
    route('DELETE', /^\/[^/]+\/?$/, deletesBucket, { host: /^s3[.-]|r2\.cloudflarestorage/ }),
    route('DELETE', /./, removes('It deletes one object.', 'storage.delete')),
    route('POST', /./, changesElsewhere('It starts or ends an upload.', { kind: 'storage.upload' }), {
      query: /^uploads?\b|uploadId=|^select\b/,
    }),
    route('PUT|POST', /./, changesElsewhere('It stores one object.', { kind: 'storage.upload' })),
  ],
  worst: deletesBucket,
  otherwise: disturbs('A change to a bucket that the catalogue does not list.'),
  examples: [
    { run: 'curl https://acme.s3.amazonaws.com/a.txt', tier: 0, points: 0 },
    { run: 'curl -X DELETE https://acme.s3.eu-west-1.amazonaws.com/', tier: 4, points: 150 },
    { run: 'curl -X DELETE https://s3.eu-west-1.amazonaws.com/acme', tier: 4, points: 150 },
    { run: 'curl -X DELETE https://s3.amazonaws.com/acme/a.txt', tier: 3, points: 20 },
    { run: "curl -X POST 'https://acme.s3.amazonaws.com/?delete' -d '<Delete/>'", tier: 4, points: 150 },
    { run: "curl -X PUT 'https://acme.s3.amazonaws.com/?policy' -d '{}'", tier: 4, points: 50 },
    { run: "curl -X PUT 'https://acme.s3.amazonaws.com/?lifecycle' -d '<x/>'", tier: 4, points: 150 },
    { run: 'curl -T a.txt https://acme.s3.amazonaws.com/a.txt', tier: 2, points: 5 },
  ],
};
