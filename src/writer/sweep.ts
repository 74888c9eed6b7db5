/** The sweeper: wakes the writers of tenants that are not loaded when something of theirs falls due. */

import type { TenantId } from '../domain/ids.js';
import type { DueTimes } from '../ports/due-times.port.js';
import type { WriterContext } from './context.js';

const TENANTS_PER_LOOK = 100;

export class Sweep {
  private cancel: (() => void) | null = null;
  private isStopped = false;

  constructor(
    private readonly dueTimes: DueTimes,
    private readonly wake: (tenantId: TenantId) => void,
    private readonly context: Pick<WriterContext, 'clock' | 'limits' | 'log'>,
  ) {}

  start(): void {
    this.lookAfter(this.context.limits.sweepMinMs);
  }

  stop(): void {
    this.isStopped = true;
    this.cancel?.();
  }

  private lookAfter(delayMs: number): void {
    if (this.isStopped) return;
    this.cancel = this.context.clock.after(delayMs, () => void this.look());
  }

  /** Never looks again before the shortest pause, since a read model shows an expiry only some time after it. */
  private async look(): Promise<void> {
    const { clock, limits, log } = this.context;
    let nextMs: number | null = null;
    try {
      const tenants = await this.dueTimes.dueTenants(clock.now(), TENANTS_PER_LOOK);
      for (const tenantId of tenants) this.wake(tenantId as TenantId);
      nextMs = await this.dueTimes.nextDueMs();
    } catch (error) {
      log.warn({ err: error }, 'due times cannot be read');
    }
    const untilNextMs = nextMs === null ? limits.sweepMaxMs : nextMs - clock.now();
    this.lookAfter(Math.min(Math.max(untilNextMs, limits.sweepMinMs), limits.sweepMaxMs));
  }
}
