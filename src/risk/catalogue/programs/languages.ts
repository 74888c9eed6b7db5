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
  ],
  extractor: 'code',
  rules: [],
  otherwise: look,
  examples: [
    { run: "python -c 'print(1)'", tier: 1, points: 1 },
    { run: 'node scripts/build.js', tier: 1, points: 1 },
    { run: 'python3 -m pytest -q', tier: 1, points: 0 },
    { run: `python -c "import shutil; shutil.rmtree('/')"`, tier: 4, points: 500 },
    { run: `node -e "require('child_process').execSync('rm -rf /')"`, tier: 4, points: 500 },
    { run: `python -c "import os; os.system('dropdb app')"`, tier: 4, points: 500 },
  ],
};
