/** The commands of PowerShell that delete. */
import { on, type Program } from '../program.js';
import { reads } from '../verdicts.js';

export const powershell: Program = {
  programs: ['Remove-Item', 'remove-item', 'Clear-Content', 'clear-content'],
  singleDash: true,
  recursiveFlags: ['-Recurse', '-recurse', '-r', '-Rec'],
  rules: [on('', {}, { touches: 'delete' })],
  otherwise: reads(),
  examples: [
    { run: 'Remove-Item -Recurse -Force /', tier: 4, points: 500 },
    { run: 'Remove-Item dist/a.js', tier: 1, points: 0 },
  ],
};
