/** What the risk engine says of a proposal: the vocabulary shared by the engine, the gate and the ledger. */

/** Risk classes of the action kind registry (cycles-action-kinds-v0.1.26, RiskClass). */
export type RiskClass = 'read_only' | 'local_mutation' | 'side_effect' | 'external_side_effect' | 'high_risk';

/** 0 read-only, 1 write-local, 2 write-external reversible, 3 felt by others, 4 irreversible or privileged. */
export type Tier = 0 | 1 | 2 | 3 | 4;

export type Verb = 'read' | 'create' | 'update' | 'delete' | 'execute' | 'grant' | 'pay' | 'send' | 'deploy';

/** How much one effect reaches: one object, a set, a whole collection, a system with all that depends on it. */
export type Radius = 'object' | 'set' | 'collection' | 'system';

/** A half-open range of UTF-16 code units in one named text of the proposal. */
export interface Span {
  /** Where the text comes from: a path into the tool input (`input.command`) or a file (`file:body.json`). */
  readonly source: string;
  readonly start: number;
  readonly end: number;
}

/** One thing the call would do to the world. */
export interface Effect {
  readonly verb: Verb;
  /** What it acts on, readable and redacted: `postgres table users`, `railway volume 3d2c42fb-…`. */
  readonly target: string;
  readonly radius: Radius;
  readonly reversible: boolean;
  readonly tier: Tier;
  /** Points of this effect alone. */
  readonly points: number;
  readonly actionKind: string;
  readonly riskClass: RiskClass;
  /** `production`, `staging`, `unknown`, or an operator's own name. */
  readonly environment: string;
  /** One sentence that says why it is judged so. */
  readonly reason: string;
  readonly span: Span | null;
}

/** One multiplier and its reason. */
export interface Factor {
  readonly name:
    | 'radius'
    | 'credential'
    | 'audience'
    | 'sensitivity'
    | 'regulation'
    | 'reputation'
    | 'environment'
    /** An operator's rule raised or lowered a verdict; it multiplies by 1. */
    | 'rule';
  readonly value: number;
  readonly reason: string;
}

export interface Assessment {
  readonly actionKind: string;
  readonly riskClass: RiskClass;
  readonly tier: Tier;
  /** Sum over the effects, 0 or more, a safe integer. */
  readonly riskPoints: number;
  readonly effects: readonly Effect[];
  readonly factors: readonly Factor[];
  /** The widest radius found; a call of radius `system` may be refused outright. */
  readonly radius: Radius;
  /** True when a part of the call could not be seen and was scored as the worst it could do. */
  readonly opaque: boolean;
  /** True when an effect touches the gate itself: hooks, keys, data, the gate's own URL. */
  readonly selfProtection: boolean;
  readonly engineVersion: string;
}

/** A tool call as a harness submitted it. */
export interface Proposal {
  readonly tool: {
    readonly name: string;
    readonly server: string | null;
    readonly annotations: Readonly<Record<string, unknown>> | null;
    readonly input: unknown;
  };
  readonly cwd: string | null;
  readonly context: Readonly<Record<string, string>>;
  readonly files: readonly ProposalFile[];
}

export interface ProposalFile {
  readonly path: string;
  /** Hex SHA-256 of the content. */
  readonly sha256: string;
  readonly content: string;
}

/** All of a call without its secrets, and its assessment, whose spans point into that. */
export interface WholeCall {
  readonly input: unknown;
  readonly assessment: Assessment;
}
