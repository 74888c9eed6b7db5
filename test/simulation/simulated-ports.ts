/** The rest of what a writer needs, in memory: ids in sequence, snapshots, and read models that never lag. */

import type { DecisionId, IdPrefix, ReservationId, TenantId } from '../../src/domain/ids.js';
import type { Clock } from '../../src/ports/clock.port.js';
import type { DueTimes } from '../../src/ports/due-times.port.js';
import type { StoredEvent } from '../../src/ports/event-store.port.js';
import type { History, PastReservation, PastToolCall } from '../../src/ports/history.port.js';
import type { Ids } from '../../src/ports/ids.port.js';
import type { Snapshot, SnapshotArchive, SnapshotStore } from '../../src/ports/snapshot-store.port.js';
import { DEFAULT_LIMITS } from '../../src/writer/limits.js';
import type { FoldingContext } from '../../src/writer/load.js';
import { takeSnapshot } from '../../src/writer/snapshots.js';

export class SequentialIds implements Ids {
  private last = 0;

  constructor(private readonly name: string) {}

  mint(prefix: IdPrefix): string {
    return `${prefix}_${this.name}${++this.last}`;
  }

  eventId(): string {
    return `event-${this.name}-${++this.last}`;
  }
}

/** Folds at once and keeps the latest. What it folds is the log as it is, whatever a node was told of it. */
export class MemorySnapshots implements SnapshotStore, SnapshotArchive {
  readonly saved = new Map<string, Snapshot>();

  constructor(private readonly log: Pick<FoldingContext, 'store' | 'codec'>) {}

  async latest(tenantId: string, stateVersion: number): Promise<Snapshot | null> {
    const snapshot = this.saved.get(tenantId);
    return snapshot?.stateVersion === stateVersion ? snapshot : null;
  }

  async save(snapshot: Snapshot): Promise<void> {
    this.saved.set(snapshot.tenantId, snapshot);
  }

  take(tenantId: string, revision: number): Promise<void> {
    return takeSnapshot(tenantId as TenantId, revision, {
      ...this.log,
      snapshots: this,
      clock: STOPPED_CLOCK,
      limits: DEFAULT_LIMITS,
      random: () => 0.5,
      log: { warn: () => undefined, error: () => undefined },
    });
  }
}

/** No slice of time ever ends under it. */
const STOPPED_CLOCK: Clock = {
  now: () => 0,
  after() {
    throw new Error('folding at once waits for nothing');
  },
};

interface Row {
  readonly tenantId: TenantId;
  dueMs: number;
  status: PastReservation['status'];
}

/** What projections would answer, kept up with every append. */
export class MemoryReadModels implements History, DueTimes {
  private readonly reservations = new Map<string, Row>();
  private readonly active = new Set<Row>();
  private readonly toolCalls = new Map<string, PastToolCall & { outcome: string | null }>();

  apply(stored: StoredEvent): void {
    const tenantId = stored.stream.slice('tenant-'.length) as TenantId;
    const data = JSON.parse(stored.data);
    switch (stored.type) {
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
        if (data.gate !== null && data.answered) {
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
    const due = [...this.active].filter((row) => row.dueMs <= atMs).map((row) => row.tenantId);
    return [...new Set(due)].slice(0, limit);
  }

  async nextDueMs(): Promise<number | null> {
    const next = Math.min(...[...this.active].map((row) => row.dueMs));
    return Number.isFinite(next) ? next : null;
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
