/** The tenant writer: the one place of a process where a tenant's commands are decided and its events appended. */

import type { Command } from '../domain/commands.js';
import { type Origin, streamOf } from '../domain/events.js';
import { claimOf } from '../domain/idempotency.js';
import type { TenantId } from '../domain/ids.js';
import type { TenantState } from '../domain/state.js';
import { type AppendResult, StoreFault } from '../ports/event-store.port.js';
import { Alarm } from './alarm.js';
import type { Answer, ReadAt } from './answer.js';
import { appendRound, readFor } from './append-round.js';
import type { WriterContext } from './context.js';
import { Overloaded, ShuttingDown, Unavailable, WriterStopped } from './errors.js';
import type { FoldedTenant } from './folded-tenant.js';
import { Freshness } from './freshness.js';
import { foldTail, loadTenant } from './load.js';
import { lookUp, recallAnswers } from './lookup.js';
import type { Pending } from './pending.js';
import { RefusalFloods } from './refusal-floods.js';
import { Round } from './round.js';
import { Snapshots } from './snapshots.js';
import { Waiters } from './waiters.js';

const RETRY_AFTER_MS = 1000;

/**
 * Folds the tenant's stream, takes commands from a bounded queue, decides them in rounds, appends each round at
 * the expected revision and only then answers.
 *
 * Concurrency contract: `run` is the only code that decides, appends or changes the fold, and runs once at a
 * time. While an append is in flight the queue gathers the next round.
 */
export class TenantWriter {
  private tenant: FoldedTenant | null = null;
  private readonly stream: string;
  private readonly floods: RefusalFloods;
  private queue: Pending[] = [];
  private readonly waiters = new Waiters();
  private drained: (() => void)[] = [];
  /** Commands whose look-up is under way. */
  private lookups = 0;
  private redecisions = 0;
  private isRunning = false;
  private readonly freshness: Freshness;
  /** An append has been of unknown outcome for too long: callers are turned away until it is known. */
  private isUnsettled = false;
  /** What fell due is being appended: the fold still shows it as it was. */
  private isRecordingDue = false;
  private isDraining = false;
  private isAbandoned = false;
  private stopped: WriterStopped | null = null;
  /** The round that is in the log and not answered yet. */
  private kept: Round | null = null;
  private readonly snapshots: Snapshots;
  /** Rings when something is next due, or a flood's minute ends. */
  private readonly alarm: Alarm;
  private readonly start = (): void => void this.run();

  constructor(
    readonly tenantId: TenantId,
    private readonly context: WriterContext,
    /** Called whenever the writer has nothing to do. */
    private readonly onRest: (writer: TenantWriter) => void,
  ) {
    this.stream = streamOf(tenantId);
    this.floods = new RefusalFloods(context.limits.floodsMax);
    this.freshness = new Freshness(context);
    this.snapshots = new Snapshots(tenantId, context);
    this.alarm = new Alarm(context.clock, () => this.wake());
  }

  get queueLength(): number {
    return this.queue.length + this.lookups;
  }

  get isStopped(): boolean {
    return this.stopped !== null;
  }

  /** Whether anything would be lost or left undone if it left memory now. */
  get hasWork(): boolean {
    return this.isRunning || this.queueLength > 0 || this.floods.hasRepeats;
  }

  /** Whether it was loaded and the tenant turned out not to exist. */
  get isUnknownTenant(): boolean {
    return this.tenant !== null && this.tenant.state.tenant === null;
  }

  /**
   * Queues a command. The promise settles once everything its answer rests on is in the log.
   * @throws Overloaded, Unavailable, InternalError, WriterStopped (as rejections)
   */
  execute(command: Command, origin: Origin): Promise<Answer> {
    const { counters, limits } = this.context;
    const turnedAway = this.turnAway();
    if (turnedAway !== null) return Promise.reject(turnedAway);
    if (this.queueLength >= limits.queueMax) {
      counters.overloaded += 1;
      return Promise.reject(new Overloaded(RETRY_AFTER_MS));
    }
    counters.commands += 1;
    return new Promise((resolve, reject) => {
      this.queue.push({
        command,
        origin,
        claim: claimOf(command, origin),
        arrival: this.freshness.begun,
        resolve,
        reject,
        past: null,
        lookups: 0,
      });
      this.wake();
    });
  }

  /**
   * Reads the state once everything due by now has been recorded. The state must be neither changed nor kept.
   * @param staleMaxMs how long ago other processes may have written what it does not show
   */
  async read<T>(
    look: (state: TenantState, at: ReadAt) => T,
    staleMaxMs = this.context.limits.staleMaxMs,
  ): Promise<T> {
    if (this.freshness.isOlderThan(staleMaxMs)) this.freshness.distrust();
    for (;;) {
      const turnedAway = this.turnAway();
      if (turnedAway !== null) throw turnedAway;
      const { tenant } = this;
      const nowMs = Math.max(this.context.clock.now(), tenant?.lastMs ?? 0);
      if (tenant !== null && !this.freshness.isBehind && !this.isRecordingDue && tenant.dues.nextMs > nowMs) {
        return look(tenant.state, { revision: tenant.revision, position: tenant.position, nowMs });
      }
      const recorded = this.waiters.join();
      this.wake();
      await recorded;
    }
  }

  /** Sees to what is due, loading the tenant if need be. */
  wake(): void {
    if (this.isRunning || this.stopped !== null) return;
    this.isRunning = true;
    this.context.clock.after(0, this.start);
  }

  /** Answers what is queued and records every counted repeat. Resolves when that is done, or cannot be. */
  drain(): Promise<void> {
    this.isDraining = true;
    if (!this.hasWork || this.stopped !== null) return Promise.resolve();
    return new Promise((resolve) => {
      this.drained.push(resolve);
      this.wake();
    });
  }

  /** Leaves at once: callers are turned away, and an append of unknown outcome is not pursued. */
  abandon(): void {
    this.isAbandoned = true;
    this.rejectWaiting(new ShuttingDown());
    this.close();
  }

  /** Cancels its timer. A closed writer must have no work. */
  close(): void {
    this.alarm.cancel();
  }

  private turnAway(): Error | null {
    if (this.stopped !== null) return this.stopped;
    if (this.isAbandoned) return new ShuttingDown();
    return this.isUnsettled ? new Unavailable('the outcome of an append is unknown') : null;
  }

  private async run(): Promise<void> {
    let hasFaulted = false;
    try {
      this.tenant ??= await this.load();
      while (!this.isAbandoned) {
        if (this.freshness.isBehind) {
          this.answerKept();
          await this.catchUp(this.tenant);
        }
        this.snapshots.askWhenDue(this.tenant);
        const round = this.gather(this.tenant);
        if (round.isEmpty) break;
        this.isRecordingDue = round.hasDue;
        const settled = this.settle(this.tenant, round);
        // The store is at work on the next round by now: what is kept is answered meanwhile.
        this.answerKept();
        await settled;
        this.isRecordingDue = false;
        this.waiters.release();
      }
    } catch (error) {
      hasFaulted = true;
      this.isRecordingDue = false;
      if (error instanceof StoreFault) this.rejectWaiting(new Unavailable(error.message, { cause: error }));
      else this.stop(error);
    }
    this.answerKept();
    this.rest(hasFaulted);
  }

  private async load(): Promise<FoldedTenant> {
    const look = this.freshness.begin();
    const tenant = await loadTenant(this.tenantId, this.context);
    this.freshness.verify(look);
    return tenant;
  }

  private answerKept(): void {
    this.kept?.answerAll();
    this.kept = null;
  }

  /** Fills a round from what is due, ended floods and the queue. */
  private gather(tenant: FoldedTenant): Round {
    const nowMs = Math.max(this.context.clock.now(), tenant.lastMs);
    const round = new Round(tenant, this.floods, this.stream, nowMs, this.context);
    if (!round.recordDue() || !round.recordEndedFloods(this.isDraining)) return round;
    const countMax = Math.min(this.queue.length, this.context.limits.batchCommandsMax);
    const postponed: Pending[] = [];
    const isFirstFresh = this.isFreshFor(this.queue[0]);
    let seen = 0;
    for (; seen < countMax; seen++) {
      const pending = this.queue[seen];
      if (pending === undefined) continue;
      // One look serves a whole round, and those who had theirs do not wait for another.
      if (this.isFreshFor(pending) !== isFirstFresh) break;
      const verdict = round.take(pending);
      if (verdict === 'full') break;
      if (verdict === 'later') postponed.push(pending);
      if (verdict === 'unknown') void this.lookUp(tenant, pending);
    }
    this.queue.splice(0, seen, ...postponed);
    return round;
  }

  /** Appends a round and answers it, or drops it to be decided again. @throws StoreFault when it cannot be written */
  private async settle(tenant: FoldedTenant, round: Round): Promise<void> {
    if (round.batch.isEmpty) {
      if (await this.isOutrun(tenant, round)) return this.decideAgain(round);
      this.redecisions = 0;
      round.countRepeats();
      round.answerAll();
      return;
    }
    const look = this.freshness.begin();
    const result = await this.append(round);
    switch (result.kind) {
      case 'appended':
        this.redecisions = 0;
        this.freshness.verify(look);
        this.count(round, result.position);
        round.keep(result);
        this.kept = round;
        return;
      case 'wrong_revision':
        this.freshness.distrust();
        this.decideAgain(round);
        return;
      case 'claimed':
        await this.recall(tenant, round);
        this.decideAgain(round);
        return;
      case 'id_conflict':
        round.failAll('an event id is known with other bytes', { id: result.id, stream: this.stream });
    }
  }

  /**
   * Whether others have written what a round did not know of. An append finds that out by itself; answers that
   * rest on none (a no, its repeat, a replay) are given once the stream has been read since they were asked for.
   */
  private async isOutrun(tenant: FoldedTenant, round: Round): Promise<boolean> {
    if (this.isFreshFor(round.taken[0])) return false;
    const { revision } = tenant;
    await readFor(round, () => this.catchUp(tenant), this.context);
    return tenant.revision > revision;
  }

  private isFreshFor(pending: Pending | undefined): boolean {
    return pending === undefined || this.freshness.hasLookedSince(pending.arrival);
  }

  private async append(round: Round): Promise<AppendResult> {
    const { stream, context } = this;
    const isAbandoned = (): boolean => this.isAbandoned;
    const onUnsettled = (fault: Unavailable): void => {
      this.isUnsettled = true;
      this.rejectWaiting(fault);
    };
    try {
      return await appendRound(round, { stream, isAbandoned, onUnsettled }, context);
    } finally {
      this.isUnsettled = false;
    }
  }

  private count({ batch }: Round, position: number): void {
    const { counters } = this.context;
    counters.batches += 1;
    counters.events += batch.sealed.length;
    counters.lastPosition = Math.max(counters.lastPosition, position);
  }

  private recall(tenant: FoldedTenant, round: Round): Promise<void> {
    const { context, tenantId } = this;
    return readFor(round, () => recallAnswers(round.taken, tenantId, tenant, context), context);
  }

  private decideAgain(round: Round): void {
    const { counters, limits } = this.context;
    round.drop();
    counters.redecided += 1;
    this.redecisions += 1;
    if (this.redecisions <= limits.redecisionsMax) {
      this.queue.unshift(...round.taken);
      return;
    }
    counters.unavailable += round.taken.length;
    round.rejectAll(new Unavailable('other writers of this tenant were faster each time'));
  }

  /** Folds what other nodes wrote. */
  private async catchUp(tenant: FoldedTenant): Promise<void> {
    const { revision } = tenant;
    const { counters } = this.context;
    const look = this.freshness.begin();
    await foldTail(tenant, this.stream, this.context, { queueDue: true });
    counters.lastPosition = Math.max(counters.lastPosition, tenant.position);
    if (tenant.revision > revision) tenant.epoch += 1;
    this.freshness.verify(look);
  }

  /** Asks the store and the read models about a command, which then takes its turn again. */
  private async lookUp(tenant: FoldedTenant, pending: Pending): Promise<void> {
    const { counters, limits, log } = this.context;
    if (++pending.lookups > limits.redecisionsMax) {
      counters.unavailable += 1;
      pending.reject(new Unavailable('other writers of this tenant were faster each time'));
      return;
    }
    this.lookups += 1;
    const { epoch } = tenant;
    try {
      const { past, isAhead } = await lookUp(pending, this.tenantId, tenant, this.context);
      pending.past = { ...past, epoch };
      if (isAhead) this.freshness.distrust();
      const turnedAway = this.turnAway();
      if (turnedAway === null) this.queue.push(pending);
      else pending.reject(turnedAway);
    } catch (error) {
      counters.unavailable += 1;
      log.warn({ err: error, stream: this.stream }, 'a look-up failed');
      pending.reject(new Unavailable('what was answered before cannot be read', { cause: error }));
    }
    this.lookups -= 1;
    this.wake();
  }

  private rejectWaiting(fault: Error): void {
    const { queue } = this;
    this.queue = [];
    if (fault instanceof Unavailable) this.context.counters.unavailable += queue.length;
    for (const pending of queue) pending.reject(fault);
    this.waiters.reject(fault);
  }

  private stop(cause: unknown): void {
    this.stopped = new WriterStopped('the ledger of this tenant is stopped', { cause });
    this.context.counters.failed += this.queue.length;
    this.context.log.error({ err: cause, tenantId: this.tenantId }, 'a tenant’s writer has stopped');
    this.rejectWaiting(this.stopped);
  }

  private rest(hasFaulted: boolean): void {
    this.isRunning = false;
    this.waiters.release();
    if (this.queue.length > 0) this.wake();
    if (this.lookups === 0 && !this.isRunning) {
      for (const resolve of this.drained) resolve();
      this.drained = [];
    }
    if (this.stopped === null && !this.isAbandoned) this.setAlarm(hasFaulted);
    this.onRest(this);
  }

  /** After a fault it does not ring at once, or a store that is down would be asked without pause. */
  private setAlarm(hasFaulted: boolean): void {
    const dueMs = this.tenant?.dues.nextMs ?? Number.POSITIVE_INFINITY;
    this.alarm.set(Math.min(dueMs, this.floods.nextEndMs), hasFaulted ? this.context.limits.pauseMaxMs : 0);
  }
}
