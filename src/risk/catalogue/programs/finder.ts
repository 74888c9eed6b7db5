/** find and fd; the engine reads what they do with what they find. */
import type { Program } from '../program.js';
import { reads } from '../verdicts.js';

const look = reads();

export const finder: Program = {
  programs: ['find', 'gfind', 'fd', 'fdfind'],
  extractor: 'find',
  rules: [],
  otherwise: look,
  examples: [
    { run: "find . -name '*.ts'", tier: 0, points: 0 },
    { run: "find . -name '*.pyc' -delete", tier: 1, points: 0 },
    { run: 'find . -delete', tier: 4, points: 150 },
    { run: 'find / -exec rm -rf {} +', tier: 4, points: 500 },
    { run: 'fd -e ts', tier: 0, points: 0 },
    { run: 'fd -e pyc -x rm', tier: 1, points: 0 },
    { run: 'fd . / -X rm -rf', tier: 4, points: 505 },
    { run: 'fd -H old . --exec rm -rf {} ;', tier: 1, points: 1 },
  ],
};
