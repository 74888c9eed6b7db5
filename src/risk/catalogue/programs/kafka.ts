/** Kafka's own programs: topics, their settings and the groups that read them. */
import { on, type Program } from '../program.js';
import { changesElsewhere, destroys, disturbs, reads } from '../verdicts.js';

const look = reads();
const DELETES = destroys('It deletes topics, or the records in them.', 'collection');
const NAMES = [
  'kafka-configs',
  'kafka-topics',
  'kafka-consumer-groups',
  'kafka-delete-records',
  'kafka-acls',
];

export const kafka: Program = {
  programs: NAMES.flatMap((name) => [name, `${name}.sh`]),
  valueFlags: [
    ...['--bootstrap-server', '--command-config', '--zookeeper', '--topic', '--group', '--entity-type'],
    ...[
      '--entity-name',
      '--add-config',
      '--delete-config',
      '--partitions',
      '--replication-factor',
      '--config',
    ],
    ...['--offset-json-file', '--to-offset', '--to-datetime', '--shift-by', '--principal', '--operation'],
  ],
  rules: [
    on('', { flags: ['--list', '--describe'], without: ['--delete', '--alter'] }, look),
    on('', { flags: ['--delete', '--offset-json-file'] }, DELETES),
    on('', { value: /\b(?:retention|cleanup\.policy|delete\.)/ }, DELETES),
    on(
      '',
      { flags: ['--reset-offsets'], without: ['--dry-run', '--export'] },
      destroys('It makes readers skip records, or take them again.', 'collection'),
    ),
    on('', { flags: ['--create'] }, changesElsewhere('It creates a topic.', { verb: 'create' })),
  ],
  otherwise: disturbs('It changes how a topic works.'),
  examples: [
    { run: 'kafka-topics --bootstrap-server b:9092 --list', tier: 0, points: 0 },
    { run: 'kafka-topics.sh --bootstrap-server b:9092 --delete --topic orders', tier: 4, points: 150 },
    {
      run: 'kafka-configs --bootstrap-server b:9092 --alter --topic orders --add-config retention.ms=1',
      tier: 4,
      points: 150,
    },
    { run: 'kafka-topics --bootstrap-server b:9092 --create --topic t', tier: 2, points: 5 },
  ],
};
