/** `countersign policies apply` and `export`: policies, kinds, budgets and templates as files. */

import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { JsonRecord } from '../../integrations/json.js';
import { type Connection, connectionOf, type GlobalOptions } from '../connection.js';
import { Complaint, type Palette, paletteFor, print, printJson } from '../terminal.js';
import { type Change, compare, type Difference, isOfOperators, normalised } from './diff.js';
import { loadWanted, nameOf, SECTIONS, type Section } from './load.js';
import { carryOut, readTenant } from './server.js';

interface Output extends GlobalOptions {
  readonly json?: boolean;
}

const TITLES: Readonly<Record<Section, string>> = {
  action_kinds: 'action kind',
  budgets: 'budget',
  budget_templates: 'budget template',
  policies: 'policy',
};

/** Shows what the files would change and, unless it is a dry run, changes it. A second time changes nothing. */
export async function applyPolicies(
  directory: string,
  options: Output & { dryRun?: boolean },
): Promise<void> {
  const wanted = loadWanted(directory);
  const connection = connectionOf(options);
  const differences: Difference[] = [];
  for (const tenant of new Set(wanted.map((each) => each.tenant))) {
    const ofTenant = wanted.filter((each) => each.tenant === tenant);
    differences.push(compare(ofTenant, await readTenant(connection, tenant)));
  }
  const changes = differences.flatMap((difference) => difference.changes);
  refuseOtherPatterns(changes);
  if (!options.json) printDifferences(differences, paletteFor(process.stdout, process.env));
  if (!options.dryRun) await carryOutAll(connection, changes);
  const unchanged = differences.reduce((sum, difference) => sum + difference.unchanged, 0);
  if (options.json)
    printJson({ applied: options.dryRun !== true, unchanged, changes: changes.map(changeAsJson) });
  else print(summaryOf(changes, unchanged, options.dryRun === true));
}

/** To delete a policy and make it anew would leave nothing in force if the new one were refused. */
function refuseOtherPatterns(changes: readonly Change[]): void {
  const other = changes.find(
    ({ kind, wanted, fields }) =>
      kind === 'change' &&
      wanted.section === 'policies' &&
      fields.some(({ field }) => field === 'scope_pattern'),
  );
  if (other === undefined) return;
  throw new Complaint(
    `${other.wanted.at()}: the scope_pattern of a policy does not change: give the new one another name`,
  );
}

/**
 * Kinds come before the policies that name them: the sections' order. Each change is one request, and stands when a
 * later one is refused: what is told then is how far it came, since a second run goes on from there.
 */
async function carryOutAll(connection: Connection, changes: readonly Change[]): Promise<void> {
  const inOrder = SECTIONS.flatMap((section) => changes.filter(({ wanted }) => wanted.section === section));
  for (const [done, change] of inOrder.entries()) {
    try {
      await carryOut(connection, change);
    } catch (error) {
      if (!(error instanceof Complaint)) throw error;
      const far =
        done === 0
          ? 'nothing was changed'
          : `${done} of ${inOrder.length} changes were made before; applied again, it goes on from there`;
      throw new Complaint(`${change.wanted.at()}: ${error.message} (${far})`);
    }
  }
}

function printDifferences(differences: readonly Difference[], palette: Palette): void {
  for (const { changes, others } of differences) {
    for (const { kind, wanted, fields } of changes) {
      const title = `${TITLES[wanted.section]} ${nameOf(wanted.section, wanted.item)}`;
      const where = palette.dim(`  ${wanted.at()}`);
      print(
        kind === 'create'
          ? `${palette.green('+')} ${title}${where}`
          : `${palette.yellow('~')} ${title}${where}`,
      );
      if (kind === 'create') continue;
      for (const { field, from, to } of fields) {
        print(`    ${field}: ${palette.red(shown(from))} → ${palette.green(shown(to))}`);
      }
    }
    if (others.length > 0)
      print(palette.dim(`  ${others.length} more on the server that no file mentions are left alone`));
  }
}

const shown = (value: unknown): string => (value === undefined ? 'nothing' : JSON.stringify(value));

function summaryOf(changes: readonly Change[], unchanged: number, isDryRun: boolean): string {
  const created = changes.filter(({ kind }) => kind === 'create').length;
  const counts = `${created} created, ${changes.length - created} changed, ${unchanged} as they were`;
  return isDryRun
    ? `A dry run: ${counts.replace('created', 'to create').replace('changed', 'to change')}.`
    : `${counts}.`;
}

const changeAsJson = ({ kind, wanted, fields }: Change): object => ({
  kind,
  section: wanted.section,
  tenant: wanted.tenant,
  name: nameOf(wanted.section, wanted.item),
  at: wanted.at(),
  fields: fields.map(({ field, from = null, to = null }) => ({ field, from, to })),
});

/** Fields of the server's answers that a file states, by section. */
const EXPORTED: Readonly<Record<Section, readonly string[]>> = {
  action_kinds: [
    'kind',
    'risk_class',
    'description',
    'policy_key_spec',
    'mcp_tool_prefixes',
    'deprecated',
    'replacement_kind',
  ],
  budgets: ['scope', 'unit', 'allocated', 'overdraft_limit', 'commit_overage_policy', 'rollover_policy'],
  budget_templates: ['scope_pattern', 'unit', 'allocated', 'overdraft_limit', 'rollover_policy', 'period'],
  policies: [
    'name',
    'description',
    'scope_pattern',
    'priority',
    'status',
    'caps',
    'commit_overage_policy',
    'reservation_ttl_override',
    'rate_limits',
    'action_quotas',
    'risk_class_quotas',
    'allowed_action_kinds',
    'denied_action_kinds',
    'required_levels',
    'degradation',
    'approval_rules',
    'effective_from',
    'effective_until',
  ],
};

/** Writes what a tenant has as files that `apply` takes and finds nothing to change by. */
export async function exportPolicies(
  tenant: string,
  directory: string,
  options: Output & { force?: boolean },
): Promise<void> {
  const file = join(directory, `${tenant}.yaml`);
  if (existsSync(file) && options.force !== true) {
    throw new Complaint(`${file} is there already; say --force to write over it`);
  }
  const there = await readTenant(connectionOf(options), tenant);
  const document: Record<string, unknown> = { tenant };
  for (const section of SECTIONS) {
    const items = there[section].filter(isOfOperators).map((item) => statedIn(section, item));
    if (items.length > 0) document[section] = items;
  }
  mkdirSync(directory, { recursive: true });
  writeFileSync(file, stringify(document));
  if (options.json) printJson({ file });
  else print(`${tenant} is in ${file}`);
}

/** What differs from the default, amounts as numbers while they are exact. */
function statedIn(section: Section, item: JsonRecord): JsonRecord {
  const full = normalised(section, item);
  const usual = normalised(section, {});
  const stated = EXPORTED[section].filter(
    (field) => full[field] !== undefined && JSON.stringify(full[field]) !== JSON.stringify(usual[field]),
  );
  return Object.fromEntries(stated.map((field) => [field, exact(field, full[field])]));
}

const exact = (field: string, value: unknown): unknown =>
  (field === 'allocated' || field === 'overdraft_limit') && Number.isSafeInteger(Number(value))
    ? Number(value)
    : value;
