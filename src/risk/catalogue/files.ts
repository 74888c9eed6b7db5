/** Programs that look at files, change them or delete them. */
import { on, type Program } from './program.js';
import { changesElsewhere, changesLocally, destroys, escalates, reads, rebuilds } from './verdicts.js';

const look: Program['otherwise'] = reads();

export const viewers: Program = {
  programs: [
    'ls',
    'head',
    'tail',
    'less',
    'more',
    'wc',
    'nl',
    'od',
    'hexdump',
    'strings',
    'stat',
    'file',
    'du',
    'df',
    'tree',
    'realpath',
    'readlink',
    'basename',
    'dirname',
    'md5sum',
    'sha1sum',
    'sha256sum',
    'shasum',
    'cksum',
    'diff',
    'cmp',
    'comm',
    'bat',
    'eza',
    'exa',
    'column',
    'tac',
    'jless',
    'open',
    'xdg-open',
  ],
  valueFlags: ['-n', '-c', '-I', '-L'],
  rules: [on('', { atLeast: 1 }, { touches: 'read' })],
  otherwise: look,
  examples: [
    { run: 'ls -la', tier: 0, points: 0 },
    { run: 'head -n 5 src/a.ts', tier: 0, points: 0 },
    { run: 'tail ~/.ssh/id_rsa', tier: 2, points: 5 },
  ],
};

export const searchers: Program = {
  programs: [
    'grep',
    'egrep',
    'fgrep',
    'rg',
    'ag',
    'ack',
    'fd',
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
  rules: [
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
    { run: 'grep PASSWORD .env', tier: 2, points: 5 },
  ],
};

export const editors: Program = {
  programs: ['sed', 'gsed', 'perl-edit', 'sponge', 'patch', 'ed', 'ex'],
  valueFlags: ['-e', '-f', '--expression'],
  rules: [
    on('', { flags: ['-i', '--in-place'], atLeast: 2 }, { touches: 'write', operands: 'after first' }),
    on('', { flags: ['-i', '--in-place'] }, { touches: 'write' }),
    on(
      '',
      { operand: /(?:^|;)\s*(?:\d+|\$)?\s*(?:w\s+\S|e\s+\S)/ },
      changesLocally('The script writes a file.'),
    ),
    on('', { atLeast: 2 }, { touches: 'read', operands: 'after first' }),
  ],
  otherwise: look,
  examples: [
    { run: "sed -n '1,5p' src/a.ts", tier: 0, points: 0 },
    { run: "sed -i 's/a/b/' src/a.ts", tier: 1, points: 0 },
    { run: "sed -i 's/a/b/' /etc/hosts", tier: 4, points: 50 },
  ],
};

export const removers: Program = {
  programs: ['rm', 'unlink', 'rmdir', 'shred', 'trash', 'rimraf', 'del', 'srm'],
  recursiveFlags: ['-r', '-R', '--recursive'],
  rules: [on('', {}, { touches: 'delete' })],
  otherwise: look,
  examples: [
    { run: 'rm -rf node_modules', tier: 1, points: 0 },
    { run: 'rm src/a.ts', tier: 1, points: 0 },
    { run: 'rm -rf .', tier: 4, points: 150 },
    { run: 'rm -rf ~/Documents', tier: 4, points: 150 },
    { run: 'rm -rf /', tier: 4, points: 500 },
    { run: 'rm -rf ~', tier: 4, points: 500 },
    { run: 'rm -fr -- /usr/lib', tier: 4, points: 500 },
  ],
};

export const movers: Program = {
  programs: ['mv', 'rename'],
  valueFlags: ['-t', '-S'],
  rules: [
    on('', { operand: /^\/dev\/null$/ }, { touches: 'delete-tree', operands: 'all but last' }),
    on('', {}, { touches: 'write' }),
  ],
  otherwise: rebuilds('It moves a file.'),
  examples: [
    { run: 'mv a.ts b.ts', tier: 1, points: 0 },
    { run: 'mv x ~/.config/x', tier: 1, points: 1 },
  ],
};

export const copiers: Program = {
  programs: ['cp', 'ln', 'install', 'ditto'],
  valueFlags: ['-t', '-m', '-o', '-g'],
  rules: [
    on(
      '',
      { atLeast: 2 },
      { touches: 'read', operands: 'all but last' },
      { touches: 'write', operands: 'last' },
    ),
  ],
  otherwise: rebuilds('It copies a file.'),
  examples: [
    { run: 'cp a.ts b.ts', tier: 1, points: 0 },
    { run: 'cp -r dist /usr/local/share/app', tier: 4, points: 50 },
  ],
};

export const writers: Program = {
  programs: [
    'touch',
    'mkdir',
    'mktemp',
    'tee',
    'truncate',
    'mkfifo',
    'unzip',
    'gunzip',
    'gzip',
    'bzip2',
    'xz',
    'zip',
  ],
  valueFlags: ['-m', '-s', '-r', '-t', '-d', '--mode', '--size'],
  rules: [on('', {}, { touches: 'write' })],
  otherwise: rebuilds('It writes a file.'),
  examples: [
    { run: 'touch ~/.config/x', tier: 1, points: 1 },
    { run: 'mkdir -p src/new', tier: 1, points: 0 },
    { run: 'echo 1 | tee /etc/hosts', tier: 4, points: 50 },
  ],
};

export const permitters: Program = {
  programs: ['chmod', 'chown', 'chgrp', 'setfacl', 'chattr'],
  rules: [on('', { atLeast: 2 }, { touches: 'permit', operands: 'after first' })],
  otherwise: changesLocally('It changes permissions.'),
  examples: [
    { run: 'chmod +x script.sh', tier: 1, points: 0 },
    { run: 'chmod -R 777 /', tier: 4, points: 500 },
    { run: 'chown -R me ~/.config/x', tier: 1, points: 1 },
  ],
};

export const archivers: Program = {
  programs: ['tar'],
  valueFlags: ['-C', '--directory', '-f', '--file', '--exclude', '-T'],
  rules: [
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
    { run: 'tar -xzf a.tgz', tier: 1, points: 0 },
    { run: 'tar xzf a.tgz', tier: 1, points: 0 },
  ],
};

export const disks: Program = {
  programs: ['dd'],
  rules: [on('', {}, { touches: 'write', assignment: 'of' }, { touches: 'read', assignment: 'if' })],
  otherwise: look,
  examples: [
    { run: 'dd if=/dev/zero of=/dev/sda bs=1M', tier: 4, points: 500 },
    { run: 'dd if=a of=b', tier: 1, points: 0 },
  ],
};

const formats = destroys('It formats or repartitions a disk.', 'system', 'file.delete');

export const formatters: Program = {
  programs: [
    'mkfs',
    'mkfs.ext4',
    'mkfs.xfs',
    'mkfs.btrfs',
    'mkfs.ext3',
    'mkfs.vfat',
    'mkswap',
    'wipefs',
    'fdisk',
    'sfdisk',
    'parted',
    'sgdisk',
    'diskutil',
    'blkdiscard',
    'lvremove',
    'vgremove',
    'pvremove',
    'zpool',
    'zfs',
    'cryptsetup',
    'hdparm',
  ],
  rules: [on('list|info|status|get', {}, look), on('', { flags: ['-l', '--list'] }, look)],
  otherwise: formats,
  examples: [
    { run: 'mkfs.ext4 /dev/sdb1', tier: 4, points: 500 },
    { run: 'fdisk -l', tier: 0, points: 0 },
  ],
};

export const copiesOut: Program = {
  programs: ['scp', 'rsync', 'sftp', 'ftp', 'rclone', 'nc', 'ncat', 'netcat', 'socat', 'telnet'],
  valueFlags: ['-i', '-P', '-p', '-e', '--rsh', '--exclude', '-F', '-o', '-l', '-w'],
  rules: [
    on('', { flags: ['-n', '--dry-run'] }, look),
    on(
      'delete|purge|sync|dedupe',
      { atLeast: 1 },
      destroys('It deletes what is on the other side.', 'collection', 'storage.delete'),
    ),
    on(
      '',
      {
        flags: [
          '--delete',
          '--delete-after',
          '--delete-before',
          '--delete-excluded',
          '--remove-source-files',
        ],
      },
      destroys('It deletes what is not on the other side.', 'collection', 'storage.delete'),
    ),
    on('', { flags: ['-c', '--exec', '--sh-exec'] }, escalates('It gives a program to whoever connects.')),
  ],
  otherwise: changesElsewhere('It copies files from or to another place.', { kind: 'storage.upload' }),
  examples: [
    { run: 'rsync -av src/ host:/srv/app/', tier: 2, points: 5 },
    { run: 'rsync -av --delete src/ host:/srv/app/', tier: 4, points: 150 },
  ],
};
