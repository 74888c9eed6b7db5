/** The command line of Fly.io. */
import { on, type Program } from '../program.js';
import { changesElsewhere, deploys, destroys, disturbs, grants, reads } from '../verdicts.js';

const look = reads('It only reads.', 'http.get');
const destroysSystem = destroys(
  'It deletes something that everything else there depends on, for good.',
  'system',
);
const listed =
  'list|ls|status|info|show|get|view|inspect|logs|whoami|version|help|ps|releases|regions|docs|open';

export const fly: Program = {
  programs: ['fly', 'flyctl'],
  carries: { flags: ['-C', '--command'] },
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
    on('proxy', {}, changesElsewhere('It opens a way from this machine into the private network.')),
    on('ssh|console', {}, disturbs('It opens a session in the running app.')),
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
