/** Programs that delete files. */
import { on, type Program } from '../program.js';
import { reads } from '../verdicts.js';

const look: Program['otherwise'] = reads();

export const removers: Program = {
  programs: ['rm', 'unlink', 'rmdir', 'shred', 'srm'],
  recursiveFlags: ['-r', '-R', '--recursive'],
  rules: [on('', {}, { touches: 'delete' })],
  otherwise: look,
  examples: [
    { run: 'rm -rf node_modules', tier: 1, points: 0 },
    { run: 'rm src/a.ts', tier: 1, points: 0 },
    { run: 'rm -rf .', tier: 4, points: 150 },
    { run: 'rm -rf ~/Documents', tier: 4, points: 150 },
    { run: 'rm -rf /', tier: 4, points: 500 },
    { run: 'rm -rf ~', tier: 4, points: 500 },
    { run: 'rm -fr -- /usr/lib', tier: 4, points: 500 },
  ],
};
