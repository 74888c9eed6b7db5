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

  /** @param catchUp waits until the read models have what this process has appended */
  constructor(
    private readonly queries: ApprovalQueries,
    private readonly catchUp: () => Promise<void>,
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
    // What changed before the wait began is in no later change.
    this.check(approvalId).catch(this.onTrouble);
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

  private async check(approvalId: ApprovalId): Promise<void> {
    await this.catchUp();
    const found = await this.queries.get(approvalId);
    if (found !== null && found.status !== 'PENDING') this.tell(approvalId);
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
