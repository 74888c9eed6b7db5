/** Programs that run a command with the rights of another user. */
import { on, type Program } from '../program.js';
import { escalates, reads } from '../verdicts.js';

export const namespaces: Program = {
  programs: ['run0', 'capsh'],
  carries: { words: true },
  rules: [on('', { flags: ['--print', '--list'] }, reads())],
  otherwise: escalates('It runs a command with the rights, or in the place, of another.', 'object', {
    verb: 'grant',
  }),
  examples: [
    { run: 'run0 id', tier: 4, points: 50 },
    { run: 'capsh --print', tier: 0, points: 0 },
  ],
};
