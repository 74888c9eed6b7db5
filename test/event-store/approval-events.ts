/** One example of every event about approvals, for the golden bytes. */

import type { LedgerEvent, PasskeyEvidence } from '../../src/domain/events.js';
import type { ApprovalId, DecisionId, KeyId, OperatorId, PolicyId, ScopePath } from '../../src/domain/ids.js';

const approvalId = 'apr_01JDHHHHHHHHHHHHHHHHHHHHHH' as ApprovalId;
const operatorId = 'opr_01JDJJJJJJJJJJJJJJJJJJJJJJ' as OperatorId;
const sessionScope = 'tenant:acme/app:ide/workflow:run-7' as ScopePath;
const startMs = 1_795_305_600_000;

const passkey: PasskeyEvidence = {
  credentialId: 'Y3JlZGVudGlhbA',
  publicKey: 'cHVibGljLWtleQ',
  challenge: 'Y2hhbGxlbmdl',
  nonce: `approve.${'ab'.repeat(32)}`,
  clientDataJson: 'eyJ0eXBlIjoid2ViYXV0aG4uZ2V0In0',
  authenticatorData: 'YXV0aGVudGljYXRvcg',
  signature: 'c2lnbmF0dXJl',
};

export const APPROVAL_EVENTS: readonly LedgerEvent[] = [
  {
    type: 'ApprovalRequested',
    data: {
      approvalId,
      decisionId: 'dec_01JDHHHHHHHHHHHHHHHHHHHHHH' as DecisionId,
      actionHash: '01'.repeat(32),
      sessionScope,
      scopePath: sessionScope,
      subject: { tenant: 'acme', app: 'ide', workflow: 'run-7' },
      action: { kind: 'code.deploy', name: 'Shell' },
      asked: { unit: 'RISK_POINTS', amount: 150n },
      money: { unit: 'USD_MICROCENTS', amount: 9_007_199_254_740_993n },
      tier: 4,
      terms: {
        name: 'production',
        group: 'dba',
        quorum: 2,
        useWithinMs: 600_000,
        passkey: true,
        links: false,
        escalation: { afterMs: 300_000, group: 'lead' },
      },
      policyId: 'pol_01JDGGGGGGGGGGGGGGGGGGGGGG' as PolicyId,
      keyId: 'key_01JDKKKKKKKKKKKKKKKKKKKKKK' as KeyId,
      ownerOperatorId: 'opr_01JDLLLLLLLLLLLLLLLLLLLLLL',
      shortfalls: [{ scope: sessionScope, amount: 50n }],
      answerByMs: startMs + 3_600_000,
      escalateAtMs: startMs + 300_000,
    },
  },
  { type: 'ApprovalEscalated', data: { approvalId, group: 'lead' } },
  {
    type: 'ApprovalGranted',
    data: {
      approvalId,
      operatorId,
      channel: 'page',
      note: 'checked with ops',
      passkey,
      votes: 2,
      quorum: 2,
      usableUntilMs: startMs + 600_000,
    },
  },
  {
    type: 'ApprovalRejected',
    data: { approvalId, operatorId, channel: 'api', reason: 'not on a Friday', passkey: null },
  },
  { type: 'ApprovalExpired', data: { approvalId, was: 'APPROVED' } },
  { type: 'ApprovalCancelled', data: { approvalId, reason: null } },
  {
    type: 'ApprovalConsumed',
    data: { approvalId, allowed: 'dec_01JDMMMMMMMMMMMMMMMMMMMMMM' as DecisionId },
  },
];
