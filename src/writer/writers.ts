/** The writers of a process: one per tenant in use, loaded on demand and let go when idle. */

import type { Command } from '../domain/commands.js';
import type { Origin } from '../domain/events.js';
import type { TenantId } from '../domain/ids.js';
import type { TenantState } from '../domain/state.js';
import type { DueTimes } from '../ports/due-times.port.js';
import type { Answer, ReadAt } from './answer.js';
import type { WriterContext, WriterLog } from './context.js';
import { newCounters, type WriterCounters } from './counters.js';
import { ShuttingDown } from './errors.js';
import { DEFAULT_LIMITS, type WriterLimits } from './limits.js';
import { Sweep } from './sweep.js';
import { TenantWriter } from './tenant-writer.js';

export interface WritersOptions
  extends Pick<WriterContext, 'store' | 'codec' | 'clock' | 'ids' | 'snapshots' | 'history'> {
  readonly dueTimes: DueTimes;
  /** Whether other processes append to the same log; not, when left out. */
  readonly isShared?: boolean;
  readonly log?: WriterLog;
  readonly limits?: Partial<WriterLimits>;
  /** A number in [0, 1), for the jitter of retries. */
  readonly random?: () => number;
}

export interface WritersStats extends Readonly<WriterCounters> {
  /** Tenants in memory, commands waiting over all of them, and the longest queue. */
  readonly tenants: number;
  readonly queued: number;
  readonly longestQueue: number;
  /** Tenants whose stream contradicts itself. */
  readonly stopped: readonly TenantId[];
}

const SILENT: WriterLog = { warn: () => undefined, error: () => undefined };

export const createWriters = (options: WritersOptions): Writers => new Writers(options);

export class Writers {
  private readonly context: WriterContext;
  private readonly writers = new Map<TenantId, { readonly writer: TenantWriter; usedAtMs: number }>();
  private readonly sweep: Sweep;
  private cancelTidy: (() => void) | null = null;
  private isDraining = false;

  constructor({ dueTimes, log = SILENT, limits = {}, random = Math.random, ...ports }: WritersOptions) {
    this.context = {
      ...ports,
      isShared: ports.isShared ?? false,
      log,
      random,
      limits: { ...DEFAULT_LIMITS, ...limits },
      counters: newCounters(),
    };
    this.sweep = new Sweep(dueTimes, (tenantId) => this.use(tenantId).wake(), this.context);
    this.sweep.start();
    this.tidyLater();
  }

  /**
   * Decides a command and answers once its events are in the log.
   * @throws Overloaded, Unavailable, InternalError, WriterStopped, ShuttingDown (as rejections)
   */
  execute(tenantId: TenantId, command: Command, origin: Origin): Promise<Answer> {
    if (this.isDraining) return Promise.reject(new ShuttingDown());
    return this.use(tenantId).execute(command, origin);
  }

  /**
   * Looks at a tenant's state once everything due by now has been recorded. The state must be neither changed
   * nor kept; that of an unknown tenant has `tenant` null.
   * @param staleMaxMs how long ago other processes may have written what it does not show; 0 for not at all
   * @throws Unavailable, WriterStopped, ShuttingDown (as rejections)
   */
  read<T>(tenantId: TenantId, look: (state: TenantState, at: ReadAt) => T, staleMaxMs?: number): Promise<T> {
    if (this.isDraining) return Promise.reject(new ShuttingDown());
    return this.use(tenantId).read(look, staleMaxMs);
  }

  /** Position of the newest event that this process has appended or folded; 0 when there is none. */
  get lastPosition(): number {
    return this.context.counters.lastPosition;
  }

  stats(): WritersStats {
    let queued = 0;
    let longestQueue = 0;
    const stopped: TenantId[] = [];
    for (const [tenantId, { writer }] of this.writers) {
      queued += writer.queueLength;
      longestQueue = Math.max(longestQueue, writer.queueLength);
      if (writer.isStopped) stopped.push(tenantId);
    }
    return { ...this.context.counters, tenants: this.writers.size, queued, longestQueue, stopped };
  }

  /**
   * Takes no new work, answers what is in flight and records every counted repeat. What the store does not
   * settle in time is turned away: its callers repeat it under the same key.
   */
  async drain(): Promise<void> {
    if (this.isDraining) return;
    this.isDraining = true;
    this.sweep.stop();
    this.cancelTidy?.();
    const { clock, limits } = this.context;
    const writers = [...this.writers.values()].map(({ writer }) => writer);
    await new Promise<void>((resolve) => {
      const cancel = clock.after(limits.drainMaxMs, resolve);
      void Promise.all(writers.map((writer) => writer.drain())).then(() => {
        cancel();
        resolve();
      });
    });
    for (const writer of writers) writer.abandon();
    this.writers.clear();
  }

  private use(tenantId: TenantId): TenantWriter {
    const usedAtMs = this.context.clock.now();
    const known = this.writers.get(tenantId);
    if (known !== undefined) {
      known.usedAtMs = usedAtMs;
      return known.writer;
    }
    const writer = new TenantWriter(tenantId, this.context, this.forgetUnknown);
    this.writers.set(tenantId, { writer, usedAtMs });
    return writer;
  }

  /** A tenant that does not exist takes no memory beyond its answer. */
  private readonly forgetUnknown = (writer: TenantWriter): void => {
    if (writer.isUnknownTenant && !writer.hasWork) this.writers.delete(writer.tenantId);
  };

  private tidyLater(): void {
    const { clock, limits } = this.context;
    this.cancelTidy = clock.after(Math.ceil(limits.idleMs / 10), () => {
      this.tidy();
      this.tidyLater();
    });
  }

  /** Lets go of tenants that nobody used for long, and of the longest unused beyond the bound; never of work. */
  private tidy(): void {
    const { clock, limits } = this.context;
    const idleSinceMs = clock.now() - limits.idleMs;
    const byUse = [...this.writers.values()].sort((a, b) => a.usedAtMs - b.usedAtMs);
    let surplus = this.writers.size - limits.tenantsMax;
    for (const { writer, usedAtMs } of byUse) {
      if (usedAtMs > idleSinceMs && surplus <= 0) return;
      // A stopped writer stays: a fresh one would find the same contradiction and hide that it was seen.
      if (writer.hasWork || writer.isStopped) continue;
      writer.close();
      this.writers.delete(writer.tenantId);
      surplus -= 1;
    }
  }
}
