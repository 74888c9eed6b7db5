/** Programs that run the command which follows their own flags. */
import { on, type Program } from '../program.js';
import { reads } from '../verdicts.js';

const look = reads();

export const wrappers: Program = {
  programs: [
    'sudo',
    'doas',
    'nohup',
    'time',
    'nice',
    'ionice',
    'stdbuf',
    'setsid',
    'exec',
    'builtin',
    'strace',
    'ltrace',
    'unbuffer',
    'caffeinate',
    'catchsegv',
    'busybox',
    'fakeroot',
    'xvfb-run',
    'chronic',
    'winpty',
    'dotenv',
    'shx',
    'cross-env',
    'noglob',
    'nocorrect',
    'torsocks',
    'proxychains',
  ],
  valueFlags: ['-u', '--user', '-g', '--group', '-n', '-p', '-C', '-h', '-i', '-o', '-e', '-f', '-c'],
  stopAtOperand: true,
  rules: [on('', { atLeast: 1 }, { wraps: 'command', skip: 0 })],
  otherwise: look,
  examples: [
    { run: 'sudo rm -rf /', tier: 4, points: 500 },
    { run: 'nohup npm test', tier: 1, points: 0 },
    { run: 'time git status', tier: 0, points: 0 },
    { run: 'sudo -u postgres dropdb app', tier: 4, points: 500 },
  ],
};
