/** The program of the gate itself. */
import { on, type Program } from '../program.js';
import { changesLocally, reads, removes } from '../verdicts.js';

const look = reads('It only reads.', 'http.get');

export const countersign: Program = {
  programs: ['countersign'],
  rules: [
    on('hook|assess|verify|doctor|evaluate|shadow-report|help', {}, look),
    on('install|uninstall', { flags: ['--dry-run'] }, look),
    on('demo', {}, changesLocally('It starts a demonstration.', 'execute')),
  ],
  otherwise: { ...removes('It changes the gate itself.'), selfProtection: true },
  examples: [
    { run: 'countersign assess x', tier: 0, points: 0 },
    { run: 'countersign install cursor --undo', tier: 3, points: 20 },
  ],
};
