/** Programs that change permissions and owners of files. */
import { on, type Program } from '../program.js';
import { changesLocally, escalates } from '../verdicts.js';

const setsUser = escalates('It lets whoever runs the file act as its owner.', 'object', { verb: 'grant' });

const opensAll = escalates('It lets everybody, or nobody, at everything below.', 'collection', {
  verb: 'grant',
});
const setsOpen = escalates('It lets everybody at secrets.', 'object', { verb: 'grant' });
const permits = { touches: 'permit', operands: 'after first' } as const;
/** All rights for all, or none for anybody. */
const FOR_ALL = /^(?:0?777|0?666|0?000|(?:a|ugo|go|o)?\+rwx|(?:a|ugo)=rwx|a?-rwx|[ao]\+w|u-rwx)$/;
/** Owners who are nobody of this session. */
const STRANGER = /^(?:nobody|root|daemon)(?::\w*)?$/;
/** A whole place. */
const WHOLE = /^(?:\.{1,2}\/?|\*|\.\/\*|\.git|~\/?|\/(?:srv|var|opt|home|data|mnt)(?:\/\S*)?)$/;

export const permitters: Program = {
  programs: ['chmod', 'chown', 'chgrp', 'setfacl', 'chattr'],
  rules: [
    on('', { operand: /^(?:[ugoa]*\+[rwxt]*s|[0-7]?[2-7][0-7]{3}|0[4-7][0-7]{3})$/ }, setsUser),
    on('', { flags: ['-R', '--recursive'], words: [FOR_ALL, WHOLE] }, opensAll, permits),
    on('', { flags: ['-R', '--recursive'], words: [STRANGER, WHOLE] }, opensAll, permits),
    on('', { words: [FOR_ALL, /(?:^|\/)\.(?:ssh|gnupg|aws|kube|docker)(?:\/|$)/] }, setsOpen, permits),
    on('', { atLeast: 2 }, permits),
  ],
  otherwise: changesLocally('It changes permissions.'),
  examples: [
    { run: 'chmod +x script.sh', tier: 1, points: 0 },
    { run: 'chmod 4755 /tmp/sh', tier: 4, points: 50 },
    { run: 'chmod 755 script.sh', tier: 1, points: 0 },
    { run: 'chmod -R 777 /', tier: 4, points: 500 },
    { run: 'chown -R me ~/.config/x', tier: 1, points: 1 },
    { run: 'chmod -R 777 .', tier: 4, points: 151 },
    { run: 'chmod -R u+rw .', tier: 1, points: 1 },
  ],
};
