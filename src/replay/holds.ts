/** An account of a tenant's holds, kept apart from the fold, to compare the two. */

import type { RecordedEvent, Reserved } from '../domain/events.js';
import type { BudgetKey, ReservationId } from '../domain/ids.js';
import { budgetKey } from '../domain/subject.js';
import { Mismatch } from './finding.js';

type Hold = Pick<Reserved['data'], 'unit' | 'amount' | 'heldScopes'>;

export class Holds {
  private readonly active = new Map<ReservationId, Hold>();
  private readonly ended = new Set<ReservationId>();
  private readonly held = new Map<BudgetKey, bigint>();

  /** Reservations without an end. */
  get activeCount(): number {
    return this.active.size;
  }

  /** What the active reservations hold of a budget. */
  heldOf(key: BudgetKey): bigint {
    return this.held.get(key) ?? 0n;
  }

  /** @throws Mismatch for a second beginning, a second end, or an end without a beginning */
  apply(event: RecordedEvent): void {
    switch (event.type) {
      case 'Reserved':
        this.begin(event.data);
        return;
      case 'Extended':
        if (this.active.has(event.data.reservationId)) return;
        throw new Mismatch('holds', `the reservation ${event.data.reservationId} is extended, but not held`);
      case 'Committed':
      case 'Released': {
        const { reservationId, released } = event.data;
        const { amount } = this.end(reservationId);
        const charged = event.type === 'Committed' ? event.data.charged : 0n;
        if (released + charged < amount) {
          throw new Mismatch('holds', `${amount} were held, but only ${released + charged} accounted for`);
        }
        return;
      }
      case 'TenantClosed':
        for (const reservationId of [...this.active.keys()]) this.end(reservationId);
        return;
      default:
        return;
    }
  }

  private begin(data: Reserved['data']): void {
    const { reservationId } = data;
    if (this.active.has(reservationId) || this.ended.has(reservationId)) {
      throw new Mismatch('holds', `the reservation ${reservationId} begins twice`);
    }
    this.active.set(reservationId, data);
    this.move(data, data.amount);
  }

  private end(reservationId: ReservationId): Hold {
    const hold = this.active.get(reservationId);
    if (hold === undefined) {
      const how = this.ended.has(reservationId) ? 'ends twice' : 'ends without having begun';
      throw new Mismatch('holds', `the reservation ${reservationId} ${how}`);
    }
    this.active.delete(reservationId);
    this.ended.add(reservationId);
    this.move(hold, -hold.amount);
    return hold;
  }

  private move({ unit, heldScopes }: Hold, amount: bigint): void {
    for (const scope of heldScopes) {
      const key = budgetKey(scope, unit);
      this.held.set(key, this.heldOf(key) + amount);
    }
  }
}
