/** Why a guarded function was not run: the gate said no, or no answer that counts came from it. */

export interface RefusedFields {
  /** DENY, or PENDING when a person has not decided in time. */
  readonly decision: string;
  /** Upper case with underscores, such as BUDGET_EXCEEDED or RADIUS_REFUSED; null when the gate gave none. */
  readonly reasonCode: string | null;
  readonly toolCallId: string;
  /** Present while a person may still decide. */
  readonly approvalId: string | null;
  /** Page where people answer, once they have signed in. */
  readonly approvalUrl?: string | null;
  /** When asking again may help, in ms. */
  readonly retryAfterMs: number | null;
  /** Which quota, scope or policy stood in the way and what would help; null when the gate gave none. */
  readonly denyDetail: Readonly<Record<string, unknown>> | null;
}

/** The gate said no. The message is one sentence that a model and a person can both act on. */
export class Refused extends Error implements RefusedFields {
  override readonly name = 'Refused';
  readonly decision: string;
  readonly reasonCode: string | null;
  readonly toolCallId: string;
  readonly approvalId: string | null;
  readonly approvalUrl: string | null;
  readonly retryAfterMs: number | null;
  readonly denyDetail: Readonly<Record<string, unknown>> | null;

  constructor(message: string, fields: RefusedFields) {
    super(message);
    this.decision = fields.decision;
    this.reasonCode = fields.reasonCode;
    this.toolCallId = fields.toolCallId;
    this.approvalId = fields.approvalId;
    this.approvalUrl = fields.approvalUrl ?? null;
    this.retryAfterMs = fields.retryAfterMs;
    this.denyDetail = fields.denyDetail;
  }
}

/**
 * No answer that counts: the gate cannot be reached, refuses the request, or its answer is not whole or not
 * signed for this call. Nothing was run.
 */
export class GateUnavailable extends Error {
  override readonly name = 'GateUnavailable';
  constructor(
    message: string,
    /** HTTP status of a whole answer that is no decision; null where none came. */
    readonly status: number | null,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
