/** Programs that start and stop services of the machine. */
import { on, type Program } from '../program.js';
import { changesLocally, disturbs, escalates, reads } from '../verdicts.js';

const look = reads();
/** Services that guard the machine, record what happens there or let its people in. */
const PROTECTS =
  /^(?:firewalld|ufw|nftables|iptables|auditd|apparmor|fail2ban|sshd?|falco|osqueryd|clamav\S*|falcon-sensor|systemd-journald|rsyslog|syslog)(?:\.service)?$/;

export const system: Program = {
  programs: ['systemctl', 'service', 'launchctl', 'initctl', 'rc-service'],
  rules: [
    on('status|list-units|is-active|is-enabled|show|cat|list|print|list-unit-files', {}, look),
    on('poweroff|reboot|halt|rescue|emergency', {}, escalates('It stops the machine.', 'system')),
    on(
      'stop|disable|mask|kill|unload|bootout',
      { operand: PROTECTS },
      escalates('It stops what protects the machine, or the way into it.'),
    ),
    on(
      '',
      { flags: ['--user'], without: ['--global'] },
      changesLocally("It changes which of the user's own services run."),
    ),
    on(
      'kickstart|kill|load|unload|bootstrap|bootout|start|stop|enable|disable',
      { operand: /^(?:gui|user)\/|^(?:~|\/Users\/[^/]+)\/Library\/LaunchAgents\// },
      changesLocally("It changes which of the user's own services run."),
    ),
    on(
      'stop|restart|disable|mask|kill|reload|start|enable|unload|bootout|load',
      {},
      disturbs('It changes which services run on the machine.'),
    ),
  ],
  otherwise: disturbs('It changes which services run on the machine.'),
  examples: [
    { run: 'systemctl stop auditd', tier: 4, points: 50 },
    { run: 'systemctl --user restart app', tier: 1, points: 1 },
    { run: 'systemctl status nginx', tier: 0, points: 0 },
    { run: 'systemctl stop postgresql', tier: 3, points: 20 },
  ],
};
