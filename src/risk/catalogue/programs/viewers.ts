/** Programs that look at files. */
import { on, type Program } from '../program.js';
import { reads } from '../verdicts.js';

const look: Program['otherwise'] = reads();

export const viewers: Program = {
  programs: [
    'ls',
    'head',
    'tail',
    'less',
    'more',
    'wc',
    'nl',
    'od',
    'hexdump',
    'strings',
    'stat',
    'file',
    'du',
    'df',
    'tree',
    'realpath',
    'readlink',
    'basename',
    'dirname',
    'md5sum',
    'sha1sum',
    'sha256sum',
    'shasum',
    'cksum',
    'diff',
    'cmp',
    'comm',
    'bat',
    'eza',
    'exa',
    'column',
    'tac',
    'jless',
    'open',
    'xdg-open',
  ],
  valueFlags: ['-n', '-c', '-I', '-L'],
  rules: [on('', { atLeast: 1 }, { touches: 'read' })],
  otherwise: look,
  examples: [
    { run: 'ls -la', tier: 0, points: 0 },
    { run: 'head -n 5 src/a.ts', tier: 0, points: 0 },
    { run: 'tail ~/.ssh/id_rsa', tier: 2, points: 5 },
  ],
};
