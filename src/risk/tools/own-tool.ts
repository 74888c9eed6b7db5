/** What an operator registered of a tool: how its arguments are read, its default, what is at stake. */
import type { Proposal } from '../../domain/assessment.js';
import type { OwnProfile, OwnTool } from '../catalogue/own.js';
import type { FieldReading, RegisteredTool } from '../catalogue/tool.js';
import { memo } from '../memo.js';
import { tierOfPoints } from '../points.js';
import type { RiskProfile, RiskRegistry } from '../registry.js';
import { wildcard } from '../wildcard.js';

const TENTHS_OF_HALF = 5;
const DELETES = /delete|remove|unlink|rmdir|trash/i;

const patternsOf = memo(({ ownTools }: RiskRegistry) =>
  ownTools.map((tool) => ({ tool, fits: wildcard(tool.name) })),
);

/** The registration that counts for a tool: that of its server first, then the one that says more of its name. */
export function ownToolOf(
  registry: RiskRegistry,
  { name, server }: Pick<Proposal['tool'], 'name' | 'server'>,
): OwnTool | undefined {
  if (registry.ownTools.length === 0) return undefined;
  return patternsOf(registry).find(
    ({ tool, fits }) => (tool.server === null || tool.server === server) && fits(name),
  )?.tool;
}

/** The registration on top of what ships for the same tool. */
export function asRegisteredTool(own: OwnTool, shipped: RegisteredTool | undefined): RegisteredTool {
  const kind = own.actionKind ?? shipped?.kind;
  const stated = own.tier !== null || own.points !== null;
  const tier = own.points === null ? (own.tier ?? shipped?.tier) : tierOfPoints(own.points);
  const hints = Object.entries(own.argumentHints).map(([field, hint]) => [field, readingOf(hint, own)]);
  return {
    name: own.name,
    fields: { ...shipped?.fields, ...(Object.fromEntries(hints) as Record<string, FieldReading>) },
    ...(kind !== undefined && { kind }),
    ...(tier !== undefined && { tier }),
    ...(own.points !== null && { base: own.points }),
    ...(!stated && shipped?.free === true && { free: true }),
    ...(shipped === undefined && { readsRest: true }),
  };
}

/** What a tool does with a path shows in its tier and in its name. */
function readingOf(hint: OwnTool['argumentHints'][string], { name, tier, points }: OwnTool): FieldReading {
  if (hint !== 'path') return hint;
  if (tier === 0 || points === 0) return 'read-path';
  return DELETES.test(name) ? 'delete-path' : 'write-path';
}

/** The tenant's profile, raised by the tool's where that has more at stake. */
export function profileFor(
  registry: RiskRegistry,
  tool: Proposal['tool'],
  profile: RiskProfile,
): RiskProfile {
  const own = ownToolOf(registry, tool)?.profile;
  if (own === undefined) return profile;
  const raised = (tenths: number, factor: keyof OwnProfile): number =>
    Math.max(tenths, own[factor] * TENTHS_OF_HALF);
  return {
    audienceTenths: raised(profile.audienceTenths, 'audience'),
    sensitivityTenths: raised(profile.sensitivityTenths, 'sensitivity'),
    regulationTenths: raised(profile.regulationTenths, 'regulation'),
    reputationTenths: raised(profile.reputationTenths, 'reputation'),
  };
}
