/** env: runs a command with other variables, or prints them. */
import { on, type Program } from '../program.js';
import { reads } from '../verdicts.js';

export const environment: Program = {
  programs: ['env'],
  valueFlags: ['-u', '--unset', '-C', '--chdir', '-S', '--split-string'],
  stopAtOperand: true,
  rules: [
    on('', { flags: ['-S', '--split-string'] }, { runs: 'shell', from: { flag: ['-S', '--split-string'] } }),
    on('', { atLeast: 1 }, { wraps: 'command', skip: 0 }),
  ],
  otherwise: { ...reads('It prints the environment, which may hold secrets.'), tier: 2 },
  examples: [
    { run: 'env A=1 rm -rf /', tier: 4, points: 500 },
    { run: 'env NODE_ENV=test npm test', tier: 1, points: 0 },
  ],
};
