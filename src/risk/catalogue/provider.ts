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
  /** Only at hosts that fit, where one entry covers several. */
  readonly host?: RegExp;
  /** Only where the query of the address, without its `?`, fits. */
  readonly query?: RegExp;
}

/** What an operation of this name does, where a request names it: `?Action=DeleteVolume`, `X-Amz-Target: …`. */
export interface ActionRule {
  readonly action: RegExp;
  readonly verdict: Judgement;
}

export interface Provider {
  readonly name: string;
  /** `host`, or `*:port`; in a host `*` is any run of characters and `{a,b}` one of several. */
  readonly hosts: readonly string[];
  /** It is recognised by such paths too, wherever it is served; for what has no host of its own. */
  readonly paths?: RegExp;
  /** A credential for it reaches a whole account. */
  readonly controlPlane: boolean;
  /** Paths where GraphQL is spoken; its body alone says what happens. */
  readonly graphqlPath?: RegExp;
  readonly mutations?: readonly MutationRule[];
  /** Requests name operations; one that no rule lists is judged by its name. These come before the routes. */
  readonly actions?: readonly ActionRule[];
  readonly routes?: readonly RouteRule[];
  /** What a request counts as that cannot be read. */
  readonly worst: Judgement;
  /** What a readable change counts as that no rule knows and whose name says nothing. */
  readonly otherwise: Judgement;
  readonly examples: readonly Example[];
}

/** A route, written in one line. */
export function route(
  method: string,
  path: RegExp,
  verdict: Judgement,
  where: Pick<RouteRule, 'host' | 'query'> = {},
): RouteRule {
  return { method, path, verdict, ...where };
}
