/** Programs that format and partition disks. */
import { on, type Program } from '../program.js';
import { destroys, reads } from '../verdicts.js';

const look: Program['otherwise'] = reads();
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
