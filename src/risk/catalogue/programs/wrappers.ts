/** Programs that run the command which follows their own flags. */
import { on, type Program } from '../program.js';
import { escalates, reads } from '../verdicts.js';

const look = reads();
const becomesRoot = escalates('It opens a shell with all privileges.', 'object', { verb: 'grant' });

/** A flag counts as one with a value only where it is: else it would hide the command that follows it. */
const wrapper = (
  programs: readonly string[],
  valueFlags: readonly string[],
  examples: Program['examples'],
): Program => ({
  programs,
  valueFlags,
  stopAtOperand: true,
  rules: [on('', { atLeast: 1 }, { wraps: 'command', skip: 0 })],
  otherwise: look,
  examples,
});

const privileged = wrapper(
  ['sudo', 'doas', 'pkexec', 'gosu', 'su-exec'],
  [
    '-u',
    '--user',
    '-g',
    '--group',
    '-p',
    '--prompt',
    '-C',
    '-h',
    '--host',
    '-D',
    '-R',
    '-T',
    '-U',
    '-r',
    '-t',
  ],
  [
    { run: 'sudo rm -rf /', tier: 4, points: 500 },
    { run: 'sudo -u postgres dropdb app', tier: 4, points: 500 },
    { run: 'sudo -u root -i rm -rf /', tier: 4, points: 500 },
  ],
);

/** A shell with all privileges does whatever it is told next. */
export const privilegeWrappers: Program = {
  ...privileged,
  rules: [
    on('', { flags: ['-i', '-s', '--login', '--shell'], atMost: 0, piped: false }, becomesRoot),
    on('', { operand: /^(?:su|bash|sh|zsh)$/, atMost: 1, piped: false }, becomesRoot),
    ...privileged.rules,
  ],
  examples: [...privileged.examples, { run: 'sudo -i', tier: 4, points: 50 }],
};

export const traceWrappers = wrapper(
  ['strace', 'ltrace'],
  ['-e', '-o', '-p', '-u', '-s', '-a', '-b', '-E', '-I', '-O', '-P', '-S', '-X'],
  [{ run: 'strace -f rm -rf /', tier: 4, points: 500 }],
);

export const bufferWrappers = wrapper(
  ['stdbuf', 'nice', 'ionice'],
  ['-i', '-o', '-e', '-n', '-c', '-p', '-P', '-u'],
  [{ run: 'nice -n 10 rm -rf /', tier: 4, points: 500 }],
);

export const timeWrappers = wrapper(
  ['time'],
  ['-f', '--format', '-o', '--output'],
  [{ run: 'time git status', tier: 0, points: 0 }],
);

export const wrappers = wrapper(
  [
    'nohup',
    'setsid',
    'exec',
    'builtin',
    'unbuffer',
    'caffeinate',
    'catchsegv',
    'busybox',
    'toybox',
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
  ['-a', '-e'],
  [
    { run: 'nohup npm test', tier: 1, points: 0 },
    { run: 'exec -a x rm -rf /', tier: 4, points: 500 },
    { run: 'setsid -f rm -rf /', tier: 4, points: 500 },
  ],
);
