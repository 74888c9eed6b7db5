/** The commands by which an operator registers tools and tries out what is registered. */

import { type Command, InvalidArgumentError, Option } from 'commander';

const HINTS = ['shell', 'sql', 'url', 'graphql', 'code', 'path'];
const FACTORS = ['1', '1.5', '2', '3'];

const json = (command: Command): Command => command.option('--json', 'print the answer as JSON');
const factor = (name: string, text: string): Option =>
  new Option(`--${name} <factor>`, text).choices(FACTORS);

/** `statement=sql`, once for each argument. */
function hint(text: string, before: readonly string[] = []): readonly string[] {
  const [argument = '', is = ''] = text.split('=');
  if (argument === '' || !HINTS.includes(is)) {
    throw new InvalidArgumentError(`It is argument=${HINTS.join('|')}.`);
  }
  return [...before, text];
}

function wholeNumber(text: string): number {
  if (!/^\d{1,5}$/.test(text)) throw new InvalidArgumentError('It is a whole number.');
  return Number(text);
}

export function addTools(program: Command): void {
  const tools = program.command('tools').description('register the tools that agents use, and try a call');
  json(tools.command('list').argument('<tenant>'))
    .description('list the registered tools of a tenant')
    .action(async (tenant: string, _options, command: Command) =>
      (await import('./tools.js')).listTools(tenant, command.optsWithGlobals()),
    );
  json(
    tools
      .command('set')
      .argument('<tenant>')
      .argument('<name>', 'a name; * stands for any run of characters'),
  )
    .description('register a tool, or register it anew; what is left out is not kept')
    .option('--server <server>', 'the MCP server, when only its tools are meant')
    .option('--toolset <toolset>', 'the toolset level of its calls')
    .option('--description <text>', 'what it is')
    .option('--kind <kind>', 'the action kind of its calls')
    .addOption(
      new Option('--tier <tier>', 'what a call counts as at least').choices(['0', '1', '2', '3', '4']),
    )
    .option('--points <points>', 'the same in points', wholeNumber)
    .addOption(factor('audience', 'how many are affected'))
    .addOption(factor('sensitivity', 'how sensitive the data is'))
    .addOption(factor('regulation', 'which rules apply'))
    .addOption(factor('reputation', 'what is at stake in public'))
    .option('--hint <argument=kind>', `how an argument is read: ${HINTS.join(', ')}; may be repeated`, hint)
    .option('--requires-approval', 'note that its calls are meant to be approved')
    .action(async (tenant: string, name: string, _options, command: Command) =>
      (await import('./tools.js')).setTool(tenant, name, command.optsWithGlobals()),
    );
  json(tools.command('remove').argument('<tenant>').argument('<tool>', 'its id, or its name'))
    .description('remove a registered tool')
    .option('--server <server>', 'the MCP server of the tool that is named')
    .action(async (tenant: string, tool: string, _options, command: Command) =>
      (await import('./tools.js')).removeTool(tenant, tool, command.optsWithGlobals()),
    );
  json(
    tools.command('test').argument('<tenant>').argument('<call>', 'a tool call as JSON, or a shell command'),
  )
    .description('assess a call by what is registered in a tenant, recording nothing')
    .option('--cwd <directory>', 'where it would run', process.cwd())
    .action(async (tenant: string, call: string, _options, command: Command) =>
      (await import('./tools.js')).testTool(tenant, call, command.optsWithGlobals()),
    );
}
