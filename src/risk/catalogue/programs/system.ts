/** Programs that start and stop services of the machine. */
import { on, type Program } from '../program.js';
import { changesLocally, disturbs, escalates, reads } from '../verdicts.js';

const look = reads();

export const system: Program = {
  programs: ['systemctl', 'service', 'launchctl', 'initctl', 'rc-service'],
  rules: [
    on('status|list-units|is-active|is-enabled|show|cat|list|print|list-unit-files', {}, look),
    on('poweroff|reboot|halt|rescue|emergency', {}, escalates('It stops the machine.', 'system')),
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
    { run: 'systemctl status nginx', tier: 0, points: 0 },
    { run: 'systemctl stop postgresql', tier: 3, points: 20 },
  ],
};
