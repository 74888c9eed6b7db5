/** Tool calls at the gate, for tests. */

import type { Assessment } from '../../src/domain/assessment.js';
import type { RecordOutcome, SubmitToolCall } from '../../src/domain/commands.js';
import type { DecisionId } from '../../src/domain/ids.js';
import type { TestLedger } from './ledger.js';

const assessmentOf = (riskPoints: number): Assessment => ({
  actionKind: 'db.write',
  riskClass: 'external_side_effect',
  tier: riskPoints === 0 ? 0 : 3,
  riskPoints,
  effects: [],
  factors: [],
  radius: 'object',
  opaque: false,
  selfProtection: false,
  engineVersion: '1',
});

export function toolCall(
  ledger: TestLedger,
  call: { readonly sessionId: string; readonly points: number; readonly dollars?: bigint },
): SubmitToolCall {
  return {
    type: 'SubmitToolCall',
    toolCallId: ledger.decisionId(),
    riskReservationId: ledger.reservationId(),
    moneyReservationId: ledger.reservationId(),
    subject: { app: 'ide', agent: 'claude' },
    toolset: 'shell',
    declaredKind: null,
    record: {
      harness: 'cursor',
      sessionId: call.sessionId,
      tool: { name: 'Shell', server: null, input: { command: 'psql -c "UPDATE users …"' } },
      inputTruncated: false,
      inputDigest: 'cd'.repeat(32),
      cwd: '/repo',
      context: { environment: 'staging' },
      files: [],
      actionHash: 'ef'.repeat(32),
    },
    assessment: assessmentOf(call.points),
    estimate: call.dollars === undefined ? null : { unit: 'USD_MICROCENTS', amount: call.dollars },
    holdMs: 3_600_000,
    requiresApproval: false,
    approvers: [],
    waitedFor: null,
  };
}

export const outcomeOf = (
  ledger: TestLedger,
  toolCallId: DecisionId,
  status: RecordOutcome['status'] = 'succeeded',
): RecordOutcome => ({
  type: 'RecordOutcome',
  decisionId: ledger.decisionId(),
  toolCallId,
  status,
  httpStatus: 200,
  exitCode: null,
  error: null,
  outputSha256: null,
  actual: null,
});
