/** What a client gets for a tool call that may not run: a tool result that a model can read and act on. */

import { GateUnavailable, Refused } from '../client/errors.js';
import type { JsonRecord } from '../json.js';
import { type Message, type RequestId, resultTo } from './message.js';

/** Where the decision stands in every refusal, for clients that look there. */
export const DECISION_META = 'countersign/decision';

export interface Refusal {
  /** What the model reads. */
  readonly text: string;
  readonly decision: string;
  readonly reasonCode: string;
  readonly approvalId?: string | null;
  readonly approvalUrl?: string | null;
  readonly retryAfterMs?: number | null;
}

/** Why a call may not run, from what asking the gate threw. Whatever it was, the call may not run. */
export function refusalOf(error: unknown): Refusal {
  if (error instanceof Refused) {
    const { message: text, decision, reasonCode, approvalId, approvalUrl, retryAfterMs } = error;
    return { text, decision, reasonCode: reasonCode ?? decision, approvalId, approvalUrl, retryAfterMs };
  }
  const text =
    error instanceof GateUnavailable ? error.message : 'The gate could not be asked, so the call is denied.';
  return { text, decision: 'DENY', reasonCode: 'GATE_UNAVAILABLE' };
}

export interface RefusalForm {
  /** The tool declares what its structured results look like, and clients hold refusals to that too. */
  readonly hasOutputSchema: boolean;
  /** The request names its own protocol version, as from 2026-07-28 on: results say of what type they are. */
  readonly isModern: boolean;
}

/** The refusal as the result of the tool call. */
export function refusalResult(id: RequestId, refusal: Refusal, form: RefusalForm): Message {
  const { text, decision, reasonCode, approvalId, approvalUrl, retryAfterMs } = refusal;
  const detail: JsonRecord = {
    decision,
    reason_code: reasonCode,
    ...(approvalId && { approval_id: approvalId }),
    ...(approvalUrl && { approval_url: approvalUrl }),
    ...(typeof retryAfterMs === 'number' && { retry_after_ms: retryAfterMs }),
  };
  return resultTo(id, {
    ...(form.isModern && { resultType: 'complete' }),
    content: [{ type: 'text', text }],
    isError: true,
    ...(!form.hasOutputSchema && { structuredContent: detail }),
    _meta: { [DECISION_META]: detail },
  });
}
