/** fuser: who uses a file or a port, and ending those that do. */
import { on, type Program } from '../program.js';
import { reads, rebuilds } from '../verdicts.js';

export const portUsers: Program = {
  programs: ['fuser'],
  rules: [
    on('', { flags: ['-k', '--kill'] }, rebuilds('It ends processes that can be started again.', 'execute')),
  ],
  otherwise: reads(),
  examples: [{ run: 'fuser -k 3000/tcp', tier: 1, points: 0 }],
};
