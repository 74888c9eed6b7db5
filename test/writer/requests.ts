/** Requests as the command handlers would build them, for tests that drive writers. */

import { createHash } from 'node:crypto';
import type { Unit } from '../../src/domain/amount.js';
import { canonicalJson } from '../../src/domain/canonical-json.js';
import type {
  Command,
  Commit,
  OpenTenant,
  Release,
  Reserve,
  SubmitToolCall,
} from '../../src/domain/commands.js';
import type { Origin, OveragePolicy } from '../../src/domain/events.js';
import type { DecisionId, KeyId, ReservationId, TenantId } from '../../src/domain/ids.js';
import type { Subject } from '../../src/domain/subject.js';

export const ACME = 'acme' as TenantId;

let lastId = 0;
const nextId = (prefix: string): string => `${prefix}_${String(++lastId).padStart(8, '0')}`;

/** An operator's request; with a key it is idempotent, compared by the body given. */
export function origin(idempotencyKey: string | null = null, body: unknown = idempotencyKey): Origin {
  const hash = createHash('sha256').update(canonicalJson(body)).digest('hex');
  return {
    actor: { type: 'admin' },
    sourceIp: null,
    userAgent: null,
    requestId: null,
    traceId: null,
    traceFlags: null,
    idempotencyKey,
    requestHash: idempotencyKey === null ? null : hash,
  };
}

export const openTenant = (overagePolicy: OveragePolicy = 'REJECT', tenantId = ACME): OpenTenant => ({
  type: 'OpenTenant',
  tenantId,
  name: tenantId,
  parentTenantId: null,
  settings: {
    overagePolicy,
    defaultTtlMs: 60_000,
    maxTtlMs: 86_400_000,
    maxExtensions: 10,
    expiryPolicy: 'AUTO_RELEASE',
  },
  metadata: {},
});

export const createBudget = (scope: string, allocated: bigint, unit: Unit = 'TOKENS'): Command => ({
  type: 'CreateBudget',
  decisionId: nextId('dec') as DecisionId,
  scope,
  unit,
  allocated,
  overdraftLimit: 0n,
  overagePolicy: null,
  rolloverPolicy: 'NONE',
  period: null,
  metadata: {},
});

export const fund = (scope: string, amount: bigint, unit: Unit = 'TOKENS'): Command => ({
  type: 'FundBudget',
  decisionId: nextId('dec') as DecisionId,
  scope,
  unit,
  operation: 'CREDIT',
  amount,
  spent: null,
  reason: null,
  metadata: {},
});

export const reserve = (
  amount: bigint,
  how: { subject?: Subject; ttlMs?: number; graceMs?: number; unit?: Unit } = {},
): Reserve => ({
  type: 'Reserve',
  reservationId: nextId('rsv') as ReservationId,
  decisionId: nextId('dec') as DecisionId,
  subject: how.subject ?? { app: 'ide' },
  action: { kind: 'llm.completion', name: 'complete' },
  estimate: { unit: how.unit ?? 'TOKENS', amount },
  ttlMs: how.ttlMs ?? null,
  gracePeriodMs: how.graceMs ?? 0,
  overagePolicy: null,
  metadata: null,
});

export const commit = (reservationId: string, amount: bigint, unit: Unit = 'TOKENS'): Commit => ({
  type: 'Commit',
  reservationId: reservationId as ReservationId,
  decisionId: nextId('dec') as DecisionId,
  actual: { unit, amount },
  metrics: null,
  metadata: null,
});

export const release = (reservationId: string): Release => ({
  type: 'Release',
  reservationId: reservationId as ReservationId,
  decisionId: nextId('dec') as DecisionId,
  reason: null,
});

/** A shell command at the gate, in session `s1` unless told otherwise. */
export const submit = (command: string, how: { points?: number; session?: string } = {}): SubmitToolCall => ({
  type: 'SubmitToolCall',
  toolCallId: nextId('dec') as DecisionId,
  riskReservationId: nextId('rsv') as ReservationId,
  moneyReservationId: nextId('rsv') as ReservationId,
  subject: { app: 'ide' },
  toolset: 'shell',
  declaredKind: null,
  record: {
    harness: 'cursor',
    sessionId: how.session ?? 's1',
    tool: { name: 'Shell', server: null, input: { command } },
    inputTruncated: false,
    inputDigest: '00',
    cwd: null,
    context: {},
    files: [],
    actionHash: `hash of ${command}`,
  },
  assessment: {
    actionKind: 'tool.shell',
    riskClass: 'side_effect',
    tier: 2,
    riskPoints: how.points ?? 5,
    effects: [],
    factors: [],
    radius: 'object',
    opaque: false,
    selfProtection: false,
    engineVersion: 'test',
  },
  estimate: null,
  holdMs: 3_600_000,
  requiresApproval: false,
  approvers: [],
  waitedFor: null,
});

export const issueKey = (keyId: KeyId, permissions: readonly string[]): Command => ({
  type: 'IssueApiKey',
  key: {
    keyId,
    secretHash: '00',
    prefix: 'cyc_test_',
    name: keyId,
    description: null,
    permissions,
    scopeFilter: [],
    fixedSubject: {},
    trusted: false,
    ownerOperatorId: null,
    expiresAtMs: Number.MAX_SAFE_INTEGER,
    metadata: {},
  },
});
