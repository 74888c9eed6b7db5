/** The commands that concern people: signing in, and who operates the running server. */

import type { Command } from 'commander';

/** Options as commander has read them; each command's own types are those of the function it calls. */
const optionsOf = <T>(command: Command): T => command.optsWithGlobals() as T;
const json = (command: Command): Command => command.option('--json', 'print the answer as JSON');
const yes = (command: Command): Command => command.option('--yes', 'do not ask');
const collect = (value: string, before: string[] = []): string[] => [...before, ...value.split(',')];

export function addPeople(program: Command): void {
  json(program.command('sign-in'))
    .description('sign in as an operator; later commands act under your name')
    .argument('<name>', 'your name')
    .action(async (name: string, _options, command: Command) =>
      (await import('./sign-in.js')).signIn(name, optionsOf(command)),
    );
  program
    .command('sign-out')
    .description('end the session that `sign-in` began')
    .action(async (_options, command: Command) => (await import('./sign-in.js')).signOut(optionsOf(command)));
  addOperators(program.command('operators').description('the people who operate the server'));
}

function addOperators(operators: Command): void {
  json(operators.command('add'))
    .description('add a person; their one-time password is shown once')
    .argument('<name>', 'the name they sign in with')
    .requiredOption('--role <role>', 'admin, auditor, finops, approver or viewer; may be repeated', collect)
    .option('--tenant <id>', 'a tenant they are limited to; may be repeated; all when left out', collect)
    .option('--group <group>', 'an approver group; may be repeated', collect)
    .action(async (name: string, _options, command: Command) =>
      (await import('./operators.js')).addOperator(name, optionsOf(command)),
    );
  json(operators.command('list'))
    .description('list the people who operate the server')
    .action(async (_options, command: Command) =>
      (await import('./operators.js')).listOperators(optionsOf(command)),
    );
  yes(json(operators.command('disable')))
    .description('disable a person for good: their token is refused from then on')
    .argument('<name>', 'their name or id')
    .option('--reason <text>', 'why, for the ledger')
    .action(async (name: string, _options, command: Command) =>
      (await import('./operators.js')).disableOperator(name, optionsOf(command)),
    );
  yes(json(operators.command('reset')))
    .description('give a person a new one-time password and end their sessions')
    .argument('<name>', 'their name or id')
    .action(async (name: string, _options, command: Command) =>
      (await import('./operators.js')).resetOperator(name, optionsOf(command)),
    );
}
