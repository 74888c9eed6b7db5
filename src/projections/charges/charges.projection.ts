/** Charges: what was held, charged, corrected and refused, by whom and for what. */

import type {
  Action,
  Adjusted,
  Committed,
  Debited,
  Decided,
  PeriodClosed,
  RecordedEvent,
  Released,
  Reserved,
} from '../../domain/events.js';
import type { Subject } from '../../domain/subject.js';
import type { Changes } from '../changes.js';
import { partsOf } from '../exact-sums.js';
import { keyIdOf, occurredAtMs, operatorIdOf, type Projection, requireTenant } from '../projection.js';
import { type NewRow, toJson, toJsonOrNull } from '../table.js';
import {
  chargeAdjustmentsTable,
  chargeDenialsTable,
  chargesTable,
  chargeTotalsTable,
  closedPeriodsTable,
  MINUTE_MS,
} from './charges.table.js';

type ChargeRow = NewRow<typeof chargesTable>;

export const chargesProjection: Projection = {
  name: 'charges',
  version: 1,
  tables: [chargesTable, chargeAdjustmentsTable, chargeDenialsTable, chargeTotalsTable, closedPeriodsTable],
  project(event, changes) {
    switch (event.type) {
      case 'Decided':
        return noteDecided(event, changes);
      case 'Reserved':
        return noteReserved(event, changes);
      case 'Committed':
        changes.update(chargesTable, keyOf(event), chargeOf(event));
        return count(event, changes, { charges: 1, charged: event.data.charged });
      case 'Released':
        return changes.update(chargesTable, keyOf(event), releaseOf(event));
      case 'Debited':
        changes.insert(chargesTable, rowOfDebited(event));
        return count(event, changes, { charges: 1, charged: event.data.charged });
      case 'Adjusted':
        changes.insert(chargeAdjustmentsTable, rowOfAdjusted(event));
        return count(event, changes, { charges: 0, charged: event.data.delta });
      case 'PeriodClosed':
        return changes.insert(closedPeriodsTable, rowOfPeriod(event));
      case 'TenantClosed':
        return changes.updateWhere(
          chargesTable,
          { tenant_id: requireTenant(event), status: 'HELD' },
          { status: 'RELEASED', settled_at_ms: occurredAtMs(event) },
        );
      default:
        return;
    }
  },
};

/** A tool call says with its decision what it holds, and from which harness it came; its holds follow. */
function noteDecided(event: RecordedEvent<Decided>, changes: Changes): void {
  const { subject, action, gate, decisionId } = event.data;
  for (const { reservationId, unit, amount } of gate?.holds ?? []) {
    changes.insert(chargesTable, {
      charge_id: reservationId,
      action_id: decisionId,
      ...whoseOf(event, subject, action),
      unit,
      harness: gate?.harness ?? null,
      ...heldAt(event, amount),
    });
  }
  if (isRefused(event)) changes.insert(chargeDenialsTable, denialOf(event));
}

function noteReserved(event: RecordedEvent<Reserved>, changes: Changes): void {
  const { reservationId, subject, action, unit, amount, toolCallId } = event.data;
  if (toolCallId !== null) return;
  changes.insert(chargesTable, {
    charge_id: reservationId,
    action_id: reservationId,
    ...whoseOf(event, subject, action),
    unit,
    ...heldAt(event, amount),
  });
}

function rowOfDebited(event: RecordedEvent<Debited>): ChargeRow {
  const { debitId, subject, action, unit, actual, charged, metrics } = event.data;
  return {
    charge_id: debitId,
    action_id: debitId,
    ...whoseOf(event, subject, action),
    unit,
    reserved: 0n,
    status: 'COMMITTED',
    settled_at_ms: occurredAtMs(event),
    actual,
    charged,
    released: 0n,
    ...usageOf(metrics),
  };
}

const rowOfAdjusted = (event: RecordedEvent<Adjusted>): NewRow<typeof chargeAdjustmentsTable> => ({
  event_id: event.id,
  charge_id: event.data.chargeId,
  tenant_id: requireTenant(event),
  unit: event.data.unit,
  adjusted_at_ms: occurredAtMs(event),
  delta: event.data.delta,
  reason: event.data.reason,
});

const rowOfPeriod = (event: RecordedEvent<PeriodClosed>): NewRow<typeof closedPeriodsTable> => ({
  period_id: event.data.periodId,
  position: event.position,
  tenant_id: requireTenant(event),
  from_ms: event.data.fromMs,
  until_ms: event.data.untilMs,
  closed_at_ms: occurredAtMs(event),
  operator_id: operatorIdOf(event.metadata.actor),
  revision: event.data.upTo.revision,
  hash: event.data.upTo.hash,
  totals: toJson(event.data.totals),
});

/** What would have held or charged something. Preflights and dry runs would not, and what was only observed ran. */
const CHARGING: ReadonlySet<Decided['data']['operation']> = new Set(['reserve', 'debit', 'tool_call']);

const isRefused = ({ data }: RecordedEvent<Decided>): boolean =>
  data.decision === 'DENY' &&
  data.observed !== true &&
  data.estimate !== null &&
  CHARGING.has(data.operation);

function denialOf(event: RecordedEvent<Decided>): NewRow<typeof chargeDenialsTable> {
  const { decisionId, subject, action, estimate, gate, repeats } = event.data;
  return {
    decision_id: decisionId,
    ...whoseOf(event, subject, action),
    unit: estimate?.unit ?? '',
    harness: gate?.harness ?? null,
    denied_at_ms: occurredAtMs(event),
    repeats,
  };
}

const whoseOf = (event: RecordedEvent, subject: Subject | null, action: Action | null) => ({
  tenant_id: requireTenant(event),
  workspace: subject?.workspace?.toLowerCase() ?? null,
  app: subject?.app?.toLowerCase() ?? null,
  workflow: subject?.workflow?.toLowerCase() ?? null,
  agent: subject?.agent?.toLowerCase() ?? null,
  toolset: subject?.toolset?.toLowerCase() ?? null,
  dimensions: dimensionsOf(subject),
  kind: action?.kind ?? null,
  name: action?.name ?? null,
  key_id: keyIdOf(event.metadata.actor),
});

/** Lower-cased, and without the one character that PostgreSQL's JSON does not take. */
function dimensionsOf(subject: Subject | null): string | null {
  if (subject?.dimensions === undefined) return null;
  const members = Object.entries(subject.dimensions).map(([key, value]) => [plain(key), plain(value)]);
  return toJson(Object.fromEntries(members));
}

const plain = (text: string): string => text.toLowerCase().replaceAll('\0', '\ufffd');

const heldAt = (event: RecordedEvent, reserved: bigint) => ({
  reserved,
  reserved_at_ms: occurredAtMs(event),
  status: 'HELD',
});

/** Adds what an event charged to the ledger's own totals. */
function count(
  event: RecordedEvent<Committed | Debited | Adjusted>,
  changes: Changes,
  { charges, charged }: { readonly charges: number; readonly charged: bigint },
): void {
  const { high, low } = partsOf(charged);
  changes.fold(chargeTotalsTable, {
    tenant_id: requireTenant(event),
    unit: event.data.unit,
    minute: Math.floor(occurredAtMs(event) / MINUTE_MS),
    charges,
    charged_high: high,
    charged_low: low,
  });
}

const keyOf = ({ data }: RecordedEvent<Committed | Released>) => ({ charge_id: data.reservationId });

const chargeOf = (event: RecordedEvent<Committed>) => ({
  status: 'COMMITTED',
  settled_at_ms: occurredAtMs(event),
  actual: event.data.actual,
  charged: event.data.charged,
  released: event.data.released,
  ...usageOf(event.data.metrics),
});

const releaseOf = (event: RecordedEvent<Released>) => ({
  status: event.data.reason === 'expired' ? 'EXPIRED' : 'RELEASED',
  settled_at_ms: occurredAtMs(event),
  released: event.data.released,
});

/** What the client reported of the use, and the model in it (StandardMetrics of the protocol). */
function usageOf(metrics: Committed['data']['metrics']) {
  if (metrics === null) return {};
  const { model_version: model } = metrics;
  return { metrics: toJsonOrNull(metrics), model: typeof model === 'string' ? model : null };
}
