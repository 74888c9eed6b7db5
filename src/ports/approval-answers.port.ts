/** Waiting for people: whoever asked about a call hears when the question is no longer open. */

import type { ApprovalId } from '../domain/ids.js';

export interface ApprovalAnswers {
  /**
   * Resolves true once an approval is no longer pending, and false when that took too long or the waiter left.
   * Thousands may wait at once: a waiter costs a place in a map.
   * @param waitMs how long to wait at most, in ms
   * @param signal the waiter has left
   */
  settled(approvalId: ApprovalId, waitMs: number, signal?: AbortSignal): Promise<boolean>;
}
