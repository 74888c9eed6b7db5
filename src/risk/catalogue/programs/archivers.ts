/** tar: packing and unpacking. */
import { on, type Program } from '../program.js';
import { escalates, rebuilds } from '../verdicts.js';

export const sevenZip: Program = {
  programs: ['7z', '7za', '7zr', '7zz'],
  singleDash: true,
  rules: [
    on('a|u|m', { flags: ['-sdel'] }, { touches: 'delete-tree', operands: 'after first' }),
    on('d', {}, { touches: 'write', operands: 'first' }),
  ],
  otherwise: rebuilds('It packs, lists or unpacks files.'),
  examples: [
    { run: '7z x a.7z', tier: 1, points: 0 },
    { run: '7z a -sdel a.7z /srv/data', tier: 4, points: 500 },
  ],
};

export const archivers: Program = {
  programs: ['tar'],
  valueFlags: ['-C', '--directory', '-f', '--file', '--exclude', '-T'],
  carries: {
    flags: ['-I', '--use-compress-program', '--to-command', '-F', '--info-script', '--rsh-command'],
    texts: [/^--checkpoint-action=exec=(.+)$/g],
  },
  rules: [
    on('', { flags: ['--remove-files'] }, { touches: 'delete-tree' }),
    on(
      '',
      { flags: ['--to-command', '--checkpoint-action'] },
      escalates('It runs a command for each entry.'),
    ),
    on(
      '',
      { flags: ['-x', '--extract', '--get'] },
      { touches: 'write', flag: ['-C', '--directory'] },
      rebuilds('It unpacks files.'),
    ),
    on('', { flags: ['-c', '--create'] }, { touches: 'read' }, { touches: 'write', flag: ['-f', '--file'] }),
  ],
  otherwise: rebuilds('It packs, lists or unpacks files.'),
  examples: [
    { run: "tar -cf /dev/null -I 'dropdb app' src", tier: 4, points: 500 },
    { run: 'tar -I zstd -tf a.tar.zst', tier: 1, points: 0 },
    { run: 'tar -xzf a.tgz', tier: 1, points: 0 },
    { run: 'tar xzf a.tgz', tier: 1, points: 0 },
  ],
};
