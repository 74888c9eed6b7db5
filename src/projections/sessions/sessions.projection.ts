/** Sessions: one row a run of an agent, with what it proposed and what was decided about it. */

import type { Decided, RecordedEvent, Reserved } from '../../domain/events.js';
import type { Subject } from '../../domain/subject.js';
import type { Changes } from '../changes.js';
import { keyIdOf, occurredAtMs, type Projection, requireTenant } from '../projection.js';
import { type NewRow, toJsonOrNull } from '../table.js';
import { sessionsTable } from './sessions.table.js';

type SessionRow = NewRow<typeof sessionsTable>;

export const sessionsProjection: Projection = {
  name: 'sessions',
  version: 1,
  tables: [sessionsTable],
  project(event, changes) {
    switch (event.type) {
      case 'Decided':
        return addDecided(event, changes);
      case 'Reserved':
        return addReserved(event, changes);
      case 'Debited': {
        const { subject } = event.data;
        return add(changes, rowOf(event, subject, { sessionId: subject.workflow, decision: 'ALLOW' }));
      }
      default:
        return;
    }
  },
};

function addDecided(event: RecordedEvent<Decided>, changes: Changes): void {
  const { subject, gate, decision, repeats } = event.data;
  const sessionId = subject?.workflow ?? gate?.sessionId;
  const row = rowOf(event, subject, { sessionId, decision, repeats });
  if (row === null) return;
  const isObserved = event.data.operation === 'observe' || event.data.observed === true;
  add(changes, {
    ...row,
    ...(isObserved && { observed: repeats }),
    ...(gate && {
      harness: gate.harness,
      highest_tier: gate.assessment.tier,
      points_proposed: gate.assessment.riskPoints * repeats,
    }),
  });
}

/** A hold of the gate belongs to a tool call that is counted already. */
function addReserved(event: RecordedEvent<Reserved>, changes: Changes): void {
  const { subject, toolCallId, caps } = event.data;
  if (toolCallId !== null) return;
  const decision = caps === null ? 'ALLOW' : 'ALLOW_WITH_CAPS';
  add(changes, rowOf(event, subject, { sessionId: subject.workflow, decision }));
}

function add(changes: Changes, row: SessionRow | null): void {
  if (row !== null) changes.fold(sessionsTable, row);
}

interface Proposal {
  readonly sessionId: string | undefined;
  readonly decision: Decided['data']['decision'];
  readonly repeats?: number;
}

/** Null for what belongs to no session. */
function rowOf(
  event: RecordedEvent,
  subject: Subject | null,
  { sessionId, decision, repeats = 1 }: Proposal,
): SessionRow | null {
  if (sessionId === undefined) return null;
  const atMs = occurredAtMs(event);
  return {
    tenant_id: requireTenant(event),
    session_id: sessionId.toLowerCase(),
    position: event.position,
    revision: event.revision,
    first_at_ms: atMs,
    last_at_ms: atMs,
    subject: toJsonOrNull(subject),
    agent: subject?.agent?.toLowerCase() ?? null,
    harness: null,
    key_id: keyIdOf(event.metadata.actor),
    actions: repeats,
    allowed: decision === 'ALLOW' ? repeats : 0,
    capped: decision === 'ALLOW_WITH_CAPS' ? repeats : 0,
    denied: decision === 'DENY' ? repeats : 0,
    pending: decision === 'PENDING' ? repeats : 0,
    observed: 0,
    highest_tier: null,
    points_proposed: 0,
  };
}
