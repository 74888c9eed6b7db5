/** What a period charged, told from its events one by one: no table, no SQL, nothing shared with the read model. */

import { createEventCodec } from '../../src/adapters/event-codec/codec.js';
import type { Action, RecordedEvent } from '../../src/domain/events.js';
import type { Subject } from '../../src/domain/subject.js';
import type { TestLedger } from './ledger.js';

/** One movement that a report counts. */
export interface Movement {
  readonly tenantId: string;
  readonly atMs: number;
  readonly unit: string;
  readonly what: 'charge' | 'hold' | 'return' | 'correction' | 'denial';
  readonly amount: bigint;
  readonly actual: bigint;
  readonly times: number;
  readonly of: Bearer;
}

/** Whoever bears it. */
export interface Bearer {
  readonly subject: Subject | null;
  readonly action: Action | null;
  readonly harness: string | null;
  readonly model: string | null;
}

interface Held {
  readonly unit: string;
  amount: bigint;
  of: Bearer;
  isOpen: boolean;
}

const NOBODY: Bearer = { subject: null, action: null, harness: null, model: null };

export function movementsOf(ledger: TestLedger): Movement[] {
  const movements: Movement[] = [];
  const held = new Map<string, Held>();
  /** The movements of a charge, since the model that it ran is known only when it is settled. */
  const about = new Map<string, { of: Bearer }[]>();
  const codec = createEventCodec();
  let harness: string | null = null;
  for (const stored of ledger.stored) {
    const event: RecordedEvent = codec.decode(stored);
    const tenantId = stored.stream.slice('tenant-'.length);
    const atMs = Date.parse(event.metadata.occurredAt);
    const move = (chargeId: string | null, movement: Omit<Movement, 'tenantId' | 'atMs'>): void => {
      const whole = { tenantId, atMs, ...movement };
      movements.push(whole);
      if (chargeId !== null) about.set(chargeId, [...(about.get(chargeId) ?? []), whole]);
    };
    const none = { actual: 0n, times: 1 };
    switch (event.type) {
      case 'Decided': {
        const { decision, operation, observed, estimate, subject, action, gate, repeats } = event.data;
        harness = gate?.harness ?? null;
        if (decision !== 'DENY' || observed || estimate === null) break;
        if (operation !== 'reserve' && operation !== 'debit' && operation !== 'tool_call') break;
        const of = { subject, action, harness, model: null };
        move(null, { unit: estimate.unit, what: 'denial', amount: 0n, actual: 0n, times: repeats, of });
        break;
      }
      case 'Reserved': {
        const { reservationId, unit, amount, subject, action, toolCallId } = event.data;
        const of = { subject, action, harness: toolCallId === null ? null : harness, model: null };
        held.set(reservationId, { unit, amount, of, isOpen: true });
        move(reservationId, { unit, what: 'hold', amount, ...none, of });
        break;
      }
      case 'Committed': {
        const { reservationId, unit, actual, charged, released, metrics } = event.data;
        const hold = held.get(reservationId);
        if (hold === undefined) throw new Error('committed what was not held');
        hold.isOpen = false;
        const model = typeof metrics?.['model_version'] === 'string' ? metrics['model_version'] : null;
        hold.of = { ...hold.of, model };
        for (const movement of about.get(reservationId) ?? []) movement.of = hold.of;
        move(reservationId, { unit, what: 'charge', amount: charged, actual, times: 1, of: hold.of });
        move(reservationId, { unit, what: 'return', amount: released, ...none, of: hold.of });
        break;
      }
      case 'Released': {
        const hold = held.get(event.data.reservationId);
        if (hold === undefined) throw new Error('released what was not held');
        hold.isOpen = false;
        move(null, { unit: hold.unit, what: 'return', amount: event.data.released, ...none, of: hold.of });
        break;
      }
      case 'Debited': {
        const { debitId, unit, actual, charged, subject, action } = event.data;
        const of = { subject, action, harness: null, model: null };
        held.set(debitId, { unit, amount: 0n, of, isOpen: false });
        move(null, { unit, what: 'charge', amount: charged, actual, times: 1, of });
        break;
      }
      case 'Adjusted': {
        const { chargeId, unit, delta } = event.data;
        const of = held.get(chargeId)?.of ?? NOBODY;
        move(null, { unit, what: 'correction', amount: delta, ...none, of });
        break;
      }
      case 'TenantClosed':
        for (const [reservationId, hold] of held) {
          if (!hold.isOpen || !isOf(ledger, reservationId, stored.stream)) continue;
          hold.isOpen = false;
          move(null, { unit: hold.unit, what: 'return', amount: hold.amount, ...none, of: hold.of });
        }
        break;
      default:
    }
  }
  return movements;
}

const isOf = (ledger: TestLedger, reservationId: string, stream: string): boolean =>
  ledger.stored.some((each) => each.stream === stream && each.data.includes(reservationId));
