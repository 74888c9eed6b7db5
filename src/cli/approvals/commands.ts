/** The commands by which approvers see what agents ask for, and answer. */

import { type Command, Option } from 'commander';

/** Options as commander has read them; each command's own types are those of the function it calls. */
const optionsOf = <T>(command: Command): T => command.optsWithGlobals() as T;
const json = (command: Command): Command => command.option('--json', 'print the answer as JSON');
const tenant = (command: Command): Command => command.option('--tenant <id>', 'only of this tenant');
const status = () =>
  new Option('--status <status>', 'only those; PENDING when left out')
    .choices(['PENDING', 'APPROVED', 'REJECTED', 'EXPIRED', 'CANCELLED', 'CONSUMED'])
    .default('PENDING');

export function addApprovals(program: Command): void {
  const approvals = program
    .command('approvals')
    .description('calls that wait for a person: sign in first, for no key answers them');
  tenant(json(approvals.command('list').addOption(status())))
    .description('list what people are asked, newest first')
    .action(async (_options, command: Command) =>
      (await import('./approvals.js')).listApprovals(optionsOf(command)),
    );
  json(approvals.command('show').argument('<approval>'))
    .description('show one call as it will run, and what it would do')
    .action(async (id: string, _options, command: Command) =>
      (await import('./approvals.js')).showApproval(id, optionsOf(command)),
    );
  json(approvals.command('approve').argument('<approval>'))
    .description('let exactly this call run, once: shows it, and asks')
    .option('--note <text>', 'what to add, for the ledger')
    .option('--yes', 'do not ask')
    .action(async (id: string, _options, command: Command) =>
      (await import('./approvals.js')).approve(id, optionsOf(command)),
    );
  json(approvals.command('reject').argument('<approval>'))
    .description('say no: exactly this call stays refused for its session')
    .option('--reason <text>', 'why, which the agent is told')
    .action(async (id: string, _options, command: Command) =>
      (await import('./approvals.js')).reject(id, optionsOf(command)),
    );
  tenant(json(approvals.command('watch')))
    .description('print questions as they come, until stopped; on a terminal they can be answered at once')
    .action(async (_options, command: Command) =>
      (await import('./watch.js')).watchApprovals(optionsOf(command)),
    );
}
