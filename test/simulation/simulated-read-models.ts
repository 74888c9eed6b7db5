/** What projections would answer, in memory: at once, or as late as those of a node of a cluster. */

import { type LedgerEvent, streamOf } from '../../src/domain/events.js';
import type { DecisionId, ReservationId, TenantId } from '../../src/domain/ids.js';
import type { DueTimes } from '../../src/ports/due-times.port.js';
import type { History, PastReservation, PastToolCall } from '../../src/ports/history.port.js';
import type { SimulatedLog } from './simulated-log.js';
import type { NodeClock, VirtualTime } from './virtual-time.js';

const STREAM_PREFIX = streamOf('' as TenantId);

interface Row {
  readonly tenantId: TenantId;
  dueMs: number;
  status: PastReservation['status'];
}

/** Kept up with every event that is applied. */
export class MemoryReadModels implements History, DueTimes {
  private readonly reservations = new Map<string, Row>();
  private readonly active = new Set<Row>();
  private readonly toolCalls = new Map<string, PastToolCall & { outcome: string | null }>();

  apply(stream: string, { type, data }: LedgerEvent): void {
    const tenantId = stream.slice(STREAM_PREFIX.length) as TenantId;
    switch (type) {
      case 'Reserved':
        this.begin(data.reservationId, {
          tenantId,
          dueMs: data.expiresAtMs + data.gracePeriodMs,
          status: 'ACTIVE',
        });
        return;
      case 'Extended': {
        const row = this.reservations.get(data.reservationId);
        if (row !== undefined) row.dueMs = data.expiresAtMs + data.gracePeriodMs;
        return;
      }
      case 'Committed':
        this.end(data.reservationId, 'COMMITTED');
        return;
      case 'Released':
        this.end(data.reservationId, data.reason === 'expired' ? 'EXPIRED' : 'RELEASED');
        return;
      case 'Decided':
        if (data.gate !== null && data.answered && data.decision !== 'PENDING') {
          this.toolCalls.set(data.decisionId, { tenantId, decision: data.decision, outcome: null });
        }
        return;
      case 'OutcomeRecorded': {
        const call = this.toolCalls.get(data.toolCallId);
        if (call !== undefined) call.outcome = data.status;
        return;
      }
      case 'TenantClosed':
        for (const row of this.active) if (row.tenantId === tenantId) this.finish(row, 'RELEASED');
    }
  }

  async reservation(id: ReservationId): Promise<PastReservation | null> {
    return this.reservations.get(id) ?? null;
  }

  async toolCall(id: DecisionId): Promise<PastToolCall | null> {
    return this.toolCalls.get(id) ?? null;
  }

  async dueTenants(atMs: number, limit: number): Promise<string[]> {
    const due = new Set<string>();
    for (const { dueMs, tenantId } of this.active) if (dueMs <= atMs) due.add(tenantId);
    return [...due].slice(0, limit);
  }

  async nextDueMs(): Promise<number | null> {
    let nextMs = Number.POSITIVE_INFINITY;
    for (const { dueMs } of this.active) nextMs = Math.min(nextMs, dueMs);
    return Number.isFinite(nextMs) ? nextMs : null;
  }

  private begin(id: string, row: Row): void {
    this.reservations.set(id, row);
    this.active.add(row);
  }

  private end(id: string, status: Row['status']): void {
    const row = this.reservations.get(id);
    if (row !== undefined) this.finish(row, status);
  }

  private finish(row: Row, status: Row['status']): void {
    row.status = status;
    this.active.delete(row);
  }
}

/** The read models on a node's own disk. They see an event some time after it was written. */
export class LaggingReadModels {
  private readonly models = new MemoryReadModels();
  private position = 0;

  constructor(
    private readonly log: SimulatedLog,
    private readonly time: VirtualTime,
    readonly lagMs: number,
  ) {}

  /**
   * The ports of a process on this disk.
   * @param appended the position up to which the process itself has appended or folded
   */
  portsOf(node: NodeClock, appended: () => number): History & DueTimes {
    const { models } = this;
    const until = async (position: number): Promise<void> => {
      const waitMs = this.writtenMs(position) + this.lagMs - this.time.now();
      if (waitMs > 0) await new Promise<void>((resolve) => void node.after(waitMs, resolve));
      this.advance();
    };
    return {
      reservation: async (id) => {
        await until(appended());
        return models.reservation(id);
      },
      toolCall: async (id) => {
        await until(appended());
        return models.toolCall(id);
      },
      dueTenants: (atMs, limit) => {
        this.advance();
        return models.dueTenants(atMs, limit);
      },
      nextDueMs: () => {
        this.advance();
        return models.nextDueMs();
      },
    };
  }

  /** Applies what has been in the log for long enough. */
  private advance(): void {
    const seenMs = this.time.now() - this.lagMs;
    for (;;) {
      const line = this.log.lines[this.position];
      if (line === undefined || line.writtenMs > seenMs) return;
      this.models.apply(line.stored.stream, line.sealed.event);
      this.position += 1;
    }
  }

  /** When the event at a position was written, ms. */
  private writtenMs(position: number): number {
    return this.log.lines[position - 1]?.writtenMs ?? 0;
  }
}
