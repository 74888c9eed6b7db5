/** Programs that run commands on another machine. */
import { on, type Program } from '../program.js';
import { changesElsewhere, disturbs, reads, unseen } from '../verdicts.js';

const look = reads();
const session = unseen(
  disturbs('', { verb: 'execute', kind: 'code.exec' }),
  'It opens a session on another machine that cannot be seen.',
);

const tunnel = changesElsewhere('It opens a way to what another machine can reach, and runs nothing there.');

export const remoteShell: Program = {
  programs: ['ssh', 'autossh', 'mosh', 'rsh'],
  valueFlags: ['-p', '-i', '-l', '-o', '-F', '-J', '-L', '-R', '-D', '-W', '-b', '-c', '-e', '-m', '-E'],
  stopAtOperand: true,
  carries: {
    texts: [/^(?:-o)?\s*(?:ProxyCommand|LocalCommand|KnownHostsCommand|RemoteCommand)[=\s](.+)$/gi],
  },
  rules: [
    on('', { flags: ['-T'], operand: /^git@/, atMost: 1 }, look),
    on('', { atLeast: 2 }, { runs: 'shell', from: { restAsText: 1 }, unseen: session, place: 'remote' }),
    on('', { piped: true }, { runs: 'shell', from: 'stdin', unseen: session, place: 'remote' }),
    on('', { flags: ['-V'] }, look),
    on('', { flags: ['-N'], without: ['-R'] }, tunnel),
  ],
  otherwise: session,
  examples: [
    { run: "ssh -o ProxyCommand='dropdb app' host", tier: 4, points: 520 },
    { run: 'ssh -o StrictHostKeyChecking=no host uptime', tier: 0, points: 0 },
    { run: "ssh host 'rm -rf /'", tier: 4, points: 500 },
    { run: 'ssh host uptime', tier: 0, points: 0 },
    { run: 'ssh -N -L 5432:db:5432 bastion', tier: 2, points: 5 },
    { run: 'ssh -N -R 8080:localhost:3000 bastion', tier: 3, points: 20 },
    { run: 'ssh host', tier: 3, points: 20 },
  ],
};
