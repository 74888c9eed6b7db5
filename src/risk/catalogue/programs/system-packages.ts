/** Package managers of operating systems. */
import { on, type Program } from '../program.js';
import { changesLocally, disturbs, reads } from '../verdicts.js';

const look = reads('It only looks.', 'code.lint');

export const systemPackages: Program = {
  programs: [
    'apt',
    'apt-get',
    'dnf',
    'yum',
    'pacman',
    'apk',
    'zypper',
    'brew',
    'port',
    'snap',
    'flatpak',
    'dpkg',
    'rpm',
    'choco',
    'winget',
    'scoop',
  ],
  rules: [
    on('list|show|search|info|policy|outdated|deps|uses|config|doctor|leaves|home', {}, look),
    on('', { flags: ['-l', '-L', '-s', '-Q', '--list'] }, look),
    on(
      'remove|purge|autoremove|uninstall|erase|del|rm',
      {},
      disturbs('It removes programs from this machine.', { verb: 'delete', kind: 'file.delete' }),
    ),
  ],
  otherwise: changesLocally('It changes the programs of this machine.'),
  examples: [
    { run: 'brew install jq', tier: 1, points: 1 },
    { run: 'apt-get remove nginx', tier: 3, points: 20 },
  ],
};
