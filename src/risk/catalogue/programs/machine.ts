/** Programs that work on what the whole machine rests on (mounted file systems, their upkeep, the clock), and clouds on it. */
import { on, type Program } from '../program.js';
import { changesLocally, destroys, disturbs, escalates, reads } from '../verdicts.js';

const look = reads();
const SETS_CLOCK = escalates('It sets the clock of the machine.', 'object', { verb: 'update' });

export const mounts: Program = {
  programs: ['mount', 'umount', 'swapon', 'swapoff'],
  valueFlags: ['-t', '--types', '-o', '--options', '-L', '-U'],
  rules: [
    on('', { flags: ['-l', '-h', '--show', '-s'], atMost: 0 }, look),
    on(
      '',
      { flags: ['-a', '--all'] },
      escalates('It changes every mounted file system or swap area.', 'system'),
    ),
    on('', { value: /\bremount\b/ }, escalates('It mounts a file system in another way while it is used.')),
    on(
      '',
      { flags: ['--bind', '--rbind', '--move', '-B', '-M', '-R'] },
      escalates('It puts a folder over another.'),
    ),
    on(
      '',
      { flags: ['-l', '--lazy', '-f', '--force'] },
      escalates('It takes a file system away from what uses it.'),
    ),
    on(
      '',
      { atLeast: 1, operand: /^\/(?:mnt|media|run\/media|Volumes)\// },
      disturbs('It changes what is mounted.'),
    ),
    on('', { atLeast: 1 }, escalates('It changes what is mounted where others read.')),
  ],
  otherwise: look,
  examples: [
    { run: 'mount', tier: 0, points: 0 },
    { run: 'mount -o remount,ro /data', tier: 4, points: 50 },
    { run: 'umount -l /data', tier: 4, points: 50 },
    { run: 'umount /mnt/iso', tier: 3, points: 20 },
    { run: 'swapoff -a', tier: 4, points: 500 },
  ],
};

export const fileSystems: Program = {
  programs: [
    ...[
      'fsck',
      'fsck.ext4',
      'fsck.xfs',
      'e2fsck',
      'xfs_repair',
      'btrfsck',
      'debugfs',
      'tune2fs',
      'xfs_admin',
    ],
    ...[
      'resize2fs',
      'xfs_growfs',
      'badblocks',
      'nvme',
      'smartctl',
      'fstrim',
      'lvreduce',
      'lvresize',
      'partprobe',
    ],
  ],
  rules: [
    on('list|list-ns|smart-log|id-ctrl|id-ns|error-log|fw-log|show-regs|get-feature|get-log', {}, look),
    on(
      'format|sanitize|delete-ns|write-zeroes|write',
      {},
      destroys('It erases a disk.', 'system', 'file.delete'),
    ),
    on(
      '',
      { flags: ['-w'], without: ['-n', '-R'] },
      destroys('It writes over a disk.', 'system', 'file.delete'),
    ),
    on(
      '',
      {
        flags: ['-n', '-N', '-l', '-A', '-a', '-i', '-H', '-x', '--all', '--info', '--scan'],
        without: ['-y', '-f'],
      },
      look,
    ),
  ],
  otherwise: escalates('It changes a file system below what uses it.', 'system', { verb: 'update' }),
  examples: [
    { run: 'badblocks -w /dev/sda', tier: 4, points: 500 },
    { run: 'nvme format /dev/nvme0n1', tier: 4, points: 500 },
    { run: 'nvme list', tier: 0, points: 0 },
    { run: 'smartctl -a /dev/sda', tier: 0, points: 0 },
    { run: 'fsck -y /dev/sda1', tier: 4, points: 500 },
    { run: 'fsck -n /dev/sda1', tier: 0, points: 0 },
  ],
};

export const clocks: Program = {
  programs: ['date', 'hwclock', 'timedatectl', 'ntpdate', 'sntp', 'chronyc'],
  valueFlags: ['-d', '--date', '-f', '--file', '-r', '--reference'],
  rules: [
    on('set-time|set-timezone|set-ntp|set-local-rtc|makestep|settime|offline', {}, SETS_CLOCK),
    on('', { flags: ['-s', '--set', '--systohc', '--hctosys', '-w', '-S', '--adjust'] }, SETS_CLOCK),
    on('', { operand: /^\d{8}(?:\d{2}|\d{4})?(?:\.\d\d)?$/, without: ['-d', '--date', '-j'] }, SETS_CLOCK),
  ],
  otherwise: look,
  examples: [
    { run: 'date +%s', tier: 0, points: 0 },
    { run: "date -d '2026-01-01' +%F", tier: 0, points: 0 },
    { run: "date -s '2001-01-01'", tier: 4, points: 50 },
    { run: 'date 010100002001', tier: 4, points: 50 },
    { run: "timedatectl set-time '2001-01-01'", tier: 4, points: 50 },
    { run: 'timedatectl', tier: 0, points: 0 },
  ],
};

/** Stand-ins of a cloud that run on this machine. */
export const localClouds: Program = {
  programs: ['samlocal', 'tflocal', 'cdklocal', 'pulumilocal'],
  rules: [],
  otherwise: changesLocally('It changes a stand-in of a cloud on this machine.'),
  examples: [{ run: 'tflocal apply', tier: 1, points: 1 }],
};
