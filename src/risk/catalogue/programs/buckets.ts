/** Command lines of object stores, and of BigQuery. */
import { on, type Program } from '../program.js';
import { changesElsewhere, destroys, grants, reads, removes } from '../verdicts.js';

const look = reads('It only reads.', 'http.get');

export const buckets: Program = {
  programs: ['gsutil', 's3cmd', 'mc', 's5cmd', 'azcopy', 'bq'],
  valueFlags: ['-h', '-o', '-c'],
  rules: [
    on(
      'rm|remove|del',
      { flags: ['-r', '-R', '--recursive', '-a'] },
      destroys('It deletes everything under a prefix.', 'collection', 'storage.delete'),
    ),
    on(
      'rm',
      { flags: ['-f'], operand: /^[\w-]+$/ },
      destroys('It deletes a dataset.', 'collection', 'storage.delete'),
    ),
    on(
      'rm|remove|del',
      { operand: /\*|\/$/ },
      destroys('It deletes everything under a prefix.', 'collection', 'storage.delete'),
    ),
    on('rm', { flags: ['-t', '--table'] }, destroys('It deletes a table.', 'collection', 'db.schema_change')),
    on('rm|remove|del', {}, removes('It deletes one object.', 'storage.delete')),
    on('rb', {}, destroys('It deletes a bucket.', 'collection', 'storage.delete')),
    on(
      'lifecycle|versioning|retention|autoclass|ilm|version|object-lock set|suspend|clear|edit|add|rm|disable',
      {},
      grants('It changes how long what is kept there is kept.'),
    ),
    on('iam|acl|defacl|policy', {}, grants('It changes who may read or write.')),
    on(
      'query',
      {},
      {
        runs: 'sql',
        from: { restAsText: 0 },
        unseen: destroys('It could drop a dataset.', 'collection', 'db.schema_change'),
      },
    ),
    on('ls|cat|stat|du|version|show|head|diff|find|tree', {}, look),
  ],
  otherwise: changesElsewhere('It copies files from or to a bucket.', { kind: 'storage.upload' }),
  worst: destroys('It could delete a bucket.', 'collection', 'storage.delete'),
  examples: [
    { run: 'gsutil ls gs://acme', tier: 0, points: 0 },
    { run: 'gsutil rm -r gs://acme', tier: 4, points: 150 },
    { run: 'gsutil -m cp a.txt gs://acme/', tier: 2, points: 5 },
  ],
};
