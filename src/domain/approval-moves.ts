/** Folds what events say about approvals: pending, approved, and gone once they are used, refused or over. */

import type { ApprovalEvent, ApprovalRequested } from './approval.events.js';
import { assert } from './assertions.js';
import type { CallKey, ScopePath } from './ids.js';
import type { Approval, TenantState } from './state.js';

/** How long a session is taken to last at most: older noes are forgotten when new ones come. */
const SESSION_MS_MAX = 30 * 24 * 3_600_000;

export const callKeyOf = (path: ScopePath, actionHash: string): CallKey => `${path}|${actionHash}` as CallKey;

/** @throws AssertionError when the event contradicts the state */
export function moveApproval(state: TenantState, event: ApprovalEvent, atMs: number): TenantState {
  if (event.type === 'ApprovalRequested') return open(state, event);
  const { approvalId } = event.data;
  const approval = state.approvals.get(approvalId);
  assert(approval !== undefined, 'an approval that changes is open');
  switch (event.type) {
    case 'ApprovalEscalated':
      assert(approval.status === 'PENDING' && !approval.isEscalated, 'a question is escalated once');
      return keep(state, { ...approval, isEscalated: true });
    case 'ApprovalGranted': {
      const { operatorId, votes, quorum, usableUntilMs } = event.data;
      assert(approval.status === 'PENDING' && !approval.votes.includes(operatorId), 'a person agrees once');
      assert(
        votes === approval.votes.length + 1 && quorum === approval.terms.quorum,
        'votes are counted one by one',
      );
      const status = votes >= quorum ? 'APPROVED' : 'PENDING';
      return keep(state, { ...approval, status, votes: [...approval.votes, operatorId], usableUntilMs });
    }
    case 'ApprovalRejected':
      assert(approval.status === 'PENDING', 'only an open question is rejected');
      reject(state, approval, atMs);
      return close(state, approval);
    case 'ApprovalExpired':
      assert(approval.status === event.data.was, 'what expires is as it says');
      return close(state, approval);
    case 'ApprovalCancelled':
      return close(state, approval);
    case 'ApprovalConsumed':
      assert(approval.status === 'APPROVED', 'only a given approval is used, and once');
      return close(state, approval);
  }
}

function open(state: TenantState, { data }: ApprovalRequested): TenantState {
  const key = callKeyOf(data.scopePath, data.actionHash);
  const before = state.approvalsByCall.get(key);
  const { decisionId: _decision, subject: _subject, action: _action, asked: _asked, ...asked } = data;
  assert(before === undefined && !state.approvals.has(data.approvalId), 'a question is put once');
  state.approvalsByCall.set(key, data.approvalId);
  return keep(state, { ...asked, status: 'PENDING', votes: [], isEscalated: false, usableUntilMs: null });
}

function keep(state: TenantState, approval: Approval): TenantState {
  state.approvals.set(approval.approvalId, approval);
  return state;
}

function close(state: TenantState, { approvalId, scopePath, actionHash }: Approval): TenantState {
  state.approvals.delete(approvalId);
  state.approvalsByCall.delete(callKeyOf(scopePath, actionHash));
  return state;
}

function reject(state: TenantState, { approvalId, sessionScope, actionHash }: Approval, atMs: number): void {
  for (const [key, rejected] of state.rejectedCalls.entries()) {
    if (rejected.atMs + SESSION_MS_MAX < atMs) state.rejectedCalls.delete(key);
  }
  state.rejectedCalls.set(callKeyOf(sessionScope, actionHash), { approvalId, atMs });
}
