/** dd, which can overwrite a disk. */
import { on, type Program } from '../program.js';
import { reads } from '../verdicts.js';

const look: Program['otherwise'] = reads();

export const disks: Program = {
  programs: ['dd'],
  rules: [on('', {}, { touches: 'write', assignment: 'of' }, { touches: 'read', assignment: 'if' })],
  otherwise: look,
  examples: [
    { run: 'dd if=/dev/zero of=/dev/sda bs=1M', tier: 4, points: 500 },
    { run: 'dd if=a of=b', tier: 1, points: 0 },
  ],
};
