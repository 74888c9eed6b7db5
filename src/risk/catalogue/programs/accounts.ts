/** Programs that decide who may use or reach this machine. */
import { on, type Program } from '../program.js';
import { grants, reads, revealsSecrets } from '../verdicts.js';

const look = reads();

export const accounts: Program = {
  programs: [
    'useradd',
    'userdel',
    'usermod',
    'adduser',
    'deluser',
    'passwd',
    'chpasswd',
    'groupadd',
    'groupdel',
    'visudo',
    'gpasswd',
    'chsh',
    'iptables',
    'ip6tables',
    'nft',
    'ufw',
    'setenforce',
    'ssh-copy-id',
    'security',
    'groupmod',
    'dscl',
    'dseditgroup',
    'sysadminctl',
    'update-ca-certificates',
    'nvram',
    'csrutil',
    'spctl',
    'tmutil',
    'setsebool',
    'semanage',
    'auditctl',
  ],
  rules: [
    on(
      'compare|listbackups|latestbackup|destinationinfo|uniquesize|localsnapshot|listlocalsnapshots',
      {},
      look,
    ),
    on('', { flags: ['--status', '--assess', '-a', '-l'], atMost: 1, without: ['--disable', '--add'] }, look),
    on('.|/Local/Default|localhost', { flags: ['-read', '-list', '-search', '-readall'] }, look),
    on('status|list|show|find-identity|find-certificate|dump-trust-settings|list-keychains|error', {}, look),
    on('find-generic-password|find-internet-password', {}, revealsSecrets('It reads passwords of the user.')),
    on('cms|verify-cert', {}, look),
    on(
      '',
      {
        flags: ['-L', '-S', '--list', '--list-rules', '-nL', '-vnL'],
        without: ['-F', '-X', '-A', '-D', '-I', '-P'],
      },
      look,
    ),
  ],
  otherwise: grants('It changes who may use or reach this machine.'),
  examples: [{ run: 'useradd mallory', tier: 4, points: 50 }],
};
