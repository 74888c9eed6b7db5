/** Programs that search and transform text. */
import { on, type Program } from '../program.js';
import { escalates, reads } from '../verdicts.js';

const look: Program['otherwise'] = reads();

export const searchers: Program = {
  programs: [
    'grep',
    'egrep',
    'fgrep',
    'rg',
    'ag',
    'ack',
    'locate',
    'jq',
    'yq',
    'awk',
    'gawk',
    'cut',
    'sort',
    'uniq',
    'paste',
    'join',
    'fold',
    'fmt',
    'expand',
    'split',
    'csplit',
    'zgrep',
    'zcat',
    'xmllint',
    'sum',
  ],
  valueFlags: [
    '-e',
    '-f',
    '-A',
    '-B',
    '-C',
    '-m',
    '--include',
    '--exclude',
    '--exclude-dir',
    '-g',
    '-t',
    '-F',
    '-d',
    '-k',
    '-v',
    '-o',
  ],
  carries: {
    flags: ['--filter', '--compress-program'],
    texts: [/\bsystem\s*\(\s*"([^"]+)"/g, /"([^"]+)"\s*\|&?\s*getline/g, /\|&?\s*"([^"]+)"/g],
  },
  rules: [
    on('', { operand: /\/inet[46]?\/(?:tcp|udp)\// }, escalates('The program text talks to another host.')),
    on(
      '',
      { operand: /\bsystem\s*\(|\|\s*getline|print\s*\|/ },
      escalates('The program text runs commands.'),
    ),
    on('', { atLeast: 2 }, { touches: 'read', operands: 'after first' }),
  ],
  otherwise: look,
  examples: [
    { run: 'grep -rn TODO src', tier: 0, points: 0 },
    { run: 'jq .version package.json', tier: 0, points: 0 },
    { run: "split --filter='dropdb app' big.sql", tier: 4, points: 500 },
    { run: 'grep PASSWORD .env', tier: 2, points: 5 },
  ],
};
