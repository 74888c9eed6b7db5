/** Programs that move files or streams to other machines. */
import { on, type Program } from '../program.js';
import { changesElsewhere, destroys, reads } from '../verdicts.js';

const look: Program['otherwise'] = reads();

const DELETES = [
  '--delete',
  '--del',
  '--delete-during',
  '--delete-after',
  '--delete-before',
  '--delete-excluded',
];
const deletes = destroys('It deletes what is not on the other side.', 'collection', 'storage.delete');

export const copiesOut: Program = {
  programs: ['scp', 'rsync', 'sftp', 'ftp', 'rclone'],
  valueFlags: ['-i', '-P', '-p', '-e', '--rsh', '--exclude', '-F', '-o', '-l', '-w'],
  carries: {
    flags: ['-e', '--rsh', '--rsync-path', '-S'],
    texts: [/^(?:-o)?\s*(?:ProxyCommand|LocalCommand|KnownHostsCommand)[=\s](.+)$/gi],
  },
  rules: [
    on('', { flags: ['-n', '--dry-run'] }, look),
    on(
      'delete|purge|sync|dedupe',
      { atLeast: 1 },
      destroys('It deletes what is on the other side.', 'collection', 'storage.delete'),
    ),
    on('', { flags: DELETES, atLeast: 2, operand: /:/ }, deletes),
    on(
      '',
      { flags: DELETES, atLeast: 2 },
      { touches: 'read', operands: 'all but last' },
      { touches: 'delete-tree', operands: 'last' },
    ),
    on('', { flags: ['--remove-source-files'] }, deletes),
  ],
  otherwise: changesElsewhere('It copies files from or to another place.', { kind: 'storage.upload' }),
  examples: [
    { run: "rsync -e 'dropdb app' a host:b", tier: 4, points: 505 },
    { run: 'rsync -av -e ssh src/ host:/srv/app/', tier: 2, points: 5 },
    { run: 'rsync -av src/ host:/srv/app/', tier: 2, points: 5 },
    { run: 'rsync -av --delete src/ host:/srv/app/', tier: 4, points: 150 },
  ],
};
