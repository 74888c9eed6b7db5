/** setcap: what a program may do whoever starts it. */
import { on, type Program } from '../program.js';
import { escalates, reads } from '../verdicts.js';

export const capabilities: Program = {
  programs: ['setcap'],
  rules: [on('', { flags: ['-v', '-h'] }, reads('It only looks at capabilities.'))],
  otherwise: escalates('It lets whoever starts a program do what only root may.', 'object', {
    verb: 'grant',
  }),
  examples: [
    { run: 'setcap cap_setuid+ep /usr/bin/python3', tier: 4, points: 50 },
    { run: "setcap 'cap_net_bind_service=+ep' ./server", tier: 4, points: 50 },
  ],
};
