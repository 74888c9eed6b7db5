/** A session again, step by step, from the tenant's stream: what was proposed, decided, held, done and settled. */

import type { RecordedEvent } from '../domain/events.js';
import type { TenantId } from '../domain/ids.js';
import { Balances, type Move } from './balances.js';
import { atMsOf, isBeyond, type LedgerSource, type Place, readSlices } from './stream.js';

export type { Move } from './balances.js';

export type StepKind =
  /** Something was asked and decided; a plain reservation or charge is its own decision. */
  | 'proposal'
  /** Authority is held for an allowed call. */
  | 'hold'
  | 'extension'
  /** What the external system answered. */
  | 'outcome'
  /** A hold ends: committed, released, expired, or closed with its tenant. */
  | 'settlement'
  | 'adjustment'
  /** A question to people, an answer, or its end. */
  | 'approval'
  /** A budget of the session's own opens, is funded, or changes; or an approval adds to one. */
  | 'budget';

export interface Step {
  readonly kind: StepKind;
  readonly event: RecordedEvent;
  /** The proposal that it belongs to; null for what happens to budgets by themselves. */
  readonly actionId: string | null;
  readonly moves: readonly Move[];
}

/** A session, and what bounds the stretch of ledger that it can be found in. */
export interface SessionBounds {
  readonly tenantId: TenantId;
  /** Lower-cased. */
  readonly sessionId: string;
  /** Of its first proposal. */
  readonly firstRevision: number;
  /** When something last happened in it, in ms since the epoch. */
  readonly lastAtMs: number;
}

/** What an event is to a session. */
type Part = Pick<Step, 'kind' | 'actionId'>;

/** A budget that opens by itself does so in the append of the first proposal, just before it. */
const OPENINGS_MAX = 16;

/**
 * The steps of a session in the order of the ledger, up to a place, its end when there is none.
 * @throws whatever the source throws when it cannot be read
 */
export async function* replaySession(
  source: LedgerSource,
  session: SessionBounds,
  place: Place | null,
): AsyncGenerator<Step> {
  const { tenantId, firstRevision, lastAtMs } = session;
  const revision = Math.max(0, firstRevision - OPENINGS_MAX);
  const balances = new Balances(source, tenantId);
  const story = new SessionStory(session.sessionId);
  for await (const slice of readSlices(source, { tenantId, revision })) {
    for (const event of slice) {
      if (isBeyond(event, place) || atMsOf(event) > lastAtMs) return;
      const part = story.partOf(event);
      if (part === null) balances.follow(event);
      else yield { ...part, event, moves: await balances.movesOf(event) };
    }
  }
}

/** Tells which events of a tenant belong to one session, and to which of its proposals. */
class SessionStory {
  /** What holds, calls and charges of the session belong to, by their ids. */
  private readonly actions = new Map<string, string>();
  private readonly approvals = new Map<string, string>();
  private readonly open = new Set<string>();

  constructor(private readonly sessionId: string) {}

  partOf(event: RecordedEvent): Part | null {
    switch (event.type) {
      case 'Decided': {
        const { decisionId, subject, gate, reservationId } = event.data;
        const isOfSession = this.isNamed(subject?.workflow ?? gate?.sessionId);
        if (!isOfSession && !this.actions.has(reservationId ?? '')) return null;
        return this.begin('proposal', decisionId);
      }
      case 'Reserved':
        return this.hold(event.data);
      case 'Debited':
        return this.isNamed(event.data.subject.workflow) ? this.begin('proposal', event.data.debitId) : null;
      case 'Extended':
        return this.known('extension', event.data.reservationId);
      case 'Committed':
      case 'Released':
        this.open.delete(event.data.reservationId);
        return this.known('settlement', event.data.reservationId);
      case 'Adjusted':
        return this.known('adjustment', event.data.chargeId);
      case 'OutcomeRecorded':
        return this.known('outcome', event.data.toolCallId);
      case 'TenantClosed':
        return this.open.size === 0 ? null : { kind: 'settlement', actionId: null };
      default:
        return this.approvalPart(event) ?? this.budgetPart(event);
    }
  }

  private hold(data: (RecordedEvent & { type: 'Reserved' })['data']): Part | null {
    const { reservationId, toolCallId, subject } = data;
    if (!this.isNamed(subject.workflow)) return null;
    this.open.add(reservationId);
    if (toolCallId === null) return this.begin('proposal', reservationId);
    this.actions.set(reservationId, toolCallId);
    return { kind: 'hold', actionId: toolCallId };
  }

  private approvalPart(event: RecordedEvent): Part | null {
    switch (event.type) {
      case 'ApprovalRequested': {
        const { approvalId, decisionId, sessionScope } = event.data;
        if (!this.covers(sessionScope)) return null;
        this.approvals.set(approvalId, decisionId);
        return { kind: 'approval', actionId: decisionId };
      }
      case 'ApprovalEscalated':
      case 'ApprovalGranted':
      case 'ApprovalRejected':
      case 'ApprovalExpired':
      case 'ApprovalCancelled':
      case 'ApprovalConsumed': {
        const actionId = this.approvals.get(event.data.approvalId);
        return actionId === undefined ? null : { kind: 'approval', actionId };
      }
      default:
        return null;
    }
  }

  private budgetPart(event: RecordedEvent): Part | null {
    switch (event.type) {
      case 'BudgetFunded': {
        const { grant, scope } = event.data;
        const actionId = grant === undefined ? undefined : this.approvals.get(grant.approvalId);
        if (actionId === undefined && !this.covers(scope)) return null;
        return { kind: 'budget', actionId: actionId ?? null };
      }
      case 'BudgetCreated':
      case 'BudgetUpdated':
      case 'BudgetFrozen':
      case 'BudgetUnfrozen':
      case 'BudgetClosed':
      case 'BudgetRolledOver':
      case 'Corrected':
        return this.covers(event.data.scope) ? { kind: 'budget', actionId: null } : null;
      default:
        return null;
    }
  }

  private begin(kind: StepKind, id: string): Part {
    this.actions.set(id, id);
    return { kind, actionId: id };
  }

  private known(kind: StepKind, id: string): Part | null {
    const actionId = this.actions.get(id);
    return actionId === undefined ? null : { kind, actionId };
  }

  /** Whether a scope is the session's or lies within it. */
  private covers(scope: string): boolean {
    return `${scope}/`.includes(`/workflow:${this.sessionId}/`);
  }

  private isNamed(sessionId: string | undefined): boolean {
    return sessionId?.toLowerCase() === this.sessionId;
  }
}
