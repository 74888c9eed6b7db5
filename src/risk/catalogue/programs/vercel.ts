/** Command lines of hosting platforms that deploy a workspace. */
import { on, type Program } from '../program.js';
import { changesLocally, deploys, destroys, grants, reads, rebuilds, revealsSecrets } from '../verdicts.js';

const look = reads('It only reads.', 'http.get');
const destroysSystem = destroys(
  'It deletes something that everything else there depends on, for good.',
  'system',
);
const listed =
  'list|ls|status|info|show|get|view|inspect|logs|whoami|version|help|ps|releases|regions|docs|open';

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
    '--command',
    '--file',
    '-b',
    '--branch',
    '-c',
  ],
  rules: [
    on('* list|ls|get|show|info|status|logs|describe', { without: ['--delete'] }, look),
    on(
      'sites:list|sites:search|functions:list|env:list|env:get|api:list|open:site|status:hooks|hosting:channel:list|projects:list|apps:list',
      {},
      look,
    ),
    on(
      'project|projects|sites|d1|databases|apps|app|kv:namespace|r2|cluster|server|droplet|volume|database|compute delete|rm|remove|destroy|terminate',
      {},
      destroysSystem,
    ),
    on('compute|kubernetes|databases|r2 droplet|volume|cluster|bucket|db delete|rm|d', {}, destroysSystem),
    on('sites:delete|firestore:delete|database:remove|hosting:disable|functions:delete', {}, destroysSystem),
    on('terminate', {}, destroysSystem),
    on(
      'use|target:apply|link|unlink|local|generate|init:hosting|setup:web',
      {},
      rebuilds('It works in the workspace.'),
    ),
    on('remove|rm|delete', {}, destroys('It deletes deployments.', 'collection')),
    on('d1|kv|r2', { flags: ['--local'] }, changesLocally('It changes a copy on this machine.')),
    on(
      'serve|emulators:export|functions:serve|functions:create|functions:shell|ext:info|init|recipes',
      {},
      rebuilds('It works in the workspace.', 'execute'),
    ),
    on('emulators:exec', { atLeast: 1 }, { runs: 'shell', from: { operand: 0 } }),
    on(
      'd1 execute',
      {},
      { runs: 'sql', from: { flag: ['--command'] }, unseen: destroysSystem },
      { runs: 'sql', from: { fileFlag: ['--file'] }, unseen: destroysSystem },
    ),
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
    { run: "wrangler d1 execute db --remote --command 'DROP TABLE users'", tier: 4, points: 150 },
  ],
};
