/** Programs that edit files in place. */
import { on, type Program } from '../program.js';
import { changesLocally, escalates, reads } from '../verdicts.js';

const look: Program['otherwise'] = reads();

/** The command `e`, and the flag `e` of a substitution. */
const RUNS =
  /^(?:\d+|\$|\/[^/]{0,200}\/)?\s*e(?:\s|$)|s([/|#,:@!])(?:\\.|(?!\1)[^\\]){0,500}\1(?:\\.|(?!\1)[^\\]){0,500}\1[gpiImM\d]{0,9}e[gpiImM\d]{0,9}(?:$|[;}\s])/;

export const editors: Program = {
  programs: ['sed', 'gsed'],
  valueFlags: ['-e', '-f', '--expression'],
  carries: {
    texts: [/(?:^|[;\s{\d$])e\s+([^;}]+)/g, /s(.)(?:(?!\1).)*\1(?<command>(?:(?!\1).)*)\1[gpmi\d]*e/g],
  },
  rules: [
    on('', { operand: RUNS }, escalates('The script runs commands.')),
    on('', { value: RUNS }, escalates('The script runs commands.')),
    on('', { flags: ['-i', '--in-place'], atLeast: 2 }, { touches: 'write', operands: 'after first' }),
    on('', { flags: ['-i', '--in-place'] }, { touches: 'write' }),
    on('', { operand: /(?:^|;)\s*(?:\d+|\$)?\s*w\s+\S/ }, changesLocally('The script writes a file.')),
    on('', { atLeast: 2 }, { touches: 'read', operands: 'after first' }),
  ],
  otherwise: look,
  examples: [
    { run: "sed '1e dropdb app' a", tier: 4, points: 550 },
    { run: "sed -n '1,5p' src/a.ts", tier: 0, points: 0 },
    { run: "sed -i 's/a/b/' src/a.ts", tier: 1, points: 0 },
    { run: "sed -i 's/a/b/' /etc/hosts", tier: 4, points: 50 },
  ],
};
