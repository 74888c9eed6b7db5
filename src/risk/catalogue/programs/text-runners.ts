/** Programs that hand a text to a shell. */
import { on, type Program } from '../program.js';
import { escalates, reads } from '../verdicts.js';

const look = reads();

export const textRunners: Program = {
  programs: [
    'watch',
    'script',
    'su',
    'entr',
    'hyperfine',
    'at',
    'batch',
    'tmux',
    'screen',
    'concurrently',
    'newgrp',
    'sg',
  ],
  valueFlags: ['-n', '--interval', '-c', '--command', '-t', '-s'],
  stopAtOperand: true,
  carries: { words: true },
  rules: [
    on(
      '',
      { operand: /^(?:-|root)$/, atMost: 1, piped: false, without: ['-c', '--command'] },
      escalates('It becomes another user.', 'object', { verb: 'grant' }),
    ),
    on('', { flags: ['-c', '--command'] }, { runs: 'shell', from: { flag: ['-c', '--command'] } }),
    on('', { operand: /^(?:-c|--command)$/ }, { runs: 'shell', from: { afterWord: ['-c', '--command'] } }),
    on('', { piped: true }, { runs: 'shell', from: 'stdin' }),
    on(
      'new-session|new|send-keys|split-window|respawn-pane',
      { atLeast: 1 },
      { runs: 'shell', from: { restAsText: 0 } },
    ),
    on('ls|list-sessions|kill-session|attach', {}, look),
    on('', { atLeast: 1 }, { runs: 'shell', from: { restAsText: 0 } }),
  ],
  otherwise: look,
  examples: [
    { run: "tmux new -d -s x 'dropdb app'", tier: 4, points: 501 },
    { run: 'tmux ls', tier: 0, points: 0 },
    { run: "su -c 'dropdb app'", tier: 4, points: 500 },
    { run: "newgrp docker <<< 'dropdb app'", tier: 4, points: 500 },
    { run: 'watch -n 1 ls', tier: 0, points: 0 },
  ],
};
