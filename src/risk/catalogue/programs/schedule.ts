/** crontab: what runs by itself later. */
import { on, type Program } from '../program.js';
import { destroys, disturbs, reads } from '../verdicts.js';

const look = reads();

export const schedule: Program = {
  programs: ['crontab'],
  extractor: 'schedule',
  rules: [
    on('', { flags: ['-l'] }, look),
    on('', { flags: ['-r'] }, destroys('It deletes all scheduled commands.', 'object', 'file.delete')),
  ],
  otherwise: disturbs('It changes what runs by itself later.'),
  examples: [
    { run: 'crontab -l', tier: 0, points: 0 },
    { run: 'crontab -r', tier: 4, points: 50 },
    { run: "echo '* * * * * dropdb app' | crontab -", tier: 4, points: 520 },
  ],
};
