/** What is registered in a tenant: a value that is replaced whole, so that whoever compiles it can tell a new one. */

import { assert } from './assertions.js';
import { canonicalJson } from './canonical-json.js';
import { sha256 } from './hash-chain.js';
import type { EnvironmentId, RiskRuleId, ToolId } from './ids.js';
import type {
  EnvironmentRegistration,
  RegistryEvent,
  RiskRule,
  ToolRegistration,
} from './registry.events.js';

interface Registered {
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
}
export interface Tool extends ToolRegistration, Registered {
  readonly toolId: ToolId;
}
export interface OperatorRule extends RiskRule, Registered {
  readonly ruleId: RiskRuleId;
}
export interface KnownEnvironment extends EnvironmentRegistration, Registered {
  readonly environmentId: EnvironmentId;
}

/** It never changes: a change makes another one. */
export interface Registry {
  readonly tools: ReadonlyMap<ToolId, Tool>;
  readonly rules: ReadonlyMap<RiskRuleId, OperatorRule>;
  readonly environments: ReadonlyMap<EnvironmentId, KnownEnvironment>;
}

/** The one registry of all tenants that have registered nothing. */
export const EMPTY_REGISTRY: Registry = { tools: new Map(), rules: new Map(), environments: new Map() };

/** Ids need no randomness: what is registered twice under the same name is the same thing. */
const idOf = (prefix: string, parts: readonly (string | null)[]): string =>
  `${prefix}_${sha256(canonicalJson(parts)).slice(0, 26)}`;

export const toolIdOf = ({ name, server }: Pick<ToolRegistration, 'name' | 'server'>): ToolId =>
  idOf('tool', [name.toLowerCase(), server]) as ToolId;
export const ruleIdOf = ({ name }: Pick<RiskRule, 'name'>): RiskRuleId =>
  idOf('rule', [name.toLowerCase()]) as RiskRuleId;
export const environmentIdOf = ({
  kind,
  value,
}: Pick<EnvironmentRegistration, 'kind' | 'value'>): EnvironmentId =>
  idOf('env', [kind, value.toLowerCase()]) as EnvironmentId;

/** The registry after an event. @throws AssertionError when something is removed that is not there */
export function registryAfter(registry: Registry, event: RegistryEvent, atMs: number): Registry {
  const { tools, rules, environments } = registry;
  switch (event.type) {
    case 'ToolRegistered': {
      const { toolId } = event.data;
      return { ...registry, tools: withEntry(tools, toolId, event.data, atMs) };
    }
    case 'ToolRemoved':
      return { ...registry, tools: withoutEntry(tools, event.data.toolId) };
    case 'RiskRuleSet': {
      const { ruleId } = event.data;
      return { ...registry, rules: withEntry(rules, ruleId, event.data, atMs) };
    }
    case 'RiskRuleRemoved':
      return { ...registry, rules: withoutEntry(rules, event.data.ruleId) };
    case 'EnvironmentRegistered': {
      const { environmentId } = event.data;
      return { ...registry, environments: withEntry(environments, environmentId, event.data, atMs) };
    }
    case 'EnvironmentRemoved':
      return { ...registry, environments: withoutEntry(environments, event.data.environmentId) };
  }
}

/** Registered again, it keeps its place and the time at which it was registered first. */
function withEntry<Id, Data extends object>(
  map: ReadonlyMap<Id, Data & Registered>,
  id: Id,
  data: Data,
  atMs: number,
): ReadonlyMap<Id, Data & Registered> {
  const createdAtMs = map.get(id)?.createdAtMs ?? atMs;
  return new Map(map).set(id, { ...data, createdAtMs, updatedAtMs: atMs });
}

function withoutEntry<Id, Entry>(map: ReadonlyMap<Id, Entry>, id: Id): ReadonlyMap<Id, Entry> {
  assert(map.has(id), 'what is removed is registered');
  const rest = new Map(map);
  rest.delete(id);
  return rest;
}

/** As a snapshot keeps it. */
export interface RegistryLists {
  readonly tools: readonly Tool[];
  readonly rules: readonly OperatorRule[];
  readonly environments: readonly KnownEnvironment[];
}

export const listsOf = ({ tools, rules, environments }: Registry): RegistryLists => ({
  tools: [...tools.values()],
  rules: [...rules.values()],
  environments: [...environments.values()],
});

export const registryOf = ({ tools, rules, environments }: RegistryLists): Registry =>
  tools.length + rules.length + environments.length === 0
    ? EMPTY_REGISTRY
    : {
        tools: new Map(tools.map((tool) => [tool.toolId, tool])),
        rules: new Map(rules.map((rule) => [rule.ruleId, rule])),
        environments: new Map(environments.map((known) => [known.environmentId, known])),
      };
