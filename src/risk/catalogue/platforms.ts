/** Command lines of hosting platforms. */
import { on, type Program } from './program.js';
import {
  changesElsewhere,
  changesLocally,
  deploys,
  destroys,
  disturbs,
  grants,
  reads,
  rebuilds,
  removes,
  revealsSecrets,
} from './verdicts.js';

const look = reads('It only reads.', 'http.get');
const destroysSystem = destroys(
  'It deletes something that everything else there depends on, for good.',
  'system',
);
const listed =
  'list|ls|status|info|show|get|view|inspect|logs|whoami|version|help|ps|releases|regions|docs|open';

export const railway: Program = {
  programs: ['railway', '@railway/cli'],
  valueFlags: ['-s', '--service', '-e', '--environment', '-p', '--project', '-v', '--volume', '-m'],
  rules: [
    on(
      'volume|volumes delete|remove|rm|del|detach',
      {},
      { does: destroysSystem, target: 'railway volume {--volume}' },
    ),
    on('environment|env|project|service|database delete|remove|rm', {}, destroysSystem),
    on('delete', {}, destroysSystem),
    on('down', {}, destroys('It takes the running deployment away.', 'collection')),
    on('run|shell', { atLeast: 1 }, { wraps: 'command', skip: 0, place: 'remote' }),
    on('ssh|connect', {}, disturbs('It opens a session in the running service.')),
    on(
      'variables|variable|vars',
      { flags: ['--set'] },
      disturbs('It changes settings that running services depend on.'),
    ),
    on('variables|variable|vars', {}, revealsSecrets('It prints settings, which may hold secrets.')),
    on('up|redeploy|deploy|restart', {}, deploys('It puts a service into operation.')),
    on('login|logout', {}, grants('It changes which account acts.')),
    on('link|unlink', {}, rebuilds('It only changes which project is meant.')),
    on('volume|environment|service|project list|status', {}, look),
    on(listed, {}, look),
  ],
  otherwise: disturbs('It changes the project in a way that the catalogue does not list.'),
  worst: destroysSystem,
  examples: [
    { run: 'railway volume delete', tier: 4, points: 500 },
    { run: 'railway volume delete --volume 3d2c42fb --yes', tier: 4, points: 500 },
    { run: 'railway status', tier: 0, points: 0 },
    { run: 'railway up', tier: 4, points: 50 },
    { run: 'railway $WHAT', tier: 4, points: 500 },
  ],
};

export const vercel: Program = {
  programs: [
    'vercel',
    'vc',
    'netlify',
    'wrangler',
    'firebase',
    'amplify',
    'now',
    'surge',
    'render',
    'doctl',
    'hcloud',
    'linode-cli',
    'vultr',
    'scw',
    'eb',
  ],
  valueFlags: [
    '-t',
    '--token',
    '-S',
    '--scope',
    '-e',
    '--env',
    '--cwd',
    '--project',
    '-P',
    '--name',
    '--config',
    '-c',
  ],
  rules: [
    on(
      'project|projects|sites|d1|databases|apps|app|kv:namespace|r2|cluster|server|droplet|volume|database|compute delete|rm|remove|destroy|terminate',
      {},
      destroysSystem,
    ),
    on('compute|kubernetes|databases|r2 droplet|volume|cluster|bucket|db delete|rm|d', {}, destroysSystem),
    on('sites:delete|firestore:delete|database:remove|hosting:disable|functions:delete', {}, destroysSystem),
    on('terminate', {}, destroysSystem),
    on('remove|rm|delete', {}, destroys('It deletes deployments.', 'collection')),
    on('d1 execute', {}, { runs: 'sql', from: { flag: ['--command'] }, unseen: destroysSystem }),
    on(
      'env|secret|domains|dns|alias|certs|teams|secrets add|rm|set|put|delete|bulk|remove|invite',
      {},
      grants('It changes settings or who may reach the project.'),
    ),
    on('env pull', {}, revealsSecrets('It writes secrets into a file.')),
    on(
      'deploy|publish|promote|rollback|redeploy|pages|versions|hosting:clone',
      {},
      deploys('It puts a version into service.'),
    ),
    on(
      'dev|build|link|init|pull|emulators:start|types|login|logout|switch',
      {},
      rebuilds('It works in the workspace.', 'execute'),
    ),
    on(
      'env|domains|project|projects|deployments|kv|d1|r2|sites|secret|alias|dns|certs|teams list|ls|info|inspect',
      {},
      look,
    ),
    on('compute|kubernetes|databases * list|get|ls', {}, look),
    on(`${listed}|tail|projects:list`, {}, look),
  ],
  otherwise: deploys('It puts a version into service, or changes one.'),
  worst: destroysSystem,
  examples: [
    { run: 'vercel deploy', tier: 4, points: 50 },
    { run: 'vercel --prod', tier: 4, points: 150 },
    { run: 'vercel ls', tier: 0, points: 0 },
    { run: 'vercel project rm shop', tier: 4, points: 500 },
    { run: 'wrangler d1 delete db', tier: 4, points: 500 },
  ],
};

export const heroku: Program = {
  programs: ['heroku'],
  valueFlags: ['-a', '--app', '-r', '--remote', '--confirm', '-s', '--size', '-t', '--team'],
  rules: [
    on(
      'apps:destroy|destroy|pg:reset|addons:destroy|pipelines:destroy|redis:reset|spaces:destroy|apps:delete',
      {},
      { does: destroysSystem, target: 'heroku app {--app}' },
    ),
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

export const fly: Program = {
  programs: ['fly', 'flyctl'],
  valueFlags: ['-a', '--app', '-r', '--region', '-c', '--config', '-o', '--org', '-C', '--command'],
  rules: [
    on(
      'apps|app|volumes|volume|vol|postgres|pg|mpg|redis|machine|machines|m destroy|delete|rm|remove',
      {},
      destroysSystem,
    ),
    on('destroy', {}, destroysSystem),
    on('secrets set|unset|import|deploy', {}, grants('It changes secrets of the app.')),
    on(
      'tokens|orgs|certs create|invite|delete|remove|add|revoke',
      {},
      grants('It changes who may reach the app.'),
    ),
    on('ssh|console|proxy', {}, disturbs('It opens a session in the running app.')),
    on(
      'apps|volumes|machine|machines|secrets|postgres|ips|releases|regions|orgs|certs list|show|status|ls',
      {},
      look,
    ),
    on(listed, {}, look),
    on('deploy|launch|scale|restart|suspend|resume', {}, deploys('It changes what runs.')),
  ],
  otherwise: disturbs('It changes the app in a way that the catalogue does not list.'),
  worst: destroysSystem,
  examples: [
    { run: 'fly status', tier: 0, points: 0 },
    { run: 'fly apps destroy shop', tier: 4, points: 500 },
    { run: 'flyctl volumes destroy vol_1', tier: 4, points: 500 },
    { run: 'fly deploy', tier: 4, points: 50 },
  ],
};

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
    on('db push', {}, deploys('It changes the schema of the remote database.')),
    on('functions|secrets|storage delete|unset|rm|set', {}, disturbs('It changes the running project.')),
    on('functions deploy', {}, deploys('It puts a function into service.')),
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

export const countersign: Program = {
  programs: ['countersign'],
  rules: [
    on('hook|assess|verify|help', {}, look),
    on('demo', {}, changesLocally('It starts a demonstration.', 'execute')),
  ],
  otherwise: { ...removes('It changes the gate itself.'), selfProtection: true },
  examples: [
    { run: 'countersign assess x', tier: 0, points: 0 },
    { run: 'countersign install cursor --undo', tier: 3, points: 20 },
  ],
};
