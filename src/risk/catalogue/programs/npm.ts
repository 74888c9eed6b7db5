/** npm, pnpm, yarn and bun. */
import { on, type Program } from '../program.js';
import { changesElsewhere, deploys, destroys, grants, reads, rebuilds, revealsSecrets } from '../verdicts.js';

const DEPLOYS = /^(?:.*[:_-])?(?:deploy|publish|release|promote)(?:[:_-].*)?$/i;
const RESETS = /^(?:.*[:_-])?(?:db|database|migrate|prisma)[:_-](?:reset|drop|wipe|nuke|fresh)(?:[:_-].*)?$/i;
const runsScript = rebuilds('It runs a script of the workspace.', 'execute');
const uninstalls = rebuilds('It removes packages from the workspace.', 'delete');
const installs = rebuilds('It installs packages into the workspace.', 'create');

export const npm: Program = {
  programs: ['npm', 'pnpm', 'yarn', 'bun'],
  valueFlags: [
    '-w',
    '--workspace',
    '--filter',
    '-F',
    '-C',
    '-c',
    '--call',
    '-e',
    '--eval',
    '--prefix',
    '--cwd',
    '--registry',
    '--tag',
    '--access',
    '--otp',
    '--loglevel',
  ],
  carries: { texts: [/^scripts\.[\w:.-]+=(.+)$/gs] },
  rules: [
    on('publish', { flags: ['--dry-run'] }, reads('It only tries what publishing would do.')),
    on('publish', {}, deploys('It publishes a package for everybody.')),
    on('npm publish', {}, deploys('It publishes a package for everybody.')),
    on('unpublish', {}, destroys('It takes a published package away from everybody.', 'collection')),
    on(
      'deprecate|dist-tag|star',
      { atLeast: 1 },
      changesElsewhere('It changes what others see of a package.', { tier: 3, reversible: false }),
    ),
    on(
      'owner|access|team|token|org|adduser|login|logout|profile',
      { operand: /^(?:add|rm|remove|set|create|revoke|grant|public|restricted)$/ },
      grants('It changes who may publish.'),
    ),
    on('adduser|login|logout', {}, grants('It changes which account acts.')),
    on(
      'config|c set',
      { operand: /registry|authToken|_auth|script-shell/ },
      changesElsewhere('It changes where packages come from.', { tier: 3, reversible: false }),
    ),
    on('config|c get|list|ls', { operand: /authToken|_auth/i }, revealsSecrets('It prints a credential.')),
    on(
      'install|i|add|global',
      { flags: ['-g', '--global'] },
      { does: { ...installs, free: false, reason: 'It installs programs outside the workspace.' } },
    ),
    on('exec|x', { flags: ['-c', '--call'] }, { runs: 'shell', from: { flag: ['-c', '--call'] } }),
    on('', { flags: ['-e', '--eval'] }, { runs: 'javascript', from: { flag: ['-e', '--eval'] } }),
    on('exec|x|dlx', { catalogued: true }, { wraps: 'command', skip: 0 }),
    on(
      'exec|x|dlx|create|init',
      { atLeast: 1 },
      changesElsewhere('It fetches a package and runs it.', { verb: 'execute', kind: 'code.exec' }),
    ),
    on('run|run-script', { operand: DEPLOYS }, deploys('A script that deploys or publishes, by its name.')),
    on(
      'run|run-script',
      { operand: RESETS },
      destroys('A script that resets a database, by its name.', 'collection', 'db.schema_change'),
    ),
    on('deploy|release', {}, deploys('A script that deploys or publishes, by its name.')),
    on('run|run-script', {}, runsScript),
    on('test|t|start|stop|restart|build|lint|dev|format|typecheck', {}, runsScript),
    on(
      'ls|list|view|info|show|outdated|audit|why|explain|search|ping|whoami|root|bin|prefix|help|docs|repo|bugs|fund|doctor|query|pack',
      { without: ['--fix'] },
      reads(),
    ),
    // A program of a package by its bare name: `pnpm prisma migrate reset`.
    on(
      'prisma|drizzle-kit|sequelize|sequelize-cli|typeorm|knex|mikro-orm|wrangler|vercel|netlify|firebase|supabase|convex|railway|heroku|fly|flyctl|sst|cdk|cdktf|serverless|sls|pulumi|turso|neonctl|rimraf|del-cli|shx|cross-env|dotenv|env-cmd|lerna|semantic-release|eas|payload|strapi|directus|medusa|hardhat',
      {},
      { wraps: 'command', skip: 0, whole: true },
    ),
    on('remove|uninstall|rm|un', {}, uninstalls),
    on(
      'install|i|ci|add|update|up|upgrade|dedupe|prune|link|rebuild|import|patch|cache|set|version|pkg',
      {},
      installs,
    ),
    on('', {}, runsScript),
  ],
  otherwise: runsScript,
  examples: [
    { run: 'npm test', tier: 1, points: 0 },
    { run: 'npm run build', tier: 1, points: 0 },
    { run: 'npm publish', tier: 4, points: 50 },
    { run: 'npm publish --dry-run', tier: 0, points: 0 },
    { run: 'npm run deploy', tier: 4, points: 50 },
    { run: 'pnpm install', tier: 1, points: 0 },
    { run: 'pnpm --filter api prisma migrate reset --force', tier: 4, points: 500 },
    { run: 'npm unpublish left-pad --force', tier: 4, points: 150 },
  ],
};
