/** Programs that move files. */
import { on, type Program } from '../program.js';
import { rebuilds } from '../verdicts.js';

export const movers: Program = {
  programs: ['mv', 'rename'],
  valueFlags: ['-t', '-S'],
  rules: [
    on('', { operand: /^\/dev\/null$/ }, { touches: 'delete-tree', operands: 'all but last' }),
    on('', { flags: ['-t'] }, { touches: 'move' }, { touches: 'write', flag: ['-t'] }),
    on(
      '',
      { atLeast: 2 },
      { touches: 'move', operands: 'all but last' },
      { touches: 'write', operands: 'last' },
    ),
    on('', {}, { touches: 'write' }),
  ],
  otherwise: rebuilds('It moves a file.'),
  examples: [
    { run: 'mv a.ts b.ts', tier: 1, points: 0 },
    { run: 'mv x ~/.config/x', tier: 1, points: 1 },
  ],
};
