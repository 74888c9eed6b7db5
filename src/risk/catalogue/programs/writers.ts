/** Programs that create files. */
import { on, type Program } from '../program.js';
import { rebuilds } from '../verdicts.js';

export const writers: Program = {
  programs: [
    'touch',
    'mkdir',
    'mktemp',
    'tee',
    'truncate',
    'mkfifo',
    'unzip',
    'gunzip',
    'gzip',
    'bzip2',
    'xz',
    'sponge',
    'patch',
  ],
  valueFlags: ['-m', '-s', '-r', '-t', '-d', '--mode', '--size'],
  carries: { flags: ['--unzip-command', '-TT'] },
  rules: [
    on('', { flags: ['-d'] }, { touches: 'move', flag: ['-d'] }, { touches: 'write' }),
    on('', {}, { touches: 'write' }),
  ],
  otherwise: rebuilds('It writes a file.'),
  examples: [
    { run: 'touch ~/.config/x', tier: 1, points: 1 },
    { run: 'mkdir -p src/new', tier: 1, points: 0 },
    { run: 'echo 1 | tee /etc/hosts', tier: 4, points: 50 },
  ],
};
