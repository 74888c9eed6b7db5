/** Programs that turn what is piped in into arguments of another. */
import type { Program } from '../program.js';
import { reads } from '../verdicts.js';

const look = reads();

export const feeder: Program = {
  programs: ['xargs', 'gxargs', 'parallel'],
  extractor: 'xargs',
  rules: [],
  otherwise: look,
  examples: [
    { run: "find . -name '*.pyc' | xargs rm -f", tier: 1, points: 0 },
    { run: 'echo / | xargs rm -rf', tier: 4, points: 500 },
    { run: 'cat list | xargs rm -rf', tier: 4, points: 150 },
  ],
};
