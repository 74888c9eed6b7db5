/** The reader of manual pages. */
import type { Program } from '../program.js';
import { reads } from '../verdicts.js';

export const manuals: Program = {
  programs: ['man'],
  valueFlags: ['-P', '--pager', '-M', '-s', '-S', '-L'],
  carries: { flags: ['-P', '--pager', '-H', '--html'], texts: [/^-[PH](.+)$/g] },
  rules: [],
  otherwise: reads('It shows a manual page.'),
  examples: [
    { run: 'man 3 printf', tier: 0, points: 0 },
    { run: "man -P 'dropdb app' ls", tier: 4, points: 500 },
  ],
};
