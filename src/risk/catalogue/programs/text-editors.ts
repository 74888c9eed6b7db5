/** Editors that a person or a script opens files in. */
import { on, type Program } from '../program.js';
import { destroys, disturbs, escalates, reads, unseen } from '../verdicts.js';

const RUNS = /!|\bsystem\s*\(|\bterminal\b/;
const runs = escalates('It makes the editor run a command.');

export const textEditors: Program = {
  programs: [
    'vim',
    'vi',
    'nvim',
    'view',
    'nano',
    'emacs',
    'emacsclient',
    'micro',
    'hx',
    'code',
    'cursor',
    'subl',
    'ed',
    'ex',
  ],
  valueFlags: ['-c', '--cmd', '--eval'],
  carries: {
    piped: [/^[\d,$%.\s]{0,12}[rw]?\s*!\s*(.+)$/gm],
    texts: [
      /\(shell-command(?:-to-string)?\s+"([^"]+)"/g,
      /!\s*([^|"']+)/g,
      /\b(?:system|term(?:inal)?)\s*\(?\s*["']?([^"')]+)/g,
    ],
  },
  rules: [
    on('', { value: RUNS }, runs),
    on('', { operand: /^\+.*!/ }, runs),
    on(
      '',
      { value: /\(delete-directory\b/ },
      destroys('It makes the editor delete a folder with all below it.', 'collection', 'file.delete'),
    ),
    on('', { flags: ['--eval', '--load'] }, unseen(disturbs(''), 'It makes the editor run code of its own.')),
    on('', { piped: true }, unseen(disturbs(''), 'What the editor is told to do cannot be seen.'), {
      touches: 'write',
    }),
    on('', { atLeast: 1 }, { touches: 'write' }),
  ],
  otherwise: reads('It opens an editor.'),
  examples: [
    { run: 'vim src/a.ts', tier: 1, points: 0 },
    { run: "vim -c ':!rm -rf /' -c ':q'", tier: 4, points: 550 },
    { run: 'vim .cursor/hooks.json', tier: 1, points: 0 },
  ],
};
