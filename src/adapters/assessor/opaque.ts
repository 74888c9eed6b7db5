/** The verdict on a call that could not be assessed in time: the worst it could be. */

import { riskClassOf } from '../../domain/action-kinds.js';
import type { Proposal } from '../../domain/assessment.js';
import { ENGINE_VERSION } from '../../risk/index.js';
import type { Answered } from './messages.js';

const KIND = 'unknown.call';
/** Tier 4 times the radius of a whole system. */
const POINTS = 500;

/** Its arguments are withheld, since nobody has looked for the secrets in them; their digest is recorded. */
export function opaqueCall({ tool }: Proposal, why: string): Answered {
  const riskClass = riskClassOf(KIND);
  return {
    assessment: {
      actionKind: KIND,
      riskClass,
      tier: 4,
      riskPoints: POINTS,
      effects: [
        {
          verb: 'execute',
          target: `tool ${tool.name.slice(0, 100)}`,
          radius: 'system',
          reversible: false,
          tier: 4,
          points: POINTS,
          actionKind: KIND,
          riskClass,
          environment: 'unknown',
          reason: `${why}, so it counts as the worst it could be.`,
          span: null,
        },
      ],
      factors: [{ name: 'radius', value: 10, reason: 'What cannot be seen may reach a whole system.' }],
      radius: 'system',
      opaque: true,
      selfProtection: false,
      engineVersion: ENGINE_VERSION,
    },
    input: '[withheld: not assessed]',
    inputTruncated: true,
    whole: null,
  };
}
