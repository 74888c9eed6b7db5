/** The questions that people are asked, as whoever tells people about them needs them. */

import type { Amount } from '../domain/amount.js';
import type { ApprovalId, TenantId } from '../domain/ids.js';

/** Everything that is told of a question. */
export interface Question {
  readonly approvalId: ApprovalId;
  readonly tenantId: TenantId;
  readonly status: 'PENDING' | 'APPROVED' | 'REJECTED' | 'EXPIRED' | 'CANCELLED' | 'CONSUMED';
  readonly actionHash: string;
  /** Null for a plain reservation, which is not assessed. */
  readonly tier: number | null;
  /** The groups that are asked so far; none where everybody is. */
  readonly groups: readonly string[];
  readonly quorum: number;
  readonly votes: number;
  readonly needsPasskey: boolean;
  readonly takesLinks: boolean;
  /** The agent, or what else the asker calls itself. */
  readonly asker: string;
  readonly sessionScope: string;
  readonly action: { readonly kind: string; readonly name: string };
  readonly asked: Amount;
  /** The money that the call would hold besides. */
  readonly money: Amount | null;
  /** The call as it would run, secrets aside; null for a plain reservation. */
  readonly call: {
    readonly tool: string;
    readonly arguments: readonly { readonly name: string; readonly text: string }[];
    readonly directory: string | null;
    readonly files: readonly string[];
    /** Whether the record has all of it. */
    readonly isWhole: boolean;
  } | null;
  /** What the risk engine says the call would do, one sentence each, the worst first. */
  readonly effects: readonly string[];
  readonly requestedAtMs: number;
  /** When it lapses, ms since the epoch; null: never. */
  readonly answerByMs: number | null;
  /** Why it was rejected or withdrawn. */
  readonly reason: string | null;
}

/** Where a change stands among all. */
export interface QuestionPlace {
  readonly position: number;
  readonly approvalId: string;
}

export interface Questions {
  /** Resolves once everything that this process has appended can be read. */
  catchUp(): Promise<void>;
  get(approvalId: string): Promise<Question | null>;
  /** Ids of questions without an answer, oldest last. */
  pending(limit: number): Promise<readonly string[]>;
  /** Which questions changed after a change, oldest first. */
  changedSince(place: QuestionPlace, limit: number): Promise<readonly QuestionPlace[]>;
}
