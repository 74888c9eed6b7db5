/** The builtin that runs a command past functions and aliases. */
import { on, type Program } from '../program.js';
import { reads } from '../verdicts.js';

const look = reads();

export const commandBuiltin: Program = {
  programs: ['command'],
  stopAtOperand: true,
  rules: [on('', { flags: ['-v', '-V'] }, look), on('', { atLeast: 1 }, { wraps: 'command', skip: 0 })],
  otherwise: look,
  examples: [
    { run: 'command rm -rf /', tier: 4, points: 500 },
    { run: 'command -v node', tier: 0, points: 0 },
  ],
};
