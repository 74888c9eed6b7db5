/** Programs that stop the machine. */
import type { Program } from '../program.js';
import { escalates } from '../verdicts.js';

export const power: Program = {
  programs: ['shutdown', 'reboot', 'halt', 'poweroff', 'init', 'telinit'],
  rules: [],
  otherwise: escalates('It stops the machine.', 'system'),
  examples: [{ run: 'shutdown -h now', tier: 4, points: 500 }],
};
