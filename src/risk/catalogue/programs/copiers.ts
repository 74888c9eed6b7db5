/** Programs that copy files. */
import { on, type Program } from '../program.js';
import { rebuilds } from '../verdicts.js';

export const copiers: Program = {
  programs: ['cp', 'ln', 'install', 'ditto'],
  valueFlags: ['-t', '-m', '-o', '-g'],
  rules: [
    on(
      '',
      { atLeast: 2 },
      { touches: 'read', operands: 'all but last' },
      { touches: 'write', operands: 'last' },
    ),
  ],
  otherwise: rebuilds('It copies a file.'),
  examples: [
    { run: 'cp a.ts b.ts', tier: 1, points: 0 },
    { run: 'cp -r dist /usr/local/share/app', tier: 4, points: 50 },
  ],
};
