/** zip: packing, and moving into the archive. */
import { on, type Program } from '../program.js';
import { rebuilds } from '../verdicts.js';

export const zip: Program = {
  programs: ['zip'],
  valueFlags: ['-x', '-i', '-t', '-tt', '-n', '-P', '-b'],
  carries: { flags: ['--unzip-command', '-TT'] },
  rules: [
    on('', { flags: ['-m', '--move'] }, { touches: 'delete-tree', operands: 'after first' }),
    on('', {}, { touches: 'write', operands: 'first' }),
  ],
  otherwise: rebuilds('It packs files.'),
  examples: [
    { run: 'zip -r out.zip dist', tier: 1, points: 0 },
    { run: 'zip -rm /tmp/all.zip .', tier: 4, points: 150 },
  ],
};
