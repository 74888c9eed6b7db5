/** Programs that change permissions and owners of files. */
import { on, type Program } from '../program.js';
import { changesLocally, escalates } from '../verdicts.js';

const setsUser = escalates('It lets whoever runs the file act as its owner.', 'object', { verb: 'grant' });

export const permitters: Program = {
  programs: ['chmod', 'chown', 'chgrp', 'setfacl', 'chattr'],
  rules: [
    on('', { operand: /^(?:[ugoa]*\+[rwxt]*s|[0-7]?[2-7][0-7]{3}|0[4-7][0-7]{3})$/ }, setsUser),
    on('', { atLeast: 2 }, { touches: 'permit', operands: 'after first' }),
  ],
  otherwise: changesLocally('It changes permissions.'),
  examples: [
    { run: 'chmod +x script.sh', tier: 1, points: 0 },
    { run: 'chmod 4755 /tmp/sh', tier: 4, points: 50 },
    { run: 'chmod 755 script.sh', tier: 1, points: 0 },
    { run: 'chmod -R 777 /', tier: 4, points: 500 },
    { run: 'chown -R me ~/.config/x', tier: 1, points: 1 },
  ],
};
