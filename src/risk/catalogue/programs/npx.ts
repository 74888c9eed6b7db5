/** Programs that fetch a package and run it. */
import { on, type Program } from '../program.js';
import { changesElsewhere, reads } from '../verdicts.js';

export const npx: Program = {
  programs: ['npx', 'pnpx', 'bunx', 'uvx', 'pipx'],
  valueFlags: ['-p', '--package', '-c', '--call', '--registry'],
  stopAtOperand: true,
  rules: [
    on('', { flags: ['-c', '--call'] }, { runs: 'shell', from: { flag: ['-c', '--call'] } }),
    on(
      'tsc|eslint|prettier|jest|vitest|biome|mocha|tsx|ts-node|vite|webpack|rollup|esbuild|playwright|cypress|nx|turbo|next|nest|@biomejs/biome|rimraf|concurrently|cross-env|dotenv|stylelint|depcheck|knip|husky|lint-staged|tsup|storybook|typedoc|c8|nyc|run|ruff|black|mypy|pytest|vue-tsc|svelte-check|graphql-codegen|@graphql-codegen/cli|openapi-typescript|ng|@angular/cli|expo-doctor|tsd|publint|attw|size-limit|license-checker|npm-check-updates|ncu|sort-package-json|madge|ts-prune|commitlint|lerna|changeset|@changesets/cli|semantic-release',
      {},
      { wraps: 'command', skip: 0, whole: true },
    ),
    on('railway|@railway/cli', {}, { wraps: 'command', skip: 0, whole: true }),
    on(
      'vercel|supabase|wrangler|prisma|firebase|netlify|serverless|sls|cdk|heroku|fly|pulumi|sst|countersign|payload|strapi|directus|medusa|hardhat|eas|mikro-orm',
      {},
      { wraps: 'command', skip: 0, whole: true },
    ),
    on('run', { catalogued: true }, { wraps: 'command', skip: 0 }),
    on('', { catalogued: true }, { wraps: 'command', skip: 0, whole: true }),
    on(
      '',
      { atLeast: 1 },
      changesElsewhere('It may fetch a package and runs it.', { verb: 'execute', kind: 'code.exec' }),
    ),
  ],
  otherwise: reads(),
  examples: [
    { run: 'npx -y @railway/cli@latest volume delete -v 1', tier: 4, points: 500 },
    { run: 'npx tsc@5 --noEmit', tier: 1, points: 0 },
    { run: 'npx tsc --noEmit', tier: 1, points: 0 },
    { run: 'npx cowsay hi', tier: 2, points: 5 },
    { run: 'npx railway volume delete -v 1', tier: 4, points: 500 },
  ],
};
