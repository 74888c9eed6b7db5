/** The command line of Railway. */
import { on, type Program } from '../program.js';
import { deploys, destroys, disturbs, grants, reads, rebuilds, revealsSecrets } from '../verdicts.js';

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
