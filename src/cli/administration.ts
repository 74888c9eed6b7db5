/** The commands by which an operator runs tenants, keys, budgets and templates of the running server. */

import { type Command, Option } from 'commander';

const UNITS = ['USD_MICROCENTS', 'TOKENS', 'CREDITS', 'RISK_POINTS'];
const OVERAGE_POLICIES = ['REJECT', 'ALLOW_IF_AVAILABLE', 'ALLOW_WITH_OVERDRAFT'];
const ROLLOVER_POLICIES = ['NONE', 'CARRY_FORWARD', 'CAP_AT_ALLOCATED'];

/** Options as commander has read them; each command's own types are those of the function it calls. */
const optionsOf = <T>(command: Command): T => command.optsWithGlobals() as T;

const unit = () => new Option('--unit <unit>', 'the unit').choices(UNITS).makeOptionMandatory();
const overagePolicy = (text: string) =>
  new Option('--overage-policy <policy>', text).choices(OVERAGE_POLICIES);
const rollover = () =>
  new Option('--rollover <policy>', 'what becomes of the rest of a period').choices(ROLLOVER_POLICIES);
const json = (command: Command): Command => command.option('--json', 'print the answer as JSON');
const yes = (command: Command): Command => command.option('--yes', 'do not ask');

function addPolicies(policies: Command): void {
  json(policies.command('apply').argument('<directory>', 'a directory of YAML files, or one file'))
    .description(
      'make policies, kinds, budgets and templates as the files say; a second time changes nothing',
    )
    .option('--dry-run', 'show what would change, and change nothing')
    .action(async (directory: string, _options, command: Command) =>
      (await import('./policies/apply.js')).applyPolicies(directory, optionsOf(command)),
    );
  json(policies.command('export').argument('<tenant>').argument('<directory>'))
    .description('write what a tenant has as a file that apply takes')
    .option('--force', 'write over a file that is there')
    .action(async (tenant: string, directory: string, _options, command: Command) =>
      (await import('./policies/apply.js')).exportPolicies(tenant, directory, optionsOf(command)),
    );
}

export function addAdministration(program: Command): void {
  addKeys(program.command('keys').description('issue, list and revoke the keys that harnesses use'));
  addTenants(program.command('tenants').description('open, change, suspend and close tenants'));
  addBudgets(program.command('budgets').description('create, fund, correct and freeze budgets'));
  addPolicies(program.command('policies').description('policies, kinds, budgets and templates as files'));
  addTemplates(program.command('templates').description('budgets that open by themselves'));
}

function addKeys(keys: Command): void {
  json(keys.command('issue'))
    .description('issue a key that can ask the gate and nothing else; its secret is shown once')
    .requiredOption('--tenant <id>', 'the tenant; opened when it does not exist')
    .option('--app <app>', 'the app the key is fixed to')
    .option('--name <name>', 'what the key is called', 'harness')
    .option('--session-template <points>', 'also give every session of the app that many RISK_POINTS')
    .addOption(
      new Option('--trusted', 'give risk points back when this key reports a failed call').default(false),
    )
    .action(async (_options, command: Command) => (await import('./keys.js')).issueKey(optionsOf(command)));
  json(keys.command('list'))
    .description('list the keys of a tenant, without their secrets')
    .requiredOption('--tenant <id>', 'the tenant')
    .action(async (_options, command: Command) => (await import('./keys.js')).listKeys(optionsOf(command)));
  yes(json(keys.command('revoke')))
    .description('revoke a key for good: the next call under it is refused')
    .argument('<key-id>', 'the id of the key, as `keys list` shows it')
    .option('--reason <text>', 'why, for the ledger')
    .action(async (keyId: string, _options, command: Command) =>
      (await import('./keys.js')).revokeKey(keyId, optionsOf(command)),
    );
}

const settings = (command: Command): Command =>
  command
    .option('--name <name>', 'what the tenant is called')
    .addOption(overagePolicy('what becomes of a charge beyond its hold, unless a budget or request says'))
    .option('--default-ttl <ms>', 'how long a hold lasts unless it says')
    .option('--max-ttl <ms>', 'how long a hold lasts at most')
    .option('--max-extensions <count>', 'how often a hold is extended at most');

function addTenants(tenants: Command): void {
  json(tenants.command('list'))
    .description('list tenants')
    .option('--status <status>', 'ACTIVE, SUSPENDED or CLOSED')
    .action(async (_options, command: Command) =>
      (await import('./tenants.js')).listTenants(optionsOf(command)),
    );
  json(tenants.command('show').argument('<id>'))
    .description('show a tenant and its settings')
    .action(async (id: string, _options, command: Command) =>
      (await import('./tenants.js')).showTenant(id, optionsOf(command)),
    );
  json(settings(tenants.command('open').argument('<id>', '3 to 64 of a-z, 0-9 and -')))
    .description('open a tenant')
    .action(async (id: string, _options, command: Command) =>
      (await import('./tenants.js')).openTenant(id, optionsOf(command)),
    );
  json(settings(tenants.command('change').argument('<id>')))
    .description('change a tenant’s settings')
    .action(async (id: string, _options, command: Command) =>
      (await import('./tenants.js')).changeTenant(id, optionsOf(command)),
    );
  const transitions = [
    ['suspend', 'SUSPENDED', 'refuse everything new; what is held may still be settled'],
    ['reactivate', 'ACTIVE', 'take a suspended tenant back'],
    ['close', 'CLOSED', 'close a tenant for good, with everything it owns'],
  ] as const;
  for (const [verb, status, description] of transitions) {
    const command = json(tenants.command(verb).argument('<id>')).description(description);
    if (status === 'CLOSED') yes(command);
    command.action(async (id: string, _options, given: Command) =>
      (await import('./tenants.js')).setTenantStatus(id, status, optionsOf(given)),
    );
  }
}

const SCOPE = 'such as tenant:acme/app:ide';

function addBudgets(budgets: Command): void {
  json(budgets.command('list'))
    .description('list the budgets of a tenant with what is left in them')
    .requiredOption('--tenant <id>', 'the tenant')
    .option('--scope <prefix>', `only scopes that begin so, ${SCOPE}`)
    .addOption(new Option('--unit <unit>', 'only this unit').choices(UNITS))
    .option('--status <status>', 'ACTIVE, FROZEN or CLOSED')
    .action(async (_options, command: Command) =>
      (await import('./budgets.js')).listBudgets(optionsOf(command)),
    );
  json(budgets.command('create').argument('<scope>', SCOPE))
    .description('create a budget')
    .addOption(unit())
    .requiredOption('--amount <amount>', 'what is allocated')
    .option('--overdraft <amount>', 'how much debt it may run into')
    .addOption(overagePolicy('what becomes of a charge beyond its hold'))
    .addOption(rollover())
    .action(async (scope: string, _options, command: Command) =>
      (await import('./budgets.js')).createBudget(scope, optionsOf(command)),
    );
  json(budgets.command('fund').argument('<scope>', SCOPE))
    .description('credit, debit or reset a budget, repay its debt, or reset what is spent')
    .addOption(unit())
    .requiredOption('--operation <operation>', 'credit, debit, reset, repay-debt or reset-spent')
    .requiredOption('--amount <amount>', 'how much')
    .option('--spent <amount>', 'with reset-spent: what is spent from then on')
    .option('--reason <text>', 'why, for the ledger')
    .option('--idempotency-key <key>', 'carried out once under this key')
    .action(async (scope: string, _options, command: Command) =>
      (await import('./budgets.js')).fundBudget(scope, optionsOf(command)),
    );
  yes(json(budgets.command('correct').argument('<scope>', SCOPE)))
    .description('set the amounts of a budget to what they should have been; what is held stays held')
    .addOption(unit())
    .requiredOption('--allocated <amount>', 'what is allocated')
    .requiredOption('--spent <amount>', 'what is spent')
    .option('--debt <amount>', 'what is owed', '0')
    .option('--uncovered <amount>', 'of capped charges, what nobody has made good')
    .requiredOption('--reason <text>', 'why, for the ledger')
    .action(async (scope: string, _options, command: Command) =>
      (await import('./budgets.js')).correctBudget(scope, optionsOf(command)),
    );
  for (const verb of ['freeze', 'unfreeze'] as const) {
    json(budgets.command(verb).argument('<scope>', SCOPE))
      .description(verb === 'freeze' ? 'refuse new holds on a budget' : 'take a frozen budget back')
      .addOption(unit())
      .option('--reason <text>', 'why, for the ledger')
      .action(async (scope: string, _options, command: Command) =>
        (await import('./budgets.js')).setFrozen(scope, verb, optionsOf(command)),
      );
  }
}

function addTemplates(templates: Command): void {
  json(templates.command('list'))
    .description('list the budget templates of a tenant')
    .requiredOption('--tenant <id>', 'the tenant')
    .action(async (_options, command: Command) =>
      (await import('./budgets.js')).listTemplates(optionsOf(command)),
    );
  json(templates.command('define').argument('<pattern>', 'such as tenant:acme/app:ide/workflow:*'))
    .description('open a budget at every scope of a pattern when it is first used')
    .addOption(unit())
    .requiredOption('--amount <amount>', 'what each is allocated')
    .option('--period <period>', 'daily, weekly or monthly: reset at its end, in UTC')
    .addOption(rollover())
    .action(async (pattern: string, _options, command: Command) =>
      (await import('./budgets.js')).defineTemplate(pattern, optionsOf(command)),
    );
  yes(json(templates.command('retire').argument('<template-id>')))
    .description('open no further budgets; those that were opened stay')
    .requiredOption('--tenant <id>', 'the tenant')
    .action(async (id: string, _options, command: Command) =>
      (await import('./budgets.js')).retireTemplate(id, optionsOf(command)),
    );
}
