/** Programs that change what the kernel runs, mounts and allows. */
import { on, type Program } from '../program.js';
import { destroys, escalates, reads } from '../verdicts.js';

const look = reads();

export const kernelModules: Program = {
  programs: ['insmod', 'rmmod', 'modprobe', 'kexec', 'sysctl'],
  rules: [
    on(
      '',
      {
        flags: ['-n', '--dry-run', '-a', '--all', '--show', '-l'],
        without: ['-w', '--write', '-r', '-p'],
        atMost: 1,
      },
      look,
    ),
    on('', { flags: ['-s'], without: ['-w'] }, look),
    on(
      '',
      { operand: /^[\w.]+=/ },
      escalates('It changes a setting of the kernel.', 'object', { verb: 'update' }),
    ),
    on('', { operand: /^(?:hw|kern|kernel|vm|net|fs|machdep|user)\.[\w.]+$/ }, look),
  ],
  otherwise: escalates('It changes what the kernel runs.'),
  examples: [
    { run: 'sysctl -n hw.ncpu', tier: 0, points: 0 },
    { run: 'sysctl -w kernel.randomize_va_space=0', tier: 4, points: 50 },
    { run: 'insmod x.ko', tier: 4, points: 50 },
  ],
};

export const arrays: Program = {
  programs: ['mdadm', 'dmsetup', 'ceph', 'gluster', 'rbd'],
  rules: [
    on('', { flags: ['--detail', '--examine', '-D', '-E', '-Q'] }, look),
    on(
      'status|health|df|ls|info|list|-s|osd|volume|pool',
      { operand: /^(?:status|tree|df|ls|info|list|stat|dump)$/ },
      look,
    ),
    on('status|health|df|ls|info|list', {}, look),
  ],
  otherwise: destroys('It takes disks apart that others read from.', 'system', 'file.delete'),
  examples: [
    { run: 'mdadm --detail /dev/md0', tier: 0, points: 0 },
    { run: 'mdadm --zero-superblock /dev/sda1', tier: 4, points: 500 },
    { run: 'ceph osd pool delete a a --yes-i-really-really-mean-it', tier: 4, points: 500 },
  ],
};
