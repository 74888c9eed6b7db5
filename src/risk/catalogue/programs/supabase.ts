/** Command lines of hosted databases. */
import { on, type Program } from '../program.js';
import {
  changesElsewhere,
  changesLocally,
  deploys,
  destroys,
  disturbs,
  reads,
  rebuilds,
} from '../verdicts.js';

const look = reads('It only reads.', 'http.get');
const destroysSystem = destroys(
  'It deletes something that everything else there depends on, for good.',
  'system',
);
const listed =
  'list|ls|status|info|show|get|view|inspect|logs|whoami|version|help|ps|releases|regions|docs|open';

export const supabase: Program = {
  programs: ['supabase', 'neonctl', 'neon', 'pscale', 'turso', 'planetscale', 'convex'],
  valueFlags: [
    '--project-ref',
    '--db-url',
    '-p',
    '--password',
    '--schema',
    '--workdir',
    '--project-id',
    '--org',
  ],
  rules: [
    on('db reset', { flags: ['--linked', '--db-url'] }, destroysSystem),
    on('db reset', {}, changesLocally('It builds the local database anew.', 'delete')),
    on('projects|project|databases|database|db|branches|branch delete|destroy|rm|drop', {}, destroysSystem),
    on('db push', { flags: ['--local'] }, changesElsewhere('It changes the schema of the local database.')),
    on('db push', {}, deploys('It changes the schema of the remote database.')),
    on('import', { flags: ['--replace', '--replace-all'] }, destroysSystem),
    on(
      'storage rm',
      { flags: ['-r', '--recursive'] },
      destroys('It deletes everything under a prefix.', 'collection', 'storage.delete'),
    ),
    on(
      'branches|branch reset|restore',
      {},
      destroys('It puts another state in the place of a branch.', 'collection'),
    ),
    on('group|org|organizations|organization|regions destroy|delete|rm', {}, destroysSystem),
    on('deploy', {}, deploys('It puts a version into service.')),
    on('deploy-request deploy|revert', {}, deploys('It changes the schema of a database in service.')),
    on('functions|secrets|storage delete|unset|rm|set', {}, disturbs('It changes the running project.')),
    on('functions deploy', {}, deploys('It puts a function into service.')),
    on(
      'migration|migrations|functions|storage|secrets|orgs|snippets|backups|domains list|ls|show|status',
      {},
      look,
    ),
    on('functions serve|new|download', {}, rebuilds('It works in the workspace.', 'execute')),
    on(
      'start|stop|init|link|gen|test|migration|seed|login|unlink',
      {},
      rebuilds('It works in the workspace.', 'execute'),
    ),
    on('db diff|lint|dump|pull|start|show', {}, rebuilds('It works in the workspace.')),
    on('projects|branches|functions|secrets|databases|branch list|ls|show', {}, look),
    on(listed, {}, look),
  ],
  otherwise: disturbs('It changes the project in a way that the catalogue does not list.'),
  worst: destroysSystem,
  examples: [
    { run: 'supabase db reset --linked', tier: 4, points: 500 },
    { run: 'supabase start', tier: 1, points: 0 },
    { run: 'supabase projects delete abc', tier: 4, points: 500 },
  ],
};
