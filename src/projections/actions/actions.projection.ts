/** Actions: the audit record. What was proposed, decided, authorized, what happened, who carried it. */

import type {
  Action,
  Adjusted,
  Committed,
  Debited,
  Decided,
  Extended,
  GateRecord,
  OutcomeRecorded,
  RecordedEvent,
  Released,
  Reserved,
} from '../../domain/events.js';
import type { Subject } from '../../domain/subject.js';
import type { Changes } from '../changes.js';
import { keyIdOf, occurredAtMs, operatorIdOf, type Projection, requireTenant } from '../projection.js';
import { type NewRow, toJson, toJsonOrNull } from '../table.js';
import { actionHoldsTable, actionsTable } from './actions.table.js';
import { searchedText } from './searched.js';

type ActionRow = NewRow<typeof actionsTable>;

export const actionsProjection: Projection = {
  name: 'actions',
  version: 4,
  tables: [actionsTable, actionHoldsTable],
  project(event, changes) {
    switch (event.type) {
      case 'Decided':
        return changes.insert(actionsTable, rowOfDecided(event));
      case 'Reserved':
        return authorize(event, changes);
      case 'Debited':
        changes.insert(actionsTable, rowOfDebited(event));
        return changes.insert(actionHoldsTable, chargeOf(event));
      case 'Adjusted':
        return adjust(event, changes);
      case 'Extended':
        return changes.update(actionHoldsTable, holdKey(event), { expires_at_ms: event.data.expiresAtMs });
      case 'Committed':
        return changes.update(actionHoldsTable, holdKey(event), commitOf(event));
      case 'Released':
        return changes.update(actionHoldsTable, holdKey(event), releaseOf(event));
      case 'OutcomeRecorded':
        return changes.update(actionsTable, { action_id: event.data.toolCallId }, outcomeOf(event));
      case 'TenantClosed':
        return changes.updateWhere(
          actionHoldsTable,
          { tenant_id: requireTenant(event), status: 'HELD' },
          {
            status: 'RELEASED',
            end_reason: 'tenant_closed',
            settled_at_ms: occurredAtMs(event),
            charged: 0n,
          },
        );
      default:
        return;
    }
  },
};

/** A plain reservation is a record of its own; a hold of the gate belongs to its tool call's. */
function authorize(event: RecordedEvent<Reserved>, changes: Changes): void {
  const { toolCallId } = event.data;
  if (toolCallId === null) changes.insert(actionsTable, rowOfReserved(event));
  changes.insert(actionHoldsTable, holdOf(event));
}

/** Of a charge made before this record was kept there is no row. */
function adjust(event: RecordedEvent<Adjusted>, changes: Changes): void {
  const { chargeId, charged } = event.data;
  const change = { charged, adjusted_at_ms: occurredAtMs(event) };
  changes.updateWhere(actionHoldsTable, { reservation_id: chargeId }, change);
}

function rowOfDecided(event: RecordedEvent<Decided>): ActionRow {
  const { data } = event;
  return {
    action_id: data.decisionId,
    ...placeOf(event),
    operation: data.operation,
    ...gateOf(data.gate),
    ...proposalOf(data.subject, data.action),
    session_id: sessionOf(data.subject, data.gate),
    estimate_unit: data.estimate?.unit ?? null,
    estimate_amount: data.estimate?.amount ?? null,
    metadata: toJsonOrNull(data.metadata),
    decision: data.decision,
    reason_code: data.reasonCode,
    message: data.message,
    details: toJsonOrNull(data.details),
    deny: toJsonOrNull(data.deny),
    policy_id: data.policyId ?? null,
    observed: isObserved(data) ? 1 : null,
    caps: toJsonOrNull(data.caps),
    answered: data.answered ? 1 : 0,
    repeats: data.repeats,
    decided_on: toJson(data.balances),
    authorized_at_ms: isAuthority(data) ? occurredAtMs(event) : null,
    scope_path: data.scopePath,
    affected_scopes: toJson(data.affectedScopes),
    reservation_id: data.reservationId,
    ...NOT_FIRED,
    ...carrierOf(event),
  };
}

/** Only observed: what was decided did not bind. */
const isObserved = (data: Decided['data']): boolean => data.operation === 'observe' || data.observed === true;

/** An allowed or only observed tool call may run at once; a preflight or a dry run authorizes nothing. */
const isAuthority = (data: Decided['data']): boolean =>
  data.operation === 'tool_call' &&
  (data.observed === true || data.decision === 'ALLOW' || data.decision === 'ALLOW_WITH_CAPS');

/** Nearly every event is one of these, so what is null in it is left out. */
function rowOfReserved(event: RecordedEvent<Reserved>): ActionRow {
  const { data } = event;
  return {
    action_id: data.reservationId,
    ...placeOf(event),
    operation: 'reserve',
    ...proposalOf(data.subject, data.action),
    session_id: sessionOf(data.subject, null),
    estimate_unit: data.unit,
    estimate_amount: data.amount,
    metadata: toJsonOrNull(data.metadata),
    decision: data.caps === null ? 'ALLOW' : 'ALLOW_WITH_CAPS',
    caps: toJsonOrNull(data.caps),
    ...(data.policyId !== undefined && { policy_id: data.policyId }),
    answered: 1,
    repeats: 1,
    decided_on: toJson(data.balances.map((after) => ({ ...after, reserved: after.reserved - data.amount }))),
    authorized_at_ms: occurredAtMs(event),
    scope_path: data.scopePath,
    affected_scopes: toJson(data.affectedScopes),
    reservation_id: data.reservationId,
    ...carrierOf(event),
  };
}

/** What is charged afterwards has run: the record says so, though nobody was asked before. */
function rowOfDebited(event: RecordedEvent<Debited>): ActionRow {
  const { data } = event;
  return {
    action_id: data.debitId,
    ...placeOf(event),
    operation: 'debit',
    ...gateOf(null),
    ...proposalOf(data.subject, data.action),
    session_id: sessionOf(data.subject, null),
    estimate_unit: data.unit,
    estimate_amount: data.actual,
    metadata: toJsonOrNull(data.metadata),
    decision: 'ALLOW',
    reason_code: null,
    message: null,
    details: null,
    deny: null,
    policy_id: null,
    observed: null,
    caps: null,
    answered: 1,
    repeats: 1,
    decided_on: toJson(data.balances),
    authorized_at_ms: null,
    scope_path: data.scopePath,
    affected_scopes: toJson(data.affectedScopes),
    reservation_id: null,
    ...NOT_FIRED,
    ...carrierOf(event),
  };
}

const placeOf = (event: RecordedEvent) => ({
  tenant_id: requireTenant(event),
  position: event.position,
  revision: event.revision,
  event_id: event.id,
  event_hash: event.metadata.hash,
  proposed_at_ms: occurredAtMs(event),
});

const proposalOf = (subject: Subject | null, action: Action | null) => ({
  subject: toJsonOrNull(subject),
  action: toJsonOrNull(action),
  workspace: subject?.workspace?.toLowerCase() ?? null,
  app: subject?.app?.toLowerCase() ?? null,
  agent: subject?.agent?.toLowerCase() ?? null,
  toolset: subject?.toolset?.toLowerCase() ?? null,
  dimensions: subject?.dimensions === undefined ? null : toJson(subject.dimensions).toLowerCase(),
  action_kind: action?.kind ?? null,
  action_name: action?.name ?? null,
});

const sessionOf = (subject: Subject | null, gate: GateRecord | null): string | null =>
  (subject?.workflow ?? gate?.sessionId)?.toLowerCase() ?? null;

function gateOf(gate: GateRecord | null) {
  const assessment = gate?.assessment;
  return {
    harness: gate?.harness ?? null,
    tool_name: gate?.tool.name ?? null,
    tool_server: gate?.tool.server ?? null,
    tool_input: gate === null ? null : toJson(gate.tool.input),
    tool_input_truncated: gate === null ? null : Number(gate.inputTruncated),
    tool_input_digest: gate?.inputDigest ?? null,
    cwd: gate?.cwd ?? null,
    context: toJsonOrNull(gate?.context),
    files: toJsonOrNull(gate?.files),
    action_hash: gate?.actionHash ?? null,
    tier: assessment?.tier ?? null,
    risk_class: assessment?.riskClass ?? null,
    risk_points: assessment?.riskPoints ?? null,
    assessment: toJsonOrNull(assessment),
    searched: gate === null ? null : searchedText(gate),
  };
}

const NOT_FIRED = {
  outcome: null,
  outcome_at_ms: null,
  http_status: null,
  exit_code: null,
  outcome_error: null,
  output_sha256: null,
  refunded: null,
} as const;

const outcomeOf = (event: RecordedEvent<OutcomeRecorded>) => ({
  outcome: event.data.status,
  outcome_at_ms: occurredAtMs(event),
  http_status: event.data.httpStatus,
  exit_code: event.data.exitCode,
  outcome_error: event.data.error,
  output_sha256: event.data.outputSha256,
  refunded: event.data.refunded ? 1 : 0,
});

const carrierOf = ({ metadata }: RecordedEvent) => ({
  actor_type: metadata.actor.type,
  key_id: keyIdOf(metadata.actor),
  operator_id: operatorIdOf(metadata.actor),
  source_ip: metadata.sourceIp,
  user_agent: metadata.userAgent,
  request_id: metadata.requestId,
  trace_id: metadata.traceId,
  trace_flags: metadata.traceFlags,
  idempotency_key: metadata.idempotencyKey,
});

function holdOf(event: RecordedEvent<Reserved>): NewRow<typeof actionHoldsTable> {
  const { data } = event;
  return {
    reservation_id: data.reservationId,
    action_id: data.toolCallId ?? data.reservationId,
    tenant_id: requireTenant(event),
    ...(data.subject.workflow !== undefined && { session_id: data.subject.workflow.toLowerCase() }),
    unit: data.unit,
    amount: data.amount,
    held_at_ms: occurredAtMs(event),
    expires_at_ms: data.expiresAtMs,
    held_scopes: toJson(data.heldScopes),
    balances_held: toJson(data.balances),
    status: 'HELD',
  };
}

/** Nothing was held for it, and it is settled. */
function chargeOf(event: RecordedEvent<Debited>): NewRow<typeof actionHoldsTable> {
  const { data } = event;
  const atMs = occurredAtMs(event);
  return {
    reservation_id: data.debitId,
    action_id: data.debitId,
    tenant_id: requireTenant(event),
    session_id: sessionOf(data.subject, null),
    unit: data.unit,
    amount: 0n,
    held_at_ms: atMs,
    expires_at_ms: atMs,
    held_scopes: toJson(data.chargedScopes),
    balances_held: toJson([]),
    status: 'COMMITTED',
    end_reason: 'debit',
    settled_at_ms: atMs,
    actual: data.actual,
    charged: data.charged,
    released: 0n,
    balances_settled: toJson(data.balances),
  };
}

const holdKey = ({ data }: RecordedEvent<Extended | Committed | Released>) => ({
  reservation_id: data.reservationId,
});

const commitOf = (event: RecordedEvent<Committed>) => ({
  status: 'COMMITTED',
  end_reason: event.data.reason,
  settled_at_ms: occurredAtMs(event),
  actual: event.data.actual,
  charged: event.data.charged,
  released: event.data.released,
  balances_settled: toJson(event.data.balances),
});

const releaseOf = (event: RecordedEvent<Released>) => ({
  status: event.data.reason === 'expired' ? 'EXPIRED' : 'RELEASED',
  end_reason: event.data.reason,
  settled_at_ms: occurredAtMs(event),
  charged: 0n,
  released: event.data.released,
  balances_settled: toJson(event.data.balances),
});
