/** Interpreters of other languages; the engine reads the code they are given. */
import type { Program } from '../program.js';
import { reads } from '../verdicts.js';

const look = reads();

export const languages: Program = {
  programs: [
    'python',
    'python3',
    'python2',
    'pypy',
    'pypy3',
    'node',
    'nodejs',
    'ruby',
    'perl',
    'php',
    'tsx',
    'ts-node',
    'lua',
    'luajit',
    'Rscript',
    'osascript',
    'tclsh',
    'elixir',
    'groovy',
    'julia',
  ],
  extractor: 'code',
  rules: [],
  otherwise: look,
  examples: [
    { run: `lua -e 'os.execute("dropdb app")'`, tier: 4, points: 500 },
    { run: "ruby -e '`dropdb app`'", tier: 4, points: 500 },
    { run: 'python3 -c \'from subprocess import run as r; r(["git", "status"])\'', tier: 1, points: 1 },
    { run: "python -c 'print(1)'", tier: 1, points: 1 },
    { run: 'node scripts/build.js', tier: 1, points: 1 },
    { run: 'python3 -m pytest -q', tier: 1, points: 0 },
    { run: `python -c "import shutil; shutil.rmtree('/')"`, tier: 4, points: 500 },
    { run: `node -e "require('child_process').execSync('rm -rf /')"`, tier: 4, points: 500 },
    { run: `python -c "import os; os.system('dropdb app')"`, tier: 4, points: 500 },
  ],
};
