/** truncate: a file cut to nothing is as gone as one that is deleted. */
import { on, type Program } from '../program.js';
import { rebuilds } from '../verdicts.js';

export const truncaters: Program = {
  programs: ['truncate'],
  valueFlags: ['-s', '--size', '-r', '--reference'],
  rules: [on('', { value: /^0+$/ }, { touches: 'delete' }), on('', {}, { touches: 'write' })],
  otherwise: rebuilds('It sets the size of a file.'),
  examples: [
    { run: 'truncate -s 0 app.log', tier: 1, points: 0 },
    { run: 'truncate -s0 data/app.db', tier: 3, points: 20 },
    { run: 'truncate -s 0 ~/notes.txt', tier: 3, points: 20 },
    { run: 'truncate -s 1G disk.img', tier: 1, points: 0 },
  ],
};
