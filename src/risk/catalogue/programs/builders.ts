/** Programs that build, check, generate from or serve the workspace, in whichever language. */
import { on, type Program } from '../program.js';
import { changesElsewhere, deploys, rebuilds } from '../verdicts.js';

/** Words by which a task of such a program says that it goes further than the workspace. */
const GOES_OUT =
  /(?:^|[^a-z])(?:push|upload|submit|send|prod|production|remote|delete|purge|migrate|https?:)(?:[^a-z]|$)/i;
/** A task, and no file of that name. */
const RISKY_TASK =
  /^(?!.*(?:\/|\.\w+$))(?:.*[:_-])?(?:deploy|publish|release|promote|destroy|nuke|drop|wipe)(?:[:_-].*)?$/i;

export const builders: Program = {
  programs: [
    // Python
    ...[
      'uvicorn',
      'gunicorn',
      'hypercorn',
      'daphne',
      'streamlit',
      'jupyter',
      'jupytext',
      'mkdocs',
      'sphinx-build',
    ],
    ...[
      'vulture',
      'pydocstyle',
      'pip-compile',
      'pip-audit',
      'codespell',
      'cookiecutter',
      'copier',
      'maturin',
      'ipython',
    ],
    // JavaScript
    ...[
      'lerna',
      'ng',
      'gatsby',
      'remix',
      'svelte-kit',
      'vue-cli-service',
      'ionic',
      'electron',
      'tauri',
      'gulp',
      'grunt',
    ],
    ...[
      'ember',
      'karma',
      'graphql-codegen',
      'commitlint',
      'plop',
      'hygen',

      'standard-version',
      'expo',
    ],
    // Go, Rust and C
    ...[
      'air',
      'mage',
      'goimports',
      'staticcheck',
      'gotestsum',
      'mockgen',
      'wire',
      'templ',
      'sqlc',
      'wasm-pack',
      'trunk',
    ],
    ...[
      'buck2',
      'pants',
      'ghc',
      'dune',
      'rebar3',
      'gleam',

      'autoreconf',
      'west',
      'idf.py',
      'platformio',
    ],
    // The JVM, Swift, PHP, Ruby
    ...[
      'scalac',
      'swiftc',
      'ktlint',
      'detekt',
      'checkstyle',
      'spotless',
      'swiftlint',
      'swiftformat',
      'pod',
      'jenv',
    ],
    ...['phpstan', 'php-cs-fixer', 'psalm', 'pint', 'rector', 'phpcs', 'phpcbf', 'pest', 'irb', 'jekyll'],
    ...['brakeman', 'standardrb', 'erb_lint', 'solargraph', 'sorbet', 'arduino-cli', 'melos'],
    // Whatever is written
    ...[
      'hugo',
      'pandoc',
      'doxygen',
      'semgrep',
      'gitleaks',
      'trivy',
      'snyk',
      'terraform-docs',
      'infracost',
      'k6',
      'act',
    ],
    ...['tilt', 'localstack', 'mkcert'],
  ],
  carries: { words: true },
  rules: [
    on('', { operand: RISKY_TASK }, deploys('A task that deploys, publishes or destroys, by its name.')),
    on('', { operand: GOES_OUT }, changesElsewhere('It may change something outside the workspace.')),
  ],
  otherwise: rebuilds('It builds, checks or serves the workspace.', 'execute'),
  examples: [
    { run: 'uvicorn app:app --reload', tier: 1, points: 0 },
    { run: 'ng build', tier: 1, points: 0 },
    { run: 'gulp upload', tier: 2, points: 5 },
    { run: 'lerna publish', tier: 4, points: 50 },
    { run: 'gulp deploy', tier: 4, points: 50 },
    { run: 'phpstan analyse src', tier: 1, points: 0 },
  ],
};
