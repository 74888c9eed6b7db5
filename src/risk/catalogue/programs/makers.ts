/** Build tools that run named targets. */
import { on, type Program } from '../program.js';
import {
  changesElsewhere,
  changesLocally,
  deploys,
  destroys,
  disturbs,
  reads,
  rebuilds,
  unseen,
} from '../verdicts.js';

const look = reads('It only looks.', 'code.lint');
const builds = rebuilds('A build or a test run, undone by another one.', 'execute');
const script = unseen(
  changesLocally('', 'execute'),
  'It runs a script of the workspace that was not sent along.',
);
/** Source that a program of a language runs as it stands. */
const SOURCE = /\.(?:swift|csx?|fsx|dart|exs|rb)$/;
const runsSource = { runs: 'javascript', from: { fileOperand: 0 }, unseen: script } as const;
const RISKY_TARGET = /^(?:.*[:_-])?(?:deploy|publish|release|promote|destroy|nuke|drop|wipe)(?:[:_-].*)?$/i;

export const makers: Program = {
  programs: [
    'make',
    'gmake',
    'just',
    'task',
    'rake',
    'gradle',
    './gradlew',
    'gradlew',
    'mvn',
    'mvnw',
    './mvnw',
    'ant',
    'sbt',
    'mix',
    'lein',
    'invoke',
    'fab',
    'composer',
    'dotnet',
    'swift',
    'xcodebuild',
    'flutter',
    'dart',
    'stack',
    'cabal',
    'zig',
    'bundle',
    'rails',
  ],
  valueFlags: ['-C', '-f', '-j', '--directory', '--file', '--makefile'],
  carries: { flags: ['--eval'], texts: [/^(?:SHELL|CC|CXX|MAKE)=(.+)$/g, /^--eval=[^;]*[;:]\s*(.+)$/g] },
  rules: [
    on('', { flags: ['-n', '--dry-run'] }, look),
    on(
      '',
      {
        operand:
          /^db:(?:(?:drop|reset|purge|truncate\w*)(?::\w+)?|schema:load|structure:load|migrate:reset|setup|seed:replant)$|^ecto\.(?:drop|reset)$/,
      },
      destroys('It drops the database.', 'system', 'db.schema_change'),
    ),
    on(
      'db:migrate',
      { operand: /^VERSION=0$/ },
      destroys('It takes every change of the schema back.', 'system', 'db.schema_change'),
    ),
    on(
      'ecto.rollback',
      { flags: ['--all'] },
      destroys('It takes every change of the schema back.', 'system', 'db.schema_change'),
    ),
    on(
      '',
      {
        operand:
          /^(?:db:(?:version|migrate:status|schema:dump|structure:dump|abort_if_pending_migrations)|ecto\.migrations)$/,
      },
      reads(),
    ),
    on(
      '',
      { operand: /^(?:db:(?:seed|create|fixtures:load|encryption:init)|ecto\.create)$/ },
      changesElsewhere('It fills or creates a database.', { kind: 'db.write', verb: 'create' }),
    ),
    on(
      '',
      { operand: /^db:|^ecto\.|^flyway:clean/ },
      disturbs('It changes the database.', { kind: 'db.write' }),
    ),
    on('nuget push|delete', {}, deploys('It publishes a package, or takes one away.')),
    on(
      '',
      {
        operand:
          /^(?:hex\.publish|.*publish[A-Z]\w*|flywayClean|.*[a-z](?:Deploy|Publish|Destroy|Wipe|DropAll)\w*)$/,
      },
      deploys('A target that deploys or destroys, by its name.'),
    ),
    on(
      'publish',
      { flags: ['-c', '-o', '-r', '--configuration', '--output', '--runtime', '--self-contained'] },
      builds,
    ),
    on('', { operand: RISKY_TARGET }, deploys('A target that deploys or destroys, by its name.')),
    on(
      '',
      { flags: ['-f=-', '--file=-', '-f=/dev/stdin', '--makefile=-'], piped: true },
      { runs: 'shell', from: 'stdin' },
    ),
    on('script|run|runner|r', { operand: SOURCE }, runsSource),
    on('', { operand: SOURCE, atMost: 1 }, runsSource),
    on('runner|r', { atLeast: 1 }, { runs: 'python', from: { operand: 0 }, unseen: script }),
    on('console|c', { piped: true }, { runs: 'python', from: 'stdin', unseen: script }),
    on('exec', { atLeast: 1 }, { wraps: 'command', skip: 0 }),
  ],
  otherwise: builds,
  examples: [
    { run: "make SHELL='dropdb app'", tier: 4, points: 500 },
    { run: 'make SHELL=/bin/bash test', tier: 1, points: 0 },
    { run: 'make test', tier: 1, points: 0 },
    { run: 'make deploy', tier: 4, points: 50 },
    { run: `rails runner 'User.delete_all'`, tier: 4, points: 150 },
    { run: `rails c <<< 'User.where(old: true).delete_all'`, tier: 3, points: 40 },
    { run: 'rails runner scripts/report.rb', tier: 1, points: 1 },
    { run: 'rails db:drop', tier: 4, points: 500 },
    { run: 'bundle exec rake db:drop', tier: 4, points: 500 },
  ],
};
