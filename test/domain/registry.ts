/** The steps of tables about tools, operators' rules and environments. */

import type { Radius, Tier } from '../../src/domain/assessment.js';
import type { Command } from '../../src/domain/commands.js';
import type { RiskRule } from '../../src/domain/events.js';
import { environmentIdOf, ruleIdOf, toolIdOf } from '../../src/domain/registry.js';
import type { Words } from './words.js';

const numberOf = (text: string | undefined): number | null => (text === undefined ? null : Number(text));
const tierOf = (words: Words): Tier | null => numberOf(words.option('tier')) as Tier | null;
const listOf = (text: string | undefined): string[] => (text === undefined ? [] : text.split(','));

function matchOf(words: Words): RiskRule['match'] {
  const host = words.option('host');
  if (host !== undefined) return { kind: 'request', host, method: null, path: null, operation: null };
  return {
    kind: 'program',
    program: words.option('program') ?? 'acmectl',
    words: listOf(words.option('words')),
    flags: listOf(words.option('flags')),
  };
}

export const REGISTRY_VERBS: Readonly<Record<string, (words: Words) => Command>> = {
  tool: (words) => ({
    type: 'RegisterTool',
    tool: {
      name: words.at(1),
      server: words.option('server') ?? null,
      toolset: words.option('toolset') ?? null,
      description: null,
      actionKind: words.option('kind') ?? null,
      tier: tierOf(words),
      points: numberOf(words.option('points')),
      profile: { audience: 2, sensitivity: 2, regulation: 2, reputation: 2 },
      argumentHints: {},
      requiresApproval: false,
    },
  }),
  untool: (words) => ({
    type: 'RemoveTool',
    toolId: toolIdOf({ name: words.at(1), server: words.option('server') ?? null }),
  }),
  rule: (words) => ({
    type: 'SetRiskRule',
    rule: {
      name: words.at(1),
      match: matchOf(words),
      tier: tierOf(words),
      points: numberOf(words.option('points')),
      radius: (words.option('radius') ?? null) as Radius | null,
      actionKind: words.option('kind') ?? null,
      reason: 'It is so.',
      lowers: words.option('lowers') === 'yes',
    },
  }),
  unrule: (words) => ({ type: 'RemoveRiskRule', ruleId: ruleIdOf({ name: words.at(1) }) }),
  environment: (words) => ({
    type: 'RegisterEnvironment',
    registration: {
      kind: words.at(1) as 'host' | 'name',
      value: words.at(2),
      environment: words.at(3) as 'production' | 'staging',
    },
  }),
  unenvironment: (words) => ({
    type: 'RemoveEnvironment',
    environmentId: environmentIdOf({ kind: words.at(1) as 'host' | 'name', value: words.at(2) }),
  }),
};
