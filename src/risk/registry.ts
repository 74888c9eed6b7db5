/** What operators have told the engine about their world: hosts, names, tools, protected places, profile. */
import type { OwnRule, OwnTool } from './catalogue/own.js';
import type { RegisteredTool } from './catalogue/tool.js';
import { KNOWN_TOOLS } from './catalogue/tools.js';

/** A host that is known to belong to an environment, or to stand for a provider's host. */
export interface RegisteredHost {
  /** `host`, `host:port`, or `*.suffix`; compared without case. */
  readonly host: string;
  /** The provider host whose rules apply, such as `backboard.railway.com`. */
  readonly standsFor?: string;
  readonly environment?: string;
}

/** A name (database, context, project, bucket …) that is known to belong to an environment. */
export interface RegisteredName {
  readonly name: string;
  readonly environment: string;
}

/** Places that belong to the gate; the caller knows where they are. */
export interface ProtectedPlaces {
  /** Absolute paths or `~/…`: the data directory, hook files. What lies below them is protected too. */
  readonly paths: readonly string[];
  /** Base URLs of the gate. */
  readonly urls: readonly string[];
  /** Processes of the gate on this machine; left out when nobody knows them. */
  readonly pids?: readonly number[];
}

export interface RiskRegistry {
  readonly hosts: readonly RegisteredHost[];
  readonly names: readonly RegisteredName[];
  /** What a tenant's operators registered of their tools, in the order in which they are tried. */
  readonly ownTools: readonly OwnTool[];
  readonly ownRules: readonly OwnRule[];
  /** Earlier entries win; an operator's come before the shipped ones. */
  readonly tools: readonly RegisteredTool[];
  readonly protected: ProtectedPlaces;
}

/** Multipliers of the tenant or the tool, in tenths so that 1.5 is exact: 10, 15, 20 or 30. */
export interface RiskProfile {
  readonly audienceTenths: number;
  readonly sensitivityTenths: number;
  readonly regulationTenths: number;
  readonly reputationTenths: number;
}

/** Nothing registered but the tools of the known harnesses, and the gate's usual places. */
export function defaultRegistry(additions: Partial<RiskRegistry> = {}): RiskRegistry {
  return {
    hosts: additions.hosts ?? [],
    names: additions.names ?? [],
    ownTools: additions.ownTools ?? [],
    ownRules: additions.ownRules ?? [],
    tools: [...(additions.tools ?? []), ...KNOWN_TOOLS],
    protected: {
      paths: [
        '~/.local/state/countersign',
        '~/.config/countersign',
        '/var/lib/countersign',
        '/etc/countersign',
        ...(additions.protected?.paths ?? []),
      ],
      urls: ['http://127.0.0.1:7878', 'http://localhost:7878', ...(additions.protected?.urls ?? [])],
      ...(additions.protected?.pids && { pids: additions.protected.pids }),
    },
  };
}

/** A profile that multiplies nothing. */
export function plainProfile(): RiskProfile {
  return { audienceTenths: 10, sensitivityTenths: 10, regulationTenths: 10, reputationTenths: 10 };
}
