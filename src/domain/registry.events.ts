/** Events about what operators tell the risk engine of a tenant's world: tools, rules and environments. */

import type { Radius, Tier } from './assessment.js';
import type { EnvironmentId, RiskRuleId, ToolId } from './ids.js';

/** How an argument of a tool is to be read. */
export type ArgumentHint = 'shell' | 'sql' | 'url' | 'graphql' | 'code' | 'path';

/** A factor in halves, so that 1.5 is exact: 1, 1.5, 2 or 3. */
export type FactorHalves = 2 | 3 | 4 | 6;

/** What is at stake when the tool is used; the score multiplies by the largest. */
export interface ToolProfile {
  readonly audience: FactorHalves;
  readonly sensitivity: FactorHalves;
  readonly regulation: FactorHalves;
  readonly reputation: FactorHalves;
}

/** Everything that is registered of the tools of one name pattern. */
export interface ToolRegistration {
  /** `*` stands for any run of characters; compared without case. */
  readonly name: string;
  /** The MCP server, when only its tools are meant. */
  readonly server: string | null;
  /** The `toolset` level of their calls. */
  readonly toolset: string | null;
  readonly description: string | null;
  readonly actionKind: string | null;
  /** What a call counts as whose arguments say nothing worse; at most one of the two is given. */
  readonly tier: Tier | null;
  readonly points: number | null;
  readonly profile: ToolProfile;
  readonly argumentHints: Readonly<Record<string, ArgumentHint>>;
  /** Kept and shown; it is the approval rules of policies that ask. */
  readonly requiresApproval: boolean;
}

/** Commands of a program whose first words are these and which have all of these flags. */
export interface ProgramMatch {
  readonly kind: 'program';
  readonly program: string;
  readonly words: readonly string[];
  readonly flags: readonly string[];
}
/** Requests to a host; what is null fits every one. */
export interface RequestMatch {
  readonly kind: 'request';
  /** `host`, `host:port` or `*.suffix`. */
  readonly host: string;
  readonly method: string | null;
  /** `*` stands for any run of characters. */
  readonly path: string | null;
  /** A field of a GraphQL document, or an operation that the request names otherwise. */
  readonly operation: string | null;
}

/** A rule of an operator: what a call counts as at least or, where it says that it lowers, at most. */
export interface RiskRule {
  readonly name: string;
  readonly match: ProgramMatch | RequestMatch;
  readonly tier: Tier | null;
  readonly points: number | null;
  readonly radius: Radius | null;
  readonly actionKind: string | null;
  /** One sentence that every assessment shows for which it counted. */
  readonly reason: string;
  readonly lowers: boolean;
}

export type EnvironmentName = 'production' | 'staging' | 'development';

/** A host, or a name such as that of a database or a cluster, that is known to belong to an environment. */
export interface EnvironmentRegistration {
  readonly kind: 'host' | 'name';
  readonly value: string;
  readonly environment: EnvironmentName;
}

/** Registered again, a tool is as it was registered last. */
export interface ToolRegistered {
  readonly type: 'ToolRegistered';
  readonly data: ToolRegistration & { readonly toolId: ToolId };
}
export interface ToolRemoved {
  readonly type: 'ToolRemoved';
  readonly data: { readonly toolId: ToolId };
}
/** Set again, a rule is as it was set last. */
export interface RiskRuleSet {
  readonly type: 'RiskRuleSet';
  readonly data: RiskRule & { readonly ruleId: RiskRuleId };
}
export interface RiskRuleRemoved {
  readonly type: 'RiskRuleRemoved';
  readonly data: { readonly ruleId: RiskRuleId };
}
export interface EnvironmentRegistered {
  readonly type: 'EnvironmentRegistered';
  readonly data: EnvironmentRegistration & { readonly environmentId: EnvironmentId };
}
export interface EnvironmentRemoved {
  readonly type: 'EnvironmentRemoved';
  readonly data: { readonly environmentId: EnvironmentId };
}

export type RegistryEvent =
  | ToolRegistered
  | ToolRemoved
  | RiskRuleSet
  | RiskRuleRemoved
  | EnvironmentRegistered
  | EnvironmentRemoved;
