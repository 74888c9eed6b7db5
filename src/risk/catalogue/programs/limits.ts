/** Programs that run another under a limit, after one argument of their own. */
import { on, type Program } from '../program.js';
import { reads } from '../verdicts.js';

const look = reads();

export const limits: Program = {
  programs: ['timeout', 'gtimeout', 'flock', 'chroot', 'taskset', 'chrt', 'runuser', 'retry'],
  valueFlags: ['-s', '--signal', '-k', '--kill-after', '-w', '-u', '-n', '--times'],
  stopAtOperand: true,
  rules: [on('', { atLeast: 2 }, { wraps: 'command', skip: 1 })],
  otherwise: look,
  examples: [
    { run: 'timeout 5 rm -rf /', tier: 4, points: 500 },
    { run: 'timeout 60 npm test', tier: 1, points: 0 },
  ],
};
