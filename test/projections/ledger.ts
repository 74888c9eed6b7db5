/** A ledger for tests: commands run through the real decider, their events sealed and kept in memory. */

import type { Command } from '../../src/domain/commands.js';
import { NO_PRIOR } from '../../src/domain/commands.js';
import { decide, recordOfRefusal } from '../../src/domain/decider.js';
import { allDue, decideDue } from '../../src/domain/due.decider.js';
import type { Actor, LedgerEvent, Origin, TenantOpened } from '../../src/domain/events.js';
import { evolve } from '../../src/domain/evolve.js';
import { GENESIS_HASH, type SealedEvent, seal } from '../../src/domain/hash-chain.js';
import { claimOf } from '../../src/domain/idempotency.js';
import type { DecisionId, KeyId, ReservationId, TenantId } from '../../src/domain/ids.js';
import { initialState, type TenantState } from '../../src/domain/state.js';
import type { EventReader, StoredEvent } from '../../src/ports/event-store.port.js';

export const START_MS = Date.parse('2026-03-01T09:00:00.000Z');

export const SETTINGS: TenantOpened['data']['settings'] = {
  overagePolicy: 'ALLOW_IF_AVAILABLE',
  defaultTtlMs: 60_000,
  maxTtlMs: 3_600_000,
  maxExtensions: 10,
  expiryPolicy: 'AUTO_RELEASE',
};

interface TenantStream {
  state: TenantState;
  events: number;
  hash: string;
}

/** One store of several tenants' streams; every method appends what the decider accepts. */
export class TestLedger implements EventReader {
  readonly stored: StoredEvent[] = [];
  /** The same events as they were sealed, for a real store. */
  readonly sealed: { readonly stream: string; readonly events: SealedEvent[] }[] = [];
  nowMs = START_MS;
  private readonly streams = new Map<string, TenantStream>();
  private readonly listeners = new Set<(position: number) => void>();
  private ids = 0;

  mint(prefix: string): string {
    this.ids += 1;
    return `${prefix}_${String(this.ids).padStart(26, '0')}`;
  }
  reservationId = (): ReservationId => this.mint('rsv') as ReservationId;
  decisionId = (): DecisionId => this.mint('dec') as DecisionId;

  state(tenantId: string): TenantState {
    return this.streamOf(tenantId).state;
  }
  get tenantIds(): string[] {
    return [...this.streams.keys()];
  }

  /** Decides a command and appends its events, or the record of its refusal. Answers what was decided. */
  run(tenantId: string, command: Command, origin: Partial<Origin> = {}): 'accepted' | 'refused' {
    const full: Origin = { ...ORIGIN, requestHash: 'ab'.repeat(32), ...origin };
    const request = { command, origin: full, nowMs: this.nowMs, prior: NO_PRIOR };
    const { state } = this.streamOf(tenantId);
    const ruling = decide(request, state);
    if (ruling.kind === 'accepted') {
      this.append(tenantId, ruling.events, full, claimOf(command, full));
      return 'accepted';
    }
    const record = ruling.kind === 'refused' ? recordOfRefusal(request, ruling.refusal, state) : null;
    if (record) this.append(tenantId, [record], full);
    return 'refused';
  }

  /** Appends what has fallen due by now. */
  settleDue(tenantId: string): void {
    const { state } = this.streamOf(tenantId);
    const due = allDue(state).filter(({ atMs }) => atMs <= this.nowMs);
    for (const each of due.sort((a, b) => a.atMs - b.atMs)) {
      const { events } = decideDue(each, state, this.nowMs);
      this.append(tenantId, events, { ...ORIGIN, actor: { type: 'system' } });
    }
  }

  /** Appends events as they are; the state follows them unless they contradict it. */
  append(
    tenantId: string,
    events: readonly LedgerEvent[],
    origin: Origin = ORIGIN,
    claim: SealedEvent['claim'] = null,
  ): void {
    const stream = this.streamOf(tenantId);
    const name = `tenant-${tenantId}`;
    const batch: SealedEvent[] = [];
    for (const [index, event] of events.entries()) {
      evolve(stream.state, event, this.nowMs);
      const sealed = this.seal(event, name, { origin, claim: index === 0 ? claim : null });
      batch.push(sealed);
      this.store(sealed, name, stream);
    }
    if (batch.length > 0) this.sealed.push({ stream: name, events: batch });
    const head = this.stored.at(-1)?.position ?? 0;
    for (const listener of this.listeners) listener(head);
  }

  private seal(
    event: LedgerEvent,
    stream: string,
    { origin, claim }: { origin: Origin; claim: SealedEvent['claim'] },
  ): SealedEvent {
    this.ids += 1;
    const id = `00000000-0000-4000-8000-${String(this.ids).padStart(12, '0')}`;
    const occurredAt = new Date(this.nowMs).toISOString();
    const metadata = { ...origin, schema: 1, occurredAt, causationId: null };
    return seal({ id, event, metadata, claim }, stream, this.streamOf(stream.slice(7)).hash);
  }

  private store(sealed: SealedEvent, stream: string, into: TenantStream): void {
    this.stored.push({
      id: sealed.id,
      type: sealed.event.type,
      stream,
      revision: into.events,
      position: (this.stored.at(-1)?.position ?? 0) + 1,
      data: sealed.dataJson,
      metadata: sealed.metadataJson,
    });
    into.events += 1;
    into.hash = sealed.metadata.hash;
  }

  private streamOf(tenantId: string): TenantStream {
    let stream = this.streams.get(tenantId);
    if (stream === undefined) {
      stream = { state: initialState(), events: 0, hash: GENESIS_HASH };
      this.streams.set(tenantId, stream);
    }
    return stream;
  }

  async readStream(name: string, from: { readonly revision: number; readonly limit: number }) {
    const events = this.stored.filter(({ stream, revision }) => stream === name && revision >= from.revision);
    return events.slice(0, from.limit);
  }
  async readAll(after: { readonly position: number; readonly limit: number }) {
    return this.stored.filter(({ position }) => position > after.position).slice(0, after.limit);
  }
  async headPosition() {
    return this.stored.at(-1)?.position ?? 0;
  }
  onAppended(listener: (position: number) => void) {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}

export const ORIGIN: Origin = {
  actor: { type: 'admin' },
  sourceIp: '192.0.2.7',
  userAgent: 'test/1',
  requestId: 'req-1',
  traceId: 'a'.repeat(32),
  traceFlags: '01',
  idempotencyKey: null,
  requestHash: null,
};

export const openTenant = (tenantId: string): Command => ({
  type: 'OpenTenant',
  tenantId: tenantId as TenantId,
  name: `Tenant ${tenantId}`,
  parentTenantId: null,
  settings: SETTINGS,
  metadata: { plan: 'team' },
});

export function issueKey(keyId: string, secretHash: string): Command {
  return {
    type: 'IssueApiKey',
    key: {
      keyId: keyId as KeyId,
      secretHash,
      prefix: 'cyc_live_ab',
      name: 'harness',
      description: null,
      permissions: ['reservations:create'],
      scopeFilter: [],
      fixedSubject: { app: 'ide' },
      trusted: false,
      ownerOperatorId: null,
      expiresAtMs: START_MS + 90 * 86_400_000,
      metadata: { owner: 'ops' },
    },
  };
}

export const createBudget = (
  scope: string,
  allocated: bigint,
  more: { unit?: 'TOKENS' | 'RISK_POINTS' | 'USD_MICROCENTS'; overdraftLimit?: bigint } = {},
): Command => ({
  type: 'CreateBudget',
  decisionId: `dec_${scope}` as DecisionId,
  scope,
  unit: more.unit ?? 'TOKENS',
  allocated,
  overdraftLimit: more.overdraftLimit ?? 0n,
  overagePolicy: null,
  rolloverPolicy: 'NONE',
  period: null,
  metadata: { cost_center: '0042' },
});

export const keyActor = (keyId: string): Actor => ({ type: 'api_key', keyId: keyId as KeyId });
