/** What the agents of the simulated world submit to the gate. */

import type { SubmitToolCall } from '../../src/domain/commands.js';
import type { DecisionId, ReservationId } from '../../src/domain/ids.js';
import type { Random } from './random.js';
import type { SequentialIds } from './simulated-ports.js';

/** A call of any kind. Building it again gives it new ids, and the same meaning. */
export function simulatedCall(random: Random, ids: SequentialIds): () => SubmitToolCall {
  const tier = random.weighted({ 0: 4, 1: 3, 2: 6, 3: 3, 4: 1 });
  const riskPoints = [0, 1, 5, 20, 50][Number(tier)] ?? 0;
  const session = `s${random.int(0, 5)}`;
  const isSystem = random.chance(0.03);
  const isProtected = random.chance(0.02);
  const app = random.chance(0.95) ? random.pick(['a0', 'a1']) : undefined;
  const estimate = random.chance(0.3)
    ? { unit: 'USD_MICROCENTS' as const, amount: BigInt(random.int(0, 20)) }
    : null;
  const call = random.int(0, 9);
  const holdMs = random.int(500, 8000);
  return () => ({
    type: 'SubmitToolCall',
    toolCallId: ids.mint('dec') as DecisionId,
    riskReservationId: ids.mint('rsv') as ReservationId,
    moneyReservationId: ids.mint('rsv') as ReservationId,
    subject: app === undefined ? {} : { app },
    toolset: 'shell',
    declaredKind: null,
    record: {
      harness: 'cursor',
      sessionId: session,
      tool: { name: 'Shell', server: null, input: { command: `call ${call}` } },
      inputTruncated: false,
      inputDigest: `digest ${call}`,
      cwd: null,
      context: {},
      files: [],
      actionHash: `action ${call}`,
    },
    assessment: {
      actionKind: 'tool.shell',
      riskClass: 'side_effect',
      tier: Number(tier) as 0 | 1 | 2 | 3 | 4,
      riskPoints,
      effects: [],
      factors: [],
      radius: isSystem ? 'system' : 'object',
      opaque: false,
      selfProtection: isProtected,
      engineVersion: 'simulated',
    },
    estimate,
    holdMs,
    requiresApproval: false,
    approvers: [],
    waitedFor: null,
  });
}
