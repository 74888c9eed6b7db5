/** Programs that end processes. */
import { on, type Program } from '../program.js';
import { destroys, reads, rebuilds } from '../verdicts.js';

const look = reads();

export const processes: Program = {
  programs: ['kill', 'pkill', 'killall', 'skill', 'xkill', 'kill-port', 'fkill', 'fkill-cli'],
  valueFlags: ['-s', '--signal'],
  rules: [
    on('', { flags: ['-l', '-0'] }, look),
    on('', { flags: ['-1'], atMost: 0 }, destroys('It ends every process.', 'system', 'code.exec')),
    on('', { operand: /^(?:1|-1)$/ }, destroys('It ends every process.', 'system', 'code.exec')),
  ],
  otherwise: rebuilds('It ends a process that can be started again.', 'execute'),
  examples: [
    { run: 'kill 1234', tier: 1, points: 0 },
    { run: 'pkill -f countersign', tier: 3, points: 20 },
  ],
};
