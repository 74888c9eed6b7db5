/** The commands of FinOps: who is charged for what, what work costs, and how long budgets last. */

import { type Command, Option } from 'commander';

/** Options as commander has read them; each command's own types are those of the function it calls. */
const optionsOf = <T>(command: Command): T => command.optsWithGlobals() as T;

const reported = (command: Command): Command =>
  command
    .option('--tenant <id>', 'of this tenant; of all of them when left out')
    .option('--unit <unit>', 'USD_MICROCENTS, TOKENS, CREDITS or RISK_POINTS')
    .option('--json', 'print JSON')
    .option('--csv', 'print CSV');

const period = (command: Command): Command =>
  command
    .option('--month <month>', 'a calendar month, such as 2026-11')
    .option('--from <moment>', 'from this date or moment on (UTC, RFC 3339); with --to')
    .option(
      '--to <moment>',
      'up to, not including, this date or moment; the last 30 days when no period is named',
    );

export function addFinops(program: Command): void {
  period(reported(program.command('chargeback')))
    .description('say what was charged, by whom and for what; its total is the ledger’s')
    .option(
      '--group-by <groupings>',
      'up to four, with commas: tenant, workspace, app, workflow, agent, toolset, kind, name, model, harness, key, dimension:<key>, and day, week or month',
    )
    .addOption(
      new Option('--per <what>', 'average and quantiles of a charge or a session').choices([
        'action',
        'session',
      ]),
    )
    .option('--html <file>', 'write the report as a page to mail, save and print')
    .option('--focus <file>', 'write all charges of the period as a FOCUS 1.2 file')
    .action(async (_options, command: Command) =>
      (await import('./chargeback.js')).chargeback(optionsOf(command)),
    );
  period(reported(program.command('economics')))
    .description('say what a session, or any other unit of work, costs')
    .option(
      '--by <unit of work>',
      'session, agent, app, workspace, toolset, tenant, kind, name, model, harness, key or dimension:<key>',
      'session',
    )
    .option('--top <count>', 'how many of the dearest are told one by one, 1 to 20', '10')
    .action(async (_options, command: Command) =>
      (await import('./economics.js')).economics(optionsOf(command)),
    );
  reported(program.command('forecast'))
    .description('say how long budgets last at the pace of the last days, those that end first at the top')
    .option(
      '--level <level>',
      'only budgets of tenants, apps and so on: tenant, workspace, app, workflow, agent, toolset',
    )
    .option('--days <count>', 'the last days that the pace is taken from, 1 to 90', '7')
    .action(async (_options, command: Command) =>
      (await import('./forecast.js')).forecast(optionsOf(command)),
    );
}
