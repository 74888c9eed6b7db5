/** Programs that delete whole trees without being asked to. */
import { on, type Program } from '../program.js';
import { reads } from '../verdicts.js';

export const treeRemovers: Program = {
  programs: ['rimraf', 'del-cli', 'trash', 'trash-cli'],
  rules: [on('', {}, { touches: 'delete-tree' })],
  otherwise: reads(),
  examples: [
    { run: 'rimraf dist', tier: 1, points: 0 },
    { run: 'rimraf ~/Documents', tier: 4, points: 150 },
  ],
};
