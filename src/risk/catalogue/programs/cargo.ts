/** Build tools that can also publish: cargo, go, deno, uv, poetry and their like. */
import { on, type Program } from '../program.js';
import { deploys, escalates, reads, rebuilds } from '../verdicts.js';

const look = reads('It only looks.', 'code.lint');
const builds = rebuilds('A build or a test run, undone by another one.', 'execute');

export const cargo: Program = {
  programs: ['cargo', 'go', 'deno', 'uv', 'poetry', 'pdm', 'rye', 'hatch', 'flit', 'twine', 'gem'],
  rules: [
    on('eval', { atLeast: 1 }, { runs: 'javascript', from: { operand: 0 } }),
    on('publish', { flags: ['--dry-run', '-n'] }, look),
    on('publish|push|upload|yank|unyank', {}, deploys('It publishes a package for everybody.')),
    on('owner|login|logout', {}, escalates('It changes who may publish.', 'object', { verb: 'grant' })),
    on('run', { operand: /^https?:/ }, escalates('It runs code that is fetched from elsewhere.')),
    on('run', { atLeast: 1 }, { wraps: 'command', skip: 0 }),
    on('version|help|list|show|tree|metadata|search|env|doc|vet|check', {}, look),
  ],
  otherwise: builds,
  examples: [
    { run: 'cargo build --release', tier: 1, points: 0 },
    { run: 'cargo publish', tier: 4, points: 50 },
    { run: 'go test ./...', tier: 1, points: 0 },
    { run: 'uv run pytest', tier: 1, points: 0 },
  ],
};
