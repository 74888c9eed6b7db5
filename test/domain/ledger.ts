/** A ledger of one tenant in memory: what a tenant writer does around the decider, without any I/O. */

import type { Command, Prior } from '../../src/domain/commands.js';
import { decide, recordOfRefusal } from '../../src/domain/decider.js';
import { allDue, type Due, decideDue, dueAfter } from '../../src/domain/due.decider.js';
import {
  type Actor,
  type LedgerEvent,
  type Origin,
  type RecordedEvent,
  SCHEMA_VERSION,
} from '../../src/domain/events.js';
import { evolve } from '../../src/domain/evolve.js';
import { GENESIS_HASH } from '../../src/domain/hash-chain.js';
import { answerIndex, claimOf } from '../../src/domain/idempotency.js';
import type { Claim, DecisionId, ReservationId } from '../../src/domain/ids.js';
import { assertInvariants } from '../../src/domain/invariants.js';
import type { Ruling } from '../../src/domain/ruling.js';
import { forkState, initialState, mergeState, type TenantState } from '../../src/domain/state.js';

/** 2026-03-01T10:00:00Z: far from midnight, so that a test crosses one only when it means to. */
export const START_MS = Date.UTC(2026, 2, 1, 10);

/** Of things due at the same moment, which comes first. */
const RANKS = ['reservation', 'period', 'idle', 'escalation', 'approval'];

export interface Happened {
  readonly event: LedgerEvent;
  readonly atMs: number;
}

export interface Asked {
  readonly actor?: Actor;
  readonly idempotencyKey?: string | null;
  /** Stands for the hash of the request's body. */
  readonly requestHash?: string;
}

export class Ledger {
  readonly state: TenantState = initialState();
  readonly history: Happened[] = [];
  nowMs = START_MS;
  private readonly queue: Due[] = [];
  private readonly answers = new Map<Claim, RecordedEvent>();
  private readonly ended = new Map<ReservationId, Exclude<Prior['reservation'], null>>();
  private readonly calls = new Map<DecisionId, { allowed: boolean; outcome: string | null }>();

  /** Where it learns what falls due: a writer asks the state once, after loading, and the events from then on. */
  constructor(private readonly dueFrom: 'state' | 'queue' = 'state') {}

  /** Decides a command and, when it is accepted, folds its events in. A refusal leaves its record only. */
  execute(command: Command, asked: Asked = {}): Ruling {
    const origin = originOf(asked);
    const claim = claimOf(command, origin);
    const request = { command, origin, nowMs: this.nowMs, prior: this.priorTo(command, claim) };
    const ruling = decide(request, this.state);
    if (ruling.kind === 'accepted') {
      this.apply(ruling.events);
      const answer = ruling.events[answerIndex(ruling.events)];
      if (claim !== null && answer !== undefined) this.answers.set(claim, this.recorded(answer, origin));
    }
    if (ruling.kind === 'refused') {
      const record = recordOfRefusal(request, ruling.refusal, this.state);
      this.apply([...(ruling.events ?? []), ...(record === null ? [] : [record])]);
    }
    return ruling;
  }

  /** Lets time pass; what falls due meanwhile happens at its own moment, in order. */
  wait(durationMs: number): LedgerEvent[] {
    const untilMs = this.nowMs + durationMs;
    const happened: LedgerEvent[] = [];
    for (;;) {
      const due = this.nextDue(untilMs);
      if (due === undefined) break;
      this.nowMs = Math.max(this.nowMs, due.atMs);
      const { events, again } = decideDue(due, this.state, this.nowMs);
      if (again !== null) this.queue.push(again);
      this.apply(events);
      happened.push(...events);
    }
    this.nowMs = untilMs;
    return happened;
  }

  /** The soonest thing due: looked up in the whole state, or taken from what the events have queued. */
  private nextDue(untilMs: number): Due | undefined {
    const isFromState = this.dueFrom === 'state';
    const dues = (isFromState ? allDue(this.state) : this.queue)
      .filter(({ atMs }) => atMs <= untilMs)
      .sort((a, b) => a.atMs - b.atMs || RANKS.indexOf(a.kind) - RANKS.indexOf(b.kind));
    if (isFromState) return dues.find((due) => decideDue(due, this.state, due.atMs).events.length > 0);
    const [soonest] = dues;
    if (soonest !== undefined) this.queue.splice(this.queue.indexOf(soonest), 1);
    return soonest;
  }

  /** Folds events through a fork with the invariants asserted, as the writer does before its append. */
  private apply(events: readonly LedgerEvent[]): void {
    const fork = forkState(this.state);
    for (const event of events) evolve(fork, event, this.nowMs);
    assertInvariants(this.state, fork, events);
    for (const event of events) this.remember(event);
    mergeState(fork, this.state);
    for (const event of events) this.queue.push(...dueAfter(event, this.nowMs, this.state));
  }

  private remember(event: LedgerEvent): void {
    this.history.push({ event, atMs: this.nowMs });
    switch (event.type) {
      case 'Committed':
        this.ended.set(event.data.reservationId, 'COMMITTED');
        break;
      case 'Released':
        this.ended.set(event.data.reservationId, event.data.reason === 'expired' ? 'EXPIRED' : 'RELEASED');
        break;
      case 'TenantClosed':
        for (const [id] of this.state.reservations.entries()) this.ended.set(id, 'RELEASED');
        break;
      case 'Decided':
        if (event.data.gate === null || !event.data.answered) break;
        this.calls.set(event.data.decisionId, {
          allowed: event.data.decision.startsWith('ALLOW') || event.data.observed === true,
          outcome: null,
        });
        break;
      case 'OutcomeRecorded':
        this.calls.set(event.data.toolCallId, { allowed: true, outcome: event.data.status });
        break;
    }
  }

  private priorTo(command: Command, claim: Claim | null): Prior {
    const reservationId = 'reservationId' in command ? command.reservationId : null;
    const toolCallId = command.type === 'RecordOutcome' ? command.toolCallId : null;
    return {
      answer: (claim !== null && this.answers.get(claim)) || null,
      reservation: (reservationId !== null && this.ended.get(reservationId)) || null,
      toolCall: (toolCallId !== null && this.calls.get(toolCallId)) || null,
    };
  }

  private recorded(event: LedgerEvent, origin: Origin): RecordedEvent {
    const occurredAt = new Date(this.nowMs).toISOString();
    const chain = {
      schema: SCHEMA_VERSION,
      causationId: null,
      previousHash: GENESIS_HASH,
      hash: GENESIS_HASH,
    };
    return {
      ...event,
      id: `event-${this.history.length}`,
      stream: 'tenant-acme',
      revision: this.history.length,
      position: this.history.length,
      metadata: { ...origin, ...chain, occurredAt },
    };
  }
}

export const originOf = ({ actor, idempotencyKey, requestHash }: Asked): Origin => ({
  actor: actor ?? { type: 'admin' },
  sourceIp: null,
  userAgent: null,
  requestId: null,
  traceId: null,
  traceFlags: null,
  idempotencyKey: idempotencyKey ?? null,
  requestHash: requestHash ?? null,
});

/** The state that a list of events folds to, in one layer. */
export function fold(happened: readonly Happened[], onto: TenantState = initialState()): TenantState {
  return happened.reduce((state, { event, atMs }) => evolve(state, event, atMs), onto);
}
