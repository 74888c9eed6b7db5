/** What the `countersign` program can do. Every command loads only what it needs, when it runs. */

import { Command } from 'commander';
import { addAdministration } from './administration.js';
import { addApprovals } from './approvals/commands.js';
import { addAudit } from './audit/commands.js';
import { addFinops } from './finops/commands.js';
import { addPeople } from './people.js';
import { addTools } from './tools/commands.js';

export const program = new Command('countersign')
  .description('A runtime authority ledger for AI agents.')
  .option('--url <url>', 'address of the running server (COUNTERSIGN_URL)')
  .option('--admin-key <key>', 'admin key (COUNTERSIGN_ADMIN_KEY, else the file in the data directory)')
  .option('--data-dir <directory>', 'data directory (COUNTERSIGN_DATA_DIR)')
  .showHelpAfterError('Run "countersign --help" for what there is.')
  .configureHelp({ showGlobalOptions: true });

program
  .command('hook')
  .argument('<harness>', 'claude-code, codex, copilot, cursor, gemini or windsurf')
  .description(
    'answer one event of a harness: reads its JSON on standard input, asks the gate, denies when in doubt',
  )
  .action(async (harness: string) => (await import('./hook.js')).runHook([harness]));

const placed = (command: Command): Command =>
  command
    .argument('<harness>', 'claude-code, codex, copilot, cursor, gemini or windsurf')
    .option('--user', 'for this person: what is meant for all harnesses but Copilot CLI')
    .option('--machine', 'for everybody on this machine; needs its administrator')
    .option('--project [directory]', 'for one project; the current directory when left out')
    .option('--dry-run', 'show what would change, and change nothing')
    .option('--yes', 'do not ask')
    .option('--json', 'print the result as JSON');

placed(program.command('install'))
  .description(
    'put the hook into a harness’s settings: shows the change, tries the hook, takes it back if it fails',
  )
  .option('--api-key <key>', 'key of the hook (COUNTERSIGN_API_KEY, which no list of processes shows)')
  .option('--public-key <key>', 'key of the gate to pin, in base64url; what the server tells when left out')
  .action(async (harness: string, _options, command: Command) =>
    (await import('./install.js')).install(harness, command.optsWithGlobals()),
  );

placed(program.command('uninstall'))
  .description('take the hook out of a harness’s settings, which are then as they were before')
  .action(async (harness: string, _options, command: Command) =>
    (await import('./install.js')).uninstall(harness, command.optsWithGlobals()),
  );

program
  .command('doctor')
  .description('say which hooks are installed here, whether they block, and what is wrong with them')
  .option('--json', 'print the findings as JSON')
  .action(async (_options, command: Command) =>
    (await import('./doctor.js')).doctor(command.optsWithGlobals()),
  );

program
  .command('mcp-proxy')
  .argument('[command...]', 'after --: the server behind and its arguments')
  .description('stand in front of an MCP server: its tools run only after the gate’s yes')
  .option('--to <url>', 'the server behind, where it is reached over streamable HTTP')
  .option('--header <header...>', 'sent to it with every request, as "Name: value"; $NAME is a variable')
  .option(
    '--config <file>',
    'several servers, as {"servers": {"<name>": {"command", "args", "env"} or {"url", "headers"}}}',
  )
  .option('--name <server>', 'what it is called in the record; its program or host when left out')
  .option('--session <id>', 'the session whose authority is spent; one a client when left out')
  .option('--wait <ms>', 'how long a call may wait for a person’s decision; 45000 when left out')
  .option('--self-test', 'try the server and the gate, say what is found, and end')
  .action(async (words: string[], options) => (await import('./mcp-proxy.js')).runProxy(words, options));

program
  .command('serve')
  .description('run the server')
  .option('--port <port>', 'port to listen on, 0 for any (COUNTERSIGN_PORT)')
  .option('--host <host>', 'address to listen on (COUNTERSIGN_HOST)')
  .option('--log-level <level>', 'fatal, error, warn, info, debug or trace (COUNTERSIGN_LOG_LEVEL)')
  .action(async (_options, command: Command) =>
    (await import('./serve.js')).serve(command.optsWithGlobals()),
  );

program
  .command('demo')
  .description('play the nine seconds of 24 April 2026 against a local stand-in, with and without the gate')
  .option('--port <port>', 'port of the server; with --exit any free one unless given (COUNTERSIGN_PORT)')
  .option('--exit', 'end after the story; exit code 0 only if it came out right')
  .action(async (_options, command: Command) =>
    (await import('./demo/demo.js')).demo(command.optsWithGlobals()),
  );

program
  .command('assess')
  .argument('[call]', 'a shell command, or a tool call as JSON; standard input when left out')
  .description('say what a call would do and what it costs in risk, without asking a server')
  .option('--cwd <directory>', 'where it would run', process.cwd())
  .option('--environment <name>', 'the environment it is aimed at')
  .option('--production', 'the same as --environment production')
  .option('--tool', 'the call is a tool call as JSON, not a command')
  .option('--file <path...>', 'files that the call names, to be read too')
  .option('--json', 'print the assessment as JSON')
  .action(async (call: string | undefined, options) =>
    (await import('./assess.js')).assessCall(call, options),
  );

program
  .command('verify')
  .description('check the whole ledger of a data directory: chain, balances, invariants')
  .option('--json', 'print the report as JSON')
  .action(async (_options, command: Command) =>
    (await import('./verify.js')).verify(command.optsWithGlobals()),
  );

program
  .command('rebuild')
  .argument('[name]', 'one read model; all when left out')
  .description('rebuild read models of the running server while it keeps answering')
  .option('--json', 'print the result as JSON')
  .action(async (name: string | undefined, _options, command: Command) =>
    (await import('./rebuild.js')).rebuild(name, command.optsWithGlobals()),
  );

program
  .command('evaluate')
  .argument('<tenant>', 'the tenant it would be asked in')
  .argument('[call]', 'a shell command, or a tool call as JSON; an action by --kind when left out')
  .description('show how a request would be decided, check by check, recording nothing')
  .option('--at <levels>', 'where it would act, such as app:ide/agent:bot')
  .option('--session <id>', 'the session of a call')
  .option('--kind <kind>', 'the kind of an action')
  .option('--name <name>', 'the name of an action; its kind when left out')
  .option('--amount <amount>', 'the estimate of an action')
  .option('--unit <unit>', 'USD_MICROCENTS, TOKENS, CREDITS or RISK_POINTS')
  .option('--run <id>', 'the run that quotas for runs count by')
  .option('--json', 'print the evaluation as JSON')
  .action(async (tenant: string, call: string | undefined, _options, command: Command) =>
    (await import('./evaluate.js')).evaluate(tenant, call, command.optsWithGlobals()),
  );

program
  .command('shadow-report')
  .argument('<tenant>', 'the tenant whose observed requests are counted')
  .description('say what enforcing would have refused of what a tenant only observed')
  .option('--from <moment>', 'RFC 3339; seven days before the end when left out')
  .option('--to <moment>', 'RFC 3339; now when left out')
  .option('--json', 'print the report as JSON')
  .action(async (tenant: string, _options, command: Command) =>
    (await import('./shadow-report.js')).shadowReport(tenant, command.optsWithGlobals()),
  );

addAudit(program);
addFinops(program);
addAdministration(program);
addPeople(program);
addApprovals(program);
addTools(program);
