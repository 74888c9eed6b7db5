/** The forms in which an operator describes tools, programs, requests and environments of a tenant's own. */
import type { Radius, Tier } from '../../domain/assessment.js';

/** Multipliers in halves, so that 1.5 is exact: 2, 3, 4 or 6. */
export interface OwnProfile {
  readonly audience: number;
  readonly sensitivity: number;
  readonly regulation: number;
  readonly reputation: number;
}

/** The tools of one name pattern; at most one of `tier` and `points` is given. */
export interface OwnTool {
  /** `*` stands for any run of characters; compared without case. */
  readonly name: string;
  readonly server: string | null;
  readonly toolset: string | null;
  readonly actionKind: string | null;
  readonly tier: Tier | null;
  readonly points: number | null;
  readonly profile: OwnProfile;
  readonly argumentHints: Readonly<Record<string, 'shell' | 'sql' | 'url' | 'graphql' | 'code' | 'path'>>;
  /** Whether a person has to approve its calls; says nothing about their risk. */
  readonly requiresApproval: boolean;
}

export interface OwnProgramMatch {
  readonly kind: 'program';
  readonly program: string;
  readonly words: readonly string[];
  readonly flags: readonly string[];
}
export interface OwnRequestMatch {
  readonly kind: 'request';
  readonly host: string;
  readonly method: string | null;
  readonly path: string | null;
  readonly operation: string | null;
}

/** What a call counts as at least or, where it lowers, at most; what is null stays as it is. */
export interface OwnRule {
  readonly name: string;
  readonly match: OwnProgramMatch | OwnRequestMatch;
  readonly tier: Tier | null;
  readonly points: number | null;
  readonly radius: Radius | null;
  readonly actionKind: string | null;
  readonly reason: string;
  readonly lowers: boolean;
}

export interface OwnEnvironment {
  readonly kind: 'host' | 'name';
  readonly value: string;
  readonly environment: string;
}

/** Everything that the operators of one tenant registered. */
export interface OwnRegistry {
  readonly tools: readonly OwnTool[];
  readonly rules: readonly OwnRule[];
  readonly environments: readonly OwnEnvironment[];
}
