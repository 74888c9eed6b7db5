/** Programs that run another under a limit, after one argument of their own. */
import { on, type Program } from '../program.js';
import { escalates, reads } from '../verdicts.js';

const look = reads();

export const limits: Program = {
  programs: [
    'timeout',
    'gtimeout',
    'flock',
    'taskset',
    'chrt',
    'runuser',
    'retry',
    'setpriv',
    'unshare',
    'nsenter',
  ],
  valueFlags: ['-s', '--signal', '-k', '--kill-after', '-w', '-u', '-n', '--times'],
  stopAtOperand: true,
  carries: { words: true },
  rules: [on('', { atLeast: 2 }, { wraps: 'command', skip: 1 })],
  otherwise: look,
  examples: [
    { run: "flock /tmp/lock -c 'dropdb app'", tier: 4, points: 501 },
    { run: 'flock /tmp/lock npm test', tier: 1, points: 0 },
    { run: 'timeout 5 rm -rf /', tier: 4, points: 500 },
    { run: 'timeout 60 npm test', tier: 1, points: 0 },
  ],
};

/** chroot: a program under another root. */
export const roots: Program = {
  programs: ['chroot'],
  valueFlags: ['--userspec', '--groups'],
  stopAtOperand: true,
  carries: { words: true },
  rules: [
    on('', { atLeast: 2 }, escalates('It works in the files of another system, such as the host’s.'), {
      wraps: 'command',
      skip: 1,
    }),
  ],
  otherwise: escalates('It gives a shell in the files of another system.'),
  examples: [{ run: 'chroot /host sh', tier: 4, points: 50 }],
};
