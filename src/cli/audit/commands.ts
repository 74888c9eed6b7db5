/** The commands by which an auditor reads what agents proposed, what was decided, and what came of it. */

import { type Command, Option } from 'commander';

/** Options as commander has read them; each command's own types are those of the function it calls. */
const optionsOf = <T>(command: Command): T => command.optsWithGlobals() as T;

const decision = () =>
  new Option('--decision <decision>', 'only what was decided so').choices([
    'ALLOW',
    'ALLOW_WITH_CAPS',
    'DENY',
    'PENDING',
  ]);
const period = (command: Command): Command =>
  command
    .option('--from <moment>', 'RFC 3339; from then on')
    .option('--to <moment>', 'RFC 3339; before then');
const printed = (command: Command): Command =>
  command
    .option('--json', 'print JSON; with --follow a line each')
    .option('--follow', 'go on as more arrives, until stopped');

/** What `GET /audit/actions` and the export are narrowed by. */
const filtered = (command: Command): Command =>
  period(command)
    .option('--tenant <id>', 'only of this tenant')
    .option('--session <id>', 'only of this session')
    .option('--workspace <workspace>', 'only of this workspace')
    .option('--app <app>', 'only of this app')
    .option('--agent <agent>', 'only of this agent')
    .option('--toolset <toolset>', 'only of this toolset')
    .option('--dimension <key:value>', 'only with this dimension')
    .option('--operation <operation>', 'tool_call, reserve, decide and so on')
    .addOption(decision())
    .option('--reason <code>', 'only for this reason, such as BUDGET_EXCEEDED')
    .option('--policy <id>', 'only by this policy')
    .option('--tier <tier>', 'only of this tier, 0 to 4')
    .option('--kind <kind>', 'only of this kind of action')
    .option('--tool <name>', 'only by this tool')
    .option('--harness <harness>', 'only from this harness')
    .option('--key <id>', 'only with this key')
    .option('--operator <id>', 'only what this operator sent')
    .option('--approver <id>', 'only what this operator answered')
    .addOption(
      new Option('--outcome <outcome>', 'only what ended so').choices([
        'succeeded',
        'failed',
        'unknown',
        'none',
      ]),
    )
    .option('--trace <id>', 'only under this trace id')
    .option('--text <text>', 'only with this text in the tool, its input or its effects');

export function addAudit(program: Command): void {
  period(printed(program.command('sessions')))
    .description('list what agents did, run by run, newest first')
    .option('--tenant <id>', 'only of this tenant')
    .option('--harness <harness>', 'only from this harness')
    .option('--agent <agent>', 'only of this agent')
    .option('--key <id>', 'only that began with this key')
    .addOption(decision())
    .option('--tier-min <tier>', 'only with something of this tier or a higher one')
    .option('--limit <count>', 'how many at most', '50')
    .option('--csv', 'print CSV')
    .action(async (_options, command: Command) =>
      (await import('./sessions.js')).listSessions(optionsOf(command)),
    );
  filtered(printed(program.command('actions')))
    .description('list what was proposed and decided, newest first; five questions each with --json')
    .option('--limit <count>', 'how many at most', '50')
    .option('--csv', 'print CSV of all that match, oldest first')
    .action(async (_options, command: Command) =>
      (await import('./actions.js')).listActions(optionsOf(command)),
    );
  printed(program.command('replay').argument('<session>', 'the id of the session'))
    .description('tell a session step by step: proposals, decisions, holds, outcomes, settlements, balances')
    .option('--tenant <id>', 'its tenant; looked for when left out')
    .option('--at <place>', 'up to this revision of the ledger, or this moment (RFC 3339)')
    .action(async (session: string, _options, command: Command) =>
      (await import('./replay.js')).replay(session, optionsOf(command)),
    );
  filtered(program.command('export'))
    .description('write the audit record to a file, and check that it is whole')
    .addOption(new Option('--format <format>', 'of the file').choices(['ndjson', 'csv']).default('ndjson'))
    .option('--out <file>', 'the file; standard output when left out')
    .action(async (_options, command: Command) =>
      (await import('./export.js')).exportActions(optionsOf(command)),
    );
  addWhatIf(program);
}

function addWhatIf(program: Command): void {
  program
    .command('what-if')
    .argument('[file]', 'a file or directory of policies and budget templates, as "policies apply" takes')
    .description(
      'say which decisions of a past period drafts would have changed, and why; nothing is written',
    )
    .option('--tenant <id>', 'its tenant; that of the file when left out')
    .option('--month <month>', 'a calendar month, such as 2026-11; the last 30 days when no period is given')
    .option('--from <moment>', 'a day, or a moment (RFC 3339); from then on')
    .option('--to <moment>', 'before then')
    .option('--tool <file...>', 'a tool as JSON, as POST /admin/tools takes it')
    .option('--risk-rule <file...>', 'a risk rule as JSON, as POST /admin/risk-rules takes it')
    .option('--limit <count>', 'differences shown; all are counted', '30')
    .option('--json', 'print all differences and the totals as JSON')
    .option('--csv', 'print all differences as CSV')
    .action(async (file: string | undefined, _options, command: Command) =>
      (await import('./what-if.js')).whatIf(file, optionsOf(command)),
    );
}
