/** What an extractor says of one action, before it is scored. */
import type { Radius, Span, Tier, Verb } from '../domain/assessment.js';

/** An operator's rule that changed a verdict. */
export interface AppliedRule {
  readonly rule: string;
  readonly effect: 'raised' | 'lowered';
  /** The tier before it. */
  readonly from: Tier;
}

/** A verdict as the catalogue states it: data, the same for every call that matches. */
export interface Judgement {
  readonly tier: Tier;
  readonly verb: Verb;
  /** An action kind of the registry. */
  readonly kind: string;
  /** One sentence that says why. */
  readonly reason: string;
  readonly radius?: Radius | undefined;
  readonly reversible?: boolean | undefined;
  /** Version control or a rebuild undoes it, so a tier 1 effect costs nothing. */
  readonly free?: boolean | undefined;
  /** Points before factors, when they are not those of the tier. */
  readonly base?: number | undefined;
  /** What an operator's rule made of it. */
  readonly ruling?: AppliedRule | undefined;
  /** A part of the call could not be seen. */
  readonly opaque?: boolean | undefined;
  /** The gate itself is touched. */
  readonly selfProtection?: boolean | undefined;
}

/** A judgement of a concrete action: what it acts on and where in the input it stands. */
export interface Finding extends Judgement {
  readonly target: string;
  readonly span: Span | null;
  /** A credential for a whole control plane travels with the action. */
  readonly broadCredential: boolean;
  /** Hosts, databases, contexts and the like, from which the environment is recognised. */
  readonly names: readonly string[];
  /** What an operator registered about the target; it wins over every other sign. */
  readonly registeredEnvironment: string | null;
}

export interface FindingDetails {
  readonly target: string;
  readonly span: Span | null;
  readonly broadCredential?: boolean;
  readonly names?: readonly string[];
  readonly registeredEnvironment?: string | null;
  /** It is a file of this machine, of which the surroundings of the command say nothing. */
  readonly local?: boolean;
}

/** Joins a catalogue verdict with what it was found on; field by field, since copying any shape is slow. */
export function finding(judgement: Judgement, details: FindingDetails): Finding {
  return {
    tier: judgement.tier,
    verb: judgement.verb,
    kind: judgement.kind,
    reason: judgement.reason,
    radius: judgement.radius,
    reversible: judgement.reversible,
    free: judgement.free,
    base: judgement.base,
    ruling: judgement.ruling,
    opaque: judgement.opaque,
    selfProtection: judgement.selfProtection,
    target: details.target,
    span: details.span,
    broadCredential: details.broadCredential ?? false,
    names: details.names ?? [],
    registeredEnvironment: details.registeredEnvironment ?? null,
  };
}
