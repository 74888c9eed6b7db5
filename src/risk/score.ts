/** Turns findings into points and an assessment, in integers only. */
import { riskClassOf } from '../domain/action-kinds.js';
import type { Assessment, Effect, Factor, Proposal, Radius } from '../domain/assessment.js';
import { environmentOf } from './environment.js';
import type { Finding } from './finding.js';
import { BASE_POINTS } from './points.js';
import type { RiskProfile, RiskRegistry } from './registry.js';
import { ENGINE_VERSION } from './version.js';

const RADIUS_TENTHS: Readonly<Record<Radius, number>> = { object: 10, set: 20, collection: 30, system: 100 };
const RADII: readonly Radius[] = ['object', 'set', 'collection', 'system'];
const BROAD_CREDENTIAL_TENTHS = 30;

interface Multiplier {
  readonly name: Factor['name'];
  readonly tenths: number;
  readonly reason: string;
}

interface Scored {
  readonly effect: Effect;
  readonly factors: readonly Factor[];
}

/** Scores every finding and sums them up; the worst effect gives tier, kind and class. Its texts are not redacted yet. */
export function score(
  findings: readonly Finding[],
  proposal: Proposal,
  registry: RiskRegistry,
  profile: RiskProfile,
): Assessment {
  const scored = findings.map((found) => scoreOne(found, proposal, registry, profile));
  const worst = scored.reduce<Scored | null>(
    (best, next) => (best !== null && !isWorse(next, best) ? best : next),
    null,
  );
  const effects = scored.map((one) => one.effect);
  return {
    actionKind: worst?.effect.actionKind ?? 'file.read',
    riskClass: worst?.effect.riskClass ?? 'read_only',
    tier: worst?.effect.tier ?? 0,
    riskPoints: effects.reduce((sum, effect) => sum + effect.points, 0),
    effects,
    factors: withRulings(worst?.factors ?? [], findings),
    radius: effects.reduce<Radius>((widest, effect) => wider(widest, effect.radius), 'object'),
    opaque: findings.some((found) => found.opaque === true),
    selfProtection: findings.some((found) => found.selfProtection === true),
    engineVersion: ENGINE_VERSION,
  };
}

/** A rule that changed any verdict is shown, whichever effect is the worst in the end. */
function withRulings(factors: readonly Factor[], findings: readonly Finding[]): readonly Factor[] {
  const rulings = findings.flatMap(({ ruling, tier, reason }) =>
    ruling === undefined
      ? []
      : [
          `The operators’ rule “${ruling.rule}” ${ruling.effect} this from tier ${ruling.from} to ${tier}: ${reason}`,
        ],
  );
  if (rulings.length === 0) return factors;
  return [
    ...factors,
    ...[...new Set(rulings)].map((reason) => ({ name: 'rule' as const, value: 1, reason })),
  ];
}

function scoreOne(found: Finding, proposal: Proposal, registry: RiskRegistry, profile: RiskProfile): Scored {
  const radius = found.radius ?? 'object';
  const environment = environmentOf(found, proposal.context, registry);
  const multipliers = multipliersOf(found, radius, profile);
  const largestTenths = multipliers.reduce((largest, next) => Math.max(largest, next.tenths), 10);
  const base = found.free === true ? 0 : (found.base ?? BASE_POINTS[found.tier]);
  const points = Math.ceil((base * largestTenths * environment.factor) / 10);
  const effect: Effect = {
    verb: found.verb,
    target: found.target,
    radius,
    reversible: found.reversible ?? found.tier < 3,
    tier: found.tier,
    points,
    actionKind: found.kind,
    riskClass: riskClassOf(found.kind),
    environment: environment.environment,
    reason: found.reason,
    span: found.span,
  };
  const factors = multipliers
    .filter((multiplier) => multiplier.tenths > 10)
    .map(({ name, tenths, reason }) => ({ name, value: tenths / 10, reason }));
  if (environment.factor > 1) {
    factors.push({ name: 'environment', value: environment.factor, reason: environment.reason });
  }
  return { effect, factors };
}

function multipliersOf(found: Finding, radius: Radius, profile: RiskProfile): Multiplier[] {
  const list: Multiplier[] = [
    { name: 'radius', tenths: RADIUS_TENTHS[radius], reason: RADIUS_REASON[radius] },
    { name: 'audience', tenths: profile.audienceTenths, reason: 'The profile says who is affected.' },
    {
      name: 'sensitivity',
      tenths: profile.sensitivityTenths,
      reason: 'The profile says how sensitive the data is.',
    },
    { name: 'regulation', tenths: profile.regulationTenths, reason: 'The profile says which rules apply.' },
    {
      name: 'reputation',
      tenths: profile.reputationTenths,
      reason: 'The profile says what is at stake in public.',
    },
  ];
  if (found.broadCredential) {
    list.push({
      name: 'credential',
      tenths: BROAD_CREDENTIAL_TENTHS,
      reason: 'The call carries a credential for a whole control plane.',
    });
  }
  return list;
}

const RADIUS_REASON: Readonly<Record<Radius, string>> = {
  object: 'One object is affected.',
  set: 'Several objects are affected.',
  collection: 'A whole collection is affected.',
  system: 'A whole system is affected, with everything that depends on it.',
};

function isWorse(next: Scored, best: Scored): boolean {
  if (next.effect.tier !== best.effect.tier) return next.effect.tier > best.effect.tier;
  return next.effect.points > best.effect.points;
}

function wider(left: Radius, right: Radius): Radius {
  return RADII.indexOf(right) > RADII.indexOf(left) ? right : left;
}
