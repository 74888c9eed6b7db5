/** Programs that create files. */
import { on, type Program } from '../program.js';
import { rebuilds } from '../verdicts.js';

export const writers: Program = {
  programs: [
    'touch',
    'mkdir',
    'mktemp',
    'tee',
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
    // What is cut to nothing is as good as deleted.
    on('', { flags: ['-s=0', '--size=0'], without: ['-m', '-d', '-r', '-t'] }, { touches: 'delete' }),
    on('', { flags: ['-d'] }, { touches: 'move', flag: ['-d'] }, { touches: 'write' }),
    on('', {}, { touches: 'write' }),
  ],
  otherwise: rebuilds('It writes a file.'),
  examples: [
    { run: 'touch ~/.config/x', tier: 1, points: 1 },
    { run: 'mkdir -p src/new', tier: 1, points: 0 },
    { run: 'truncate -s 0 *', tier: 4, points: 150 },
    { run: 'truncate -s 0 logs/dev.log', tier: 1, points: 0 },
    { run: 'echo 1 | tee /etc/hosts', tier: 4, points: 50 },
  ],
};
