/** Programs that change the schema of a database step by step. */
import { on, type Program } from '../program.js';
import { changesElsewhere, destroys, disturbs, reads, rebuilds } from '../verdicts.js';

const executes = destroys('It could drop the database.', 'system', 'db.schema_change');
const look = reads('It only looks.', 'code.lint');

export const migrations: Program = {
  programs: [
    'prisma',
    'sequelize',
    'sequelize-cli',
    'typeorm',
    'knex',
    'drizzle-kit',
    'alembic',
    'flyway',
    'liquibase',
    'dbmate',
    'goose',
    'atlas',
    'sqitch',
    'diesel',
    'sqlx',
  ],
  valueFlags: ['--file', '--schema', '--url'],
  rules: [
    on(
      'migrate reset',
      {},
      destroys('It drops the database and builds it anew.', 'system', 'db.schema_change'),
    ),
    on(
      'downgrade base',
      {},
      destroys('It takes every change of the schema back.', 'system', 'db.schema_change'),
    ),
    on(
      'migrate:rollback|rollback|migration:revert|down',
      { flags: ['--all'] },
      destroys('It takes every change of the schema back.', 'system', 'db.schema_change'),
    ),
    on(
      'migrate dev',
      {},
      changesElsewhere('It changes the schema of the developer’s database.', { kind: 'db.schema_change' }),
    ),
    on(
      'db push',
      { flags: ['--force-reset', '--accept-data-loss'] },
      destroys('It may drop what does not fit the schema.', 'system', 'db.schema_change'),
    ),
    on(
      'db:drop|schema:drop|clean|drop|drop-all|reset|db:migrate:undo:all',
      {},
      destroys('It drops the database.', 'system', 'db.schema_change'),
    ),
    on('db execute', { flags: ['--stdin'], piped: true }, { runs: 'sql', from: 'stdin', unseen: executes }),
    on(
      'db execute',
      { flags: ['--file'] },
      { runs: 'sql', from: { fileFlag: ['--file'] }, unseen: executes },
    ),
    on('database|db drop|reset', {}, destroys('It drops the database.', 'system', 'db.schema_change')),
    on('validate|status|migrate:status|history|current|heads|branches|show|info|check|version', {}, look),
    on(
      'push',
      { flags: ['--force'] },
      destroys('It may drop what does not fit the schema.', 'system', 'db.schema_change'),
    ),
    on('generate|format|studio|introspect', {}, rebuilds('It only writes files of the workspace.')),
    on(
      'migrate|migration|migrations|schema status|diff|list|info|show|lint|validate|hash|inspect|current|history',
      {},
      look,
    ),
    on(
      'revision|merge',
      { flags: ['--autogenerate', '-m', '--message', '--print', '--pull'], without: ['--force'] },
      rebuilds('It only writes files of the workspace.'),
    ),
    on(
      'revision|init|make|generate-sql|pull|up:sql|migrate:make|migration:create|migration:generate|migration:show|migrate:list|migrate:status|db:migrate:status|seed:make|model:generate|seed:generate|cache:clear|entity:create',
      {},
      rebuilds('It only writes files of the workspace.'),
    ),
    on(
      'db seed',
      {},
      changesElsewhere('It fills the database with examples.', { kind: 'db.write', verb: 'create' }),
    ),
    on('db pull', {}, rebuilds('It only writes files of the workspace.')),
    on('migration|migrate generate|create|new', {}, rebuilds('It only writes files of the workspace.')),
    on(
      'downgrade|rollback|migrate:rollback|undo|db:migrate:undo|migration:revert|down',
      {},
      disturbs('It takes a change of the schema back.', { kind: 'db.schema_change', radius: 'collection' }),
    ),
  ],
  otherwise: disturbs('It changes the schema of a database.', { kind: 'db.schema_change' }),
  worst: destroys('It could drop the database.', 'system', 'db.schema_change'),
  examples: [
    { run: 'npx prisma migrate reset --force', tier: 4, points: 500 },
    { run: 'npx prisma generate', tier: 1, points: 0 },
    { run: 'alembic upgrade head', tier: 3, points: 20 },
  ],
};
