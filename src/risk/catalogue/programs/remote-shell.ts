/** Programs that run commands on another machine. */
import { on, type Program } from '../program.js';
import { disturbs, reads, unseen } from '../verdicts.js';

const look = reads();
const session = unseen(
  disturbs('', { verb: 'execute', kind: 'code.exec' }),
  'It opens a session on another machine that cannot be seen.',
);

export const remoteShell: Program = {
  programs: ['ssh', 'autossh', 'mosh', 'rsh'],
  valueFlags: ['-p', '-i', '-l', '-o', '-F', '-J', '-L', '-R', '-D', '-W', '-b', '-c', '-e', '-m', '-E'],
  stopAtOperand: true,
  carries: {
    texts: [/^(?:-o)?\s*(?:ProxyCommand|LocalCommand|KnownHostsCommand|RemoteCommand)[=\s](.+)$/gi],
  },
  rules: [
    on('', { atLeast: 2 }, { runs: 'shell', from: { restAsText: 1 }, unseen: session, place: 'remote' }),
    on('', { piped: true }, { runs: 'shell', from: 'stdin', unseen: session, place: 'remote' }),
    on('', { flags: ['-V'] }, look),
  ],
  otherwise: session,
  examples: [
    { run: "ssh -o ProxyCommand='dropdb app' host", tier: 4, points: 520 },
    { run: 'ssh -o StrictHostKeyChecking=no host uptime', tier: 0, points: 0 },
    { run: "ssh host 'rm -rf /'", tier: 4, points: 500 },
    { run: 'ssh host uptime', tier: 0, points: 0 },
    { run: 'ssh host', tier: 3, points: 20 },
  ],
};
