/** Programs that change permissions and owners of files. */
import { on, type Program } from '../program.js';
import { changesLocally } from '../verdicts.js';

export const permitters: Program = {
  programs: ['chmod', 'chown', 'chgrp', 'setfacl', 'chattr'],
  rules: [on('', { atLeast: 2 }, { touches: 'permit', operands: 'after first' })],
  otherwise: changesLocally('It changes permissions.'),
  examples: [
    { run: 'chmod +x script.sh', tier: 1, points: 0 },
    { run: 'chmod -R 777 /', tier: 4, points: 500 },
    { run: 'chown -R me ~/.config/x', tier: 1, points: 1 },
  ],
};
