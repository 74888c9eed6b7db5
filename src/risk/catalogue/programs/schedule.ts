/** crontab: what runs by itself later. */
import { on, type Program } from '../program.js';
import { disturbs, reads } from '../verdicts.js';

const look = reads();

export const schedule: Program = {
  programs: ['crontab'],
  extractor: 'schedule',
  rules: [
    on('', { flags: ['-l'] }, look),
    on('', { flags: ['-r'] }, disturbs('It deletes all scheduled commands.', { verb: 'delete' })),
  ],
  otherwise: disturbs('It changes what runs by itself later.'),
  examples: [
    { run: 'crontab -l', tier: 0, points: 0 },
    { run: 'crontab -r', tier: 3, points: 20 },
    { run: "echo '* * * * * dropdb app' | crontab -", tier: 4, points: 520 },
  ],
};
