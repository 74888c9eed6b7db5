/** find; the engine reads what it does with what it finds. */
import type { Program } from '../program.js';
import { reads } from '../verdicts.js';

const look = reads();

export const finder: Program = {
  programs: ['find', 'gfind'],
  extractor: 'find',
  rules: [],
  otherwise: look,
  examples: [
    { run: "find . -name '*.ts'", tier: 0, points: 0 },
    { run: "find . -name '*.pyc' -delete", tier: 1, points: 0 },
    { run: 'find . -delete', tier: 4, points: 150 },
    { run: 'find / -exec rm -rf {} +', tier: 4, points: 500 },
  ],
};
