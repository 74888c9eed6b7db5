/** Build tools that can also publish: cargo, go, deno, uv, poetry and their like. */
import { on, type Program } from '../program.js';
import { changesLocally, deploys, escalates, reads, rebuilds, unseen } from '../verdicts.js';

const look = reads('It only looks.', 'code.lint');
const builds = rebuilds('A build or a test run, undone by another one.', 'execute');
const script = unseen(
  changesLocally('', 'execute'),
  'It runs a script of the workspace that was not sent along.',
);
const SOURCE = /\.(?:go|rs|py|[cm]?[jt]sx?)$/;
const runsSource = { runs: 'javascript', from: { fileOperand: 0 }, unseen: script } as const;
const runsNextSource = { runs: 'javascript', from: { fileOperand: 1 }, unseen: builds } as const;

export const cargo: Program = {
  programs: ['cargo', 'go', 'deno', 'uv', 'poetry', 'pdm', 'rye', 'hatch', 'flit', 'twine', 'gem'],
  rules: [
    on('eval', { atLeast: 1 }, { runs: 'javascript', from: { operand: 0 } }),
    on('publish', { flags: ['--dry-run', '-n'] }, look),
    on('publish|push|upload|yank|unyank', {}, deploys('It publishes a package for everybody.')),
    on('owner|login|logout', {}, escalates('It changes who may publish.', 'object', { verb: 'grant' })),
    on('run', { operand: /^https?:/ }, escalates('It runs code that is fetched from elsewhere.')),
    on('run', { catalogued: true }, { wraps: 'command', skip: 0 }),
    on('run|script', { operand: SOURCE }, runsSource, runsNextSource),
    on('', { operand: /\.[cm]?[jt]sx?$/, atMost: 1 }, runsSource),
    on('run', { operand: /^\.\.?(?:\/|$)/ }, builds),
    on('run', { atLeast: 1 }, { wraps: 'command', skip: 0 }),
    on('version|help|list|show|tree|metadata|search|env|doc|vet|check', {}, look),
  ],
  otherwise: builds,
  examples: [
    { run: 'cargo build --release', tier: 1, points: 0 },
    { run: 'cargo publish', tier: 4, points: 50 },
    { run: 'go test ./...', tier: 1, points: 0 },
    { run: 'go run ./cmd/api', tier: 1, points: 0 },
    { run: 'go run main.go', tier: 1, points: 1 },
    { run: `echo 'os.RemoveAll("/")' > x.go; go run x.go`, tier: 4, points: 500 },
    { run: 'uv run pytest', tier: 1, points: 0 },
  ],
};
