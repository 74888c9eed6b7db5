/** Puts what a tenant's operators registered in front of what everybody has. */
import type { OwnEnvironment, OwnRegistry, OwnTool } from './catalogue/own.js';
import type { RiskRegistry } from './registry.js';

/** A registry for one tenant. Making it costs a little, so it is made once for each state of what is registered. */
export function registryWith(base: RiskRegistry, own: OwnRegistry): RiskRegistry {
  const hosts = own.environments.filter(({ kind }) => kind === 'host').sort(byCertainty);
  const names = own.environments.filter(({ kind }) => kind === 'name');
  return {
    ...base,
    ownTools: [...own.tools].sort(bySpecificity),
    ownRules: own.rules,
    hosts: [
      ...hosts.map(({ value, environment }) => ({
        host: value,
        environment,
        ...standsFor(base, value),
      })),
      ...base.hosts,
    ],
    names: [...names.map(({ value, environment }) => ({ name: value, environment })), ...base.names],
  };
}

/** A host that stands for a service still does when its environment is registered. */
function standsFor({ hosts }: RiskRegistry, value: string): { readonly standsFor?: string } {
  const known = hosts.find(({ host }) => host.toLowerCase() === value.toLowerCase())?.standsFor;
  return known === undefined ? {} : { standsFor: known };
}

/** One host before all below a name, and the longer pattern before the shorter. */
function byCertainty(left: OwnEnvironment, right: OwnEnvironment): number {
  const patterns = Number(left.value.startsWith('*')) - Number(right.value.startsWith('*'));
  return patterns === 0 ? right.value.length - left.value.length : patterns;
}

/** The tools of one server before those of any, then the pattern that says more; the older first. */
function bySpecificity(left: OwnTool, right: OwnTool): number {
  const servers = Number(right.server !== null) - Number(left.server !== null);
  if (servers !== 0) return servers;
  const patterns = Number(left.name.includes('*')) - Number(right.name.includes('*'));
  return patterns === 0 ? right.name.length - left.name.length : patterns;
}
