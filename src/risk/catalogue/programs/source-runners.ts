/** Programs of other languages that run a source file as it stands; the engine reads it. */
import { on, type Program } from '../program.js';
import { changesElsewhere, changesLocally, reads, unseen } from '../verdicts.js';

const look = reads('It only looks.', 'code.lint');
const runs = changesLocally('It runs a program of the workspace.', 'execute');
const script = unseen(
  changesLocally('', 'execute'),
  'It runs a script of the workspace that was not sent along.',
);
const SOURCE =
  /\.(?:java|jsh|kts?|scala|sc|rs|cr|nim|zig|hs|lhs|ml|rkt|scm|cljc?|cljs|bb|coffee|[cm]?[jt]sx?)$/i;
const SPEAKS_OF_NETWORK =
  /(?:^|[^a-z])(?:deploy|publish|release|upload|prod|production|drop|destroy|delete|purge|wipe|migrate|seed|https?:)(?:[^a-z]|$)/i;
const runsSource = { runs: 'javascript', from: { fileOperand: 0 }, unseen: script } as const;

export const sourceRunners: Program = {
  programs: [
    'java',
    'jshell',
    'jbang',
    'kotlin',
    'scala',
    'scala-cli',
    'rust-script',
    'crystal',
    'nim',
    'runghc',
    'runhaskell',
    'ocaml',
    'racket',
    'guile',
    'clojure',
    'clj',
    'bb',
    'coffee',
    'zx',
    'vite-node',
    'esno',
    'jiti',
    'babel-node',
    'swc-node',
  ],
  valueFlags: [
    '-cp',
    '-classpath',
    '--class-path',
    '-p',
    '--module-path',
    '-m',
    '--module',
    '-C',
    '-e',
    '--eval',
  ],
  rules: [
    on('', { flags: ['-version', '-v', '-V'] }, look),
    on('', { flags: ['-e', '--eval'] }, { runs: 'javascript', from: { flag: ['-e', '--eval'] } }),
    on('run|r|script|eval', { operand: SOURCE }, runsSource),
    on('', { operand: SOURCE }, runsSource),
    on('', { piped: true, atMost: 0 }, { runs: 'javascript', from: 'stdin', unseen: script }),
    on('', { operand: SPEAKS_OF_NETWORK }, changesElsewhere('It runs a program.', { verb: 'execute' })),
  ],
  otherwise: runs,
  examples: [
    {
      run: `echo 'Runtime.getRuntime().exec("dropdb app")' > X.java; java X.java`,
      tier: 4,
      points: 500,
    },
    { run: 'java X.java', tier: 1, points: 1 },
    { run: 'java -cp out A', tier: 1, points: 1 },
    { run: 'java -version', tier: 0, points: 0 },
    { run: `bb -e '(println 1)'`, tier: 1, points: 1 },
  ],
};
