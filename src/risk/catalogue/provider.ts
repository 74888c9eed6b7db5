/** The form of a catalogue entry for a service that is reached over HTTP. Entries are data. */
import type { Judgement } from '../finding.js';
import type { Example } from './program.js';

/** What a GraphQL mutation of this name does. */
export interface MutationRule {
  readonly field: RegExp;
  readonly verdict: Judgement;
}

/** What a request of this method to this path does; the first that fits counts. */
export interface RouteRule {
  /** Methods with alternatives: `PUT|PATCH`; `*` is any. */
  readonly method: string;
  readonly path: RegExp;
  readonly verdict: Judgement;
}

export interface Provider {
  readonly name: string;
  /** `host`, `*.suffix`, or `*:port`. */
  readonly hosts: readonly string[];
  /** A credential for it reaches a whole account. */
  readonly controlPlane: boolean;
  /** Paths where GraphQL is spoken; its body alone says what happens. */
  readonly graphqlPath?: RegExp;
  readonly mutations?: readonly MutationRule[];
  readonly routes?: readonly RouteRule[];
  /** What a request counts as that cannot be read. */
  readonly worst: Judgement;
  /** What a readable change counts as that no rule knows and whose name says nothing. */
  readonly otherwise: Judgement;
  readonly examples: readonly Example[];
}
