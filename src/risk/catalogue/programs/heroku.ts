/** The command line of Heroku. */
import { on, type Program } from '../program.js';
import {
  changesElsewhere,
  deploys,
  destroys,
  disturbs,
  grants,
  reads,
  rebuilds,
  revealsSecrets,
} from '../verdicts.js';

const look = reads('It only reads.', 'http.get');
const destroysSystem = destroys(
  'It deletes something that everything else there depends on, for good.',
  'system',
);

export const heroku: Program = {
  programs: ['heroku'],
  carries: { words: true },
  valueFlags: [
    '-a',
    '--app',
    '-r',
    '--remote',
    '--confirm',
    '-s',
    '--size',
    '-t',
    '--team',
    '-c',
    '--command',
  ],
  rules: [
    on(
      'apps:destroy|destroy|pg:reset|addons:destroy|pipelines:destroy|redis:reset|spaces:destroy|apps:delete',
      {},
      { does: destroysSystem, target: 'heroku app {--app}' },
    ),
    on('pg|postgres|redis|apps|addons|pipelines reset|destroy|delete', {}, destroysSystem),
    on(
      'pg:psql',
      { flags: ['-c', '--command'] },
      { runs: 'sql', from: { flag: ['-c', '--command'] }, unseen: destroysSystem },
    ),
    on('run|run:detached', { atLeast: 1 }, { wraps: 'command', skip: 0, place: 'remote' }),
    on(
      'access:add|access:remove|access:update|members:add|members:remove|keys:add|keys:remove|authorizations:create',
      {},
      grants('It changes who may reach the app.'),
    ),
    on(
      'local|local:start|local:run|git:remote|login|plugins',
      {},
      rebuilds('It works in the workspace.', 'execute'),
    ),
    on('config', {}, revealsSecrets('It prints settings, which may hold secrets.')),
    on('config:get', {}, revealsSecrets('It prints settings, which may hold secrets.')),
    on(
      'config:set|config:unset|ps:scale|ps:restart|ps:stop|maintenance:on|maintenance:off|domains:add|domains:remove|labs:enable',
      {},
      disturbs('It changes the running app.'),
    ),
    on(
      'pg:info|pg:backups|apps|apps:info|ps|releases|addons|domains|logs|status|auth:whoami|pipelines|features|regions|access',
      {},
      look,
    ),
    on(
      'create|apps:create|addons:create',
      {},
      changesElsewhere('It creates something that can be deleted again.', { verb: 'create' }),
    ),
  ],
  otherwise: deploys('It changes what runs.'),
  worst: destroysSystem,
  examples: [
    { run: 'heroku logs --tail', tier: 0, points: 0 },
    { run: 'heroku apps:destroy -a shop --confirm shop', tier: 4, points: 500 },
    { run: 'heroku pg:reset DATABASE_URL --confirm shop', tier: 4, points: 500 },
  ],
};
