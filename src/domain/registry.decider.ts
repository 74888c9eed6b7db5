/** Decides about registered tools, operators' rules and registered environments. Operators only. */

import { actionKind } from './action-kinds.js';
import { changedIn } from './changes.js';
import type { RegistryCommand } from './commands.js';
import { type Refusal, refusal } from './refusals.js';
import type {
  EnvironmentRegistration,
  RegistryEvent,
  RiskRule,
  ToolRegistration,
} from './registry.events.js';
import { environmentIdOf, ruleIdOf, toolIdOf } from './registry.js';
import { accept, type Request, type Ruling, refuse } from './ruling.js';
import { closedGuard } from './standing.js';
import type { Tenant, TenantState } from './state.js';

/** More than anybody writes, and few enough that every assessment can look through them. */
const REGISTERED_MAX = 500;

/** What is so already is not recorded again; what is removed must be there. */
export function changeRegistry(
  { command }: Request<RegistryCommand>,
  tenant: Tenant,
  { registry }: TenantState,
): Ruling {
  const closed = closedGuard(tenant);
  if (closed) return refuse(closed);
  switch (command.type) {
    case 'RegisterTool': {
      const data = { toolId: toolIdOf(command.tool), ...command.tool };
      const invalid = toolProblem(command.tool) ?? roomGuard(registry.tools, data.toolId, 'tools');
      return settle(invalid, registry.tools.get(data.toolId), { type: 'ToolRegistered', data });
    }
    case 'RemoveTool': {
      const { toolId } = command;
      if (!registry.tools.has(toolId)) return refuse(notRegistered('tool', toolId));
      return accept({ type: 'ToolRemoved', data: { toolId } });
    }
    case 'SetRiskRule': {
      const data = { ruleId: ruleIdOf(command.rule), ...command.rule };
      const invalid = ruleProblem(command.rule) ?? roomGuard(registry.rules, data.ruleId, 'rules');
      return settle(invalid, registry.rules.get(data.ruleId), { type: 'RiskRuleSet', data });
    }
    case 'RemoveRiskRule': {
      const { ruleId } = command;
      if (!registry.rules.has(ruleId)) return refuse(notRegistered('rule', ruleId));
      return accept({ type: 'RiskRuleRemoved', data: { ruleId } });
    }
    case 'RegisterEnvironment': {
      const data = { environmentId: environmentIdOf(command.registration), ...command.registration };
      const invalid =
        environmentProblem(command.registration) ??
        roomGuard(registry.environments, data.environmentId, 'hosts and names');
      const known = registry.environments.get(data.environmentId);
      return settle(invalid, known, { type: 'EnvironmentRegistered', data });
    }
    case 'RemoveEnvironment': {
      const { environmentId } = command;
      if (!registry.environments.has(environmentId))
        return refuse(notRegistered('environment', environmentId));
      return accept({ type: 'EnvironmentRemoved', data: { environmentId } });
    }
  }
}

function settle(invalid: Refusal | null, known: object | undefined, event: RegistryEvent): Ruling {
  if (invalid) return refuse(invalid);
  const isSame = known !== undefined && Object.keys(changedIn(known, event.data)).length === 0;
  return isSame ? accept() : accept(event);
}

const notRegistered = (what: string, id: string): Refusal =>
  refusal('registration_not_found', `The ${what} ${id} is not registered.`);

const invalid = (field: string, message: string): Refusal => refusal('request_invalid', message, { field });

function roomGuard<Id>(there: ReadonlyMap<Id, unknown>, id: Id, what: string): Refusal | null {
  if (there.size < REGISTERED_MAX || there.has(id)) return null;
  return refusal('request_invalid', `The tenant has ${REGISTERED_MAX} ${what}, the most there can be.`);
}

/** What is wrong with a registration as a whole; that each part is well-formed is checked before. */
function toolProblem({ tier, points, actionKind: kind }: ToolRegistration): Refusal | null {
  if (tier !== null && points !== null) return invalid('points', 'tier and points exclude each other.');
  return kindProblem(kind);
}

function ruleProblem(rule: RiskRule): Refusal | null {
  const { tier, points, radius, lowers, match } = rule;
  if (tier !== null && points !== null) return invalid('points', 'tier and points exclude each other.');
  if (lowers && tier === null && points === null)
    return invalid('lowers', 'A rule that lowers must say to which tier or points.');
  if (tier === null && points === null && radius === null)
    return invalid('tier', 'A rule must give a tier, points or a radius.');
  if (match.kind === 'program' && lowers && match.words.length + match.flags.length === 0)
    return invalid('words', 'A rule that lowers must name words or flags, not a program whatever it does.');
  if (match.kind === 'request' && lowers && match.host.includes('*'))
    return invalid('host', 'A rule that lowers must name one host.');
  return kindProblem(rule.actionKind);
}

/** The engine knows the risk class of the kinds that everybody has. */
const kindProblem = (kind: string | null): Refusal | null =>
  kind === null || actionKind(kind) !== undefined
    ? null
    : invalid('action_kind', `${kind} is not a kind of the registry.`);

/** A pattern that fits everything would take the factor off every call. */
function environmentProblem({ kind, value }: EnvironmentRegistration): Refusal | null {
  if (kind === 'name' && /[*\s]/.test(value))
    return invalid('value', 'A name is one word as calls write it, without *.');
  if (kind === 'host' && !/^(?:\*\.[\w-]+\.)?[\w.-]+(?::\d{1,5})?$|^\[[\da-f:]+\](?::\d{1,5})?$/i.test(value))
    return invalid('value', 'A host is host, host:port or *.suffix with at least two labels.');
  return null;
}
