/** Tells whoever waits for people that an approval is no longer pending, from what the read model says changed. */

import type { ApprovalId } from '../../domain/ids.js';
import type { ApprovalAnswers } from '../../ports/approval-answers.port.js';
import type { Clock } from '../../ports/clock.port.js';
import type { ApprovalQueries, ChangeKey } from './approvals.queries.js';

/** Time between two looks while anybody waits, in ms: one small query, however many wait. */
const LOOK_MS = 100;
const CHANGES_MAX = 1_000;

type Waiter = (isSettled: boolean) => void;

export class ReadModelAnswers implements ApprovalAnswers {
  private readonly waiting = new Map<string, Set<Waiter>>();
  private seen: ChangeKey = { position: 0, approvalId: '' };
  private isLooking = false;
  /** Approvals that somebody has begun to wait for, until they have been looked up. */
  private readonly fresh = new Set<string>();
  private isChecking = false;

  constructor(
    private readonly queries: Pick<ApprovalQueries, 'changedSince' | 'settledAmong'>,
    private readonly clock: Clock,
    private readonly onTrouble: (error: unknown) => void,
  ) {}

  /** How many wait. */
  get waiters(): number {
    let count = 0;
    for (const waiters of this.waiting.values()) count += waiters.size;
    return count;
  }

  async settled(approvalId: ApprovalId, waitMs: number, signal?: AbortSignal): Promise<boolean> {
    if (waitMs <= 0 || signal?.aborted) return false;
    const settled = this.join(approvalId, waitMs, signal);
    this.fresh.add(approvalId);
    void this.checkFresh();
    this.look();
    return settled;
  }

  private join(approvalId: ApprovalId, waitMs: number, signal?: AbortSignal): Promise<boolean> {
    return new Promise((resolve) => {
      const waiters = this.waiting.get(approvalId) ?? new Set();
      this.waiting.set(approvalId, waiters);
      const leave = (isSettled: boolean): void => {
        cancel();
        signal?.removeEventListener('abort', onAbort);
        waiters.delete(leave);
        if (waiters.size === 0 && this.waiting.get(approvalId) === waiters) this.waiting.delete(approvalId);
        resolve(isSettled);
      };
      const onAbort = (): void => leave(false);
      const cancel = this.clock.after(waitMs, onAbort);
      signal?.addEventListener('abort', onAbort, { once: true });
      waiters.add(leave);
    });
  }

  /**
   * What changed before a wait began is in no later change, and what the read model does not know yet is in one. All
   * who begin to wait meanwhile are looked up together, and again if they could not be.
   */
  private async checkFresh(): Promise<void> {
    if (this.isChecking) return;
    this.isChecking = true;
    while (this.fresh.size > 0) {
      const ids = [...this.fresh];
      this.fresh.clear();
      try {
        for (const id of await this.queries.settledAmong(ids)) this.tell(id);
      } catch (error) {
        for (const id of ids) if (this.waiting.has(id)) this.fresh.add(id);
        this.onTrouble(error);
        break;
      }
    }
    this.isChecking = false;
  }

  /** Looks for changes again and again until nobody waits. */
  private look(): void {
    if (this.isLooking) return;
    this.isLooking = true;
    this.clock.after(LOOK_MS, () => void this.lookOnce());
  }

  private async lookOnce(): Promise<void> {
    try {
      // The first look of a process finds the whole past: it is read through at once, not a page at a time.
      while (await this.readOn());
      await this.checkFresh();
    } catch (error) {
      this.onTrouble(error);
    }
    this.isLooking = false;
    if (this.waiting.size > 0) this.look();
  }

  /** Reads some of what changed. @returns whether there may be more */
  private async readOn(): Promise<boolean> {
    const changes = await this.queries.changedSince(this.seen, CHANGES_MAX);
    for (const change of changes) if (change.status !== 'PENDING') this.tell(change.approvalId);
    this.seen = changes.at(-1) ?? this.seen;
    return changes.length === CHANGES_MAX;
  }

  private tell(approvalId: string): void {
    for (const leave of [...(this.waiting.get(approvalId) ?? [])]) leave(true);
  }
}
