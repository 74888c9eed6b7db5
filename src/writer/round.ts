/** One round of deciding: what is due, then the floods that ended, then commands, all for one append. */

import { NO_PRIOR, type Prior } from '../domain/commands.js';
import { decide, denialFingerprint, recordOfRefusal, refusalFingerprint } from '../domain/decider.js';
import type { Due } from '../domain/due.decider.js';
import { decideDue } from '../domain/due.decider.js';
import type { Decided, LedgerEvent, RecordedEvent } from '../domain/events.js';
import { BY_ITSELF } from '../domain/facts.js';
import { answerIndex, isGateDenial } from '../domain/idempotency.js';
import type { DecisionId } from '../domain/ids.js';
import { type Refusal, type RefusalCode, refusal } from '../domain/refusals.js';
import type { Request } from '../domain/ruling.js';
import type { TenantState } from '../domain/state.js';
import type { Answer } from './answer.js';
import { Batch } from './batch.js';
import type { WriterContext } from './context.js';
import { InternalError, Unavailable } from './errors.js';
import type { FoldedTenant } from './folded-tenant.js';
import { namedBy } from './lookup.js';
import type { Past, Pending } from './pending.js';
import type { Flood, RefusalFloods } from './refusal-floods.js';

/**
 * What became of a command: `taken` into the round (or already rejected); `full`, it waits for the next round;
 * `later`, the object it names ended in this very round; `unknown`, it needs a look-up first.
 */
export type Verdict = 'taken' | 'full' | 'later' | 'unknown';

/** Refusals that come before the idempotent replay in the order of evaluation, whatever was answered earlier. */
const BEFORE_REPLAY: ReadonlySet<RefusalCode> = new Set<RefusalCode>([
  'key_unknown',
  'key_revoked',
  'key_expired',
  'permission_missing',
  'operator_only',
  'scope_forbidden',
  'tenant_not_found',
]);

export class Round {
  readonly batch: Batch;
  readonly taken: Pending[] = [];
  private readonly answers: Answer[] = [];
  private readonly fired: Due[] = [];
  private readonly opened = new Map<string, Flood>();
  private readonly repeated: string[] = [];
  private readonly closed = new Set<Flood>();

  constructor(
    private readonly tenant: FoldedTenant,
    private readonly floods: RefusalFloods,
    stream: string,
    /** Server time of everything decided in this round, never before the tenant's last event. */
    private readonly nowMs: number,
    private readonly context: WriterContext,
  ) {
    this.batch = new Batch(tenant, stream, context.ids, context.limits);
  }

  get isEmpty(): boolean {
    return this.batch.isEmpty && this.taken.length === 0;
  }

  /** Whether something that fell due is recorded in this round. */
  get hasDue(): boolean {
    return this.fired.length > 0;
  }

  /** Records what is due, in due order, so that no decision sees budget held by a dead reservation. False: full. */
  recordDue(): boolean {
    const { batch, tenant } = this;
    for (;;) {
      const due = tenant.dues.takeDue(this.nowMs);
      if (due === undefined) return true;
      const atMs = Math.max(batch.lastMs, due.atMs);
      try {
        const { events, again } = decideDue(due, batch.overlay, atMs);
        if (events.length > 0 && batch.record({ events, origin: BY_ITSELF, atMs, claim: null }) === null) {
          tenant.dues.push(due);
          return false;
        }
        if (events.length > 0) this.fired.push(due);
        if (again !== null) tenant.dues.push(again);
      } catch (error) {
        this.context.counters.failed += 1;
        this.context.log.error({ err: error, due }, 'what fell due could not be decided and is left alone');
      }
    }
  }

  /** Records the floods whose minute is over, or all of them, as one record each. False: full. */
  recordEndedFloods(all: boolean): boolean {
    for (const flood of this.floods.takeEnded(this.nowMs, all)) {
      const decisionId = this.context.ids.mint('dec') as DecisionId;
      const { data } = flood.record;
      const record: Decided = { type: 'Decided', data: { ...data, decisionId, repeats: flood.repeats } };
      const origin = { ...flood.origin, idempotencyKey: null, requestHash: null };
      if (this.batch.record({ events: [record], origin, atMs: this.nowMs, claim: null }) === null)
        return false;
      this.closed.add(flood);
    }
    return true;
  }

  /** Decides a command against everything decided before it in this round. */
  take(pending: Pending): Verdict {
    const missing = this.verdictOnMissing(pending);
    if (missing !== null) return missing;
    const { command, origin } = pending;
    const request: Request = { command, origin, nowMs: this.nowMs, prior: this.priorOf(pending) };
    try {
      const ruling = decide(request, this.batch.overlay);
      switch (ruling.kind) {
        case 'accepted':
          return this.accept(request, pending, ruling.events);
        case 'replayed':
          return this.answer(pending, this.replay(ruling.event));
        case 'refused':
          return this.refuse(request, pending, ruling.refusal, ruling.events);
      }
    } catch (error) {
      this.fail(pending, error);
      return 'taken';
    }
  }

  /** The round is in the log: its overlay becomes the state, and its callers may get their answers. */
  keep(written: { readonly revision: number; readonly position: number }): void {
    this.batch.merge(written);
    for (const flood of this.closed) this.floods.close(flood);
    for (const flood of this.opened.values()) this.floods.open(flood);
    this.countRepeats();
  }

  /** Counts what repeats an earlier refusal. Once, and before another round looks at the floods. */
  countRepeats(): void {
    for (const fingerprint of this.repeated) this.floods.repeat(fingerprint);
  }

  /** Answers everybody at once. */
  answerAll(): void {
    const { counters } = this.context;
    for (let i = 0; i < this.taken.length; i++) {
      const answer = this.answers[i];
      if (answer === undefined) continue;
      counters[answer.kind] += 1;
      this.taken[i]?.resolve(answer);
    }
  }

  /** Nothing of the round is in the log: what fired is due again. */
  drop(): void {
    for (const due of this.fired) this.tenant.dues.push(due);
  }

  /** Turns every command of the round away; its events may still come to be in the log. */
  rejectAll(fault: Error): void {
    for (const pending of this.taken.splice(0)) pending.reject(fault);
    this.answers.length = 0;
  }

  /** Our bug, found out by the store: nothing of the round is in the log. */
  failAll(complaint: string, fields: object): void {
    this.context.log.error(fields, complaint);
    this.drop();
    this.rejectAll(new InternalError(complaint));
  }

  /** When a command names what the overlay does not hold: whether it can be decided all the same (null). */
  private verdictOnMissing(pending: Pending): Verdict | null {
    const named = namedBy(pending.command);
    if (named === null || isIn(this.batch.overlay, named) || this.earlierAnswer(pending) !== null)
      return null;
    // A hold ends by at most one settlement: while it was active, no claim to settle it was on disk.
    const isEndKnown = named.kind === 'reservation' && this.batch.ended.has(named.id);
    if (isIn(this.tenant.state, named)) return isEndKnown ? null : 'later';
    const past = this.pastOf(pending);
    if (past === null) return 'unknown';
    if (!past.isOpenElsewhere || this.priorOf(pending).reservation !== null) return null;
    pending.reject(new Unavailable('the read model is behind the ledger'));
    this.context.counters.unavailable += 1;
    return 'taken';
  }

  /** What was looked up, unless other nodes have written since. An answer once given stays. */
  private pastOf({ past }: Pending): Past | null {
    return past === null || past.answer !== null || past.epoch === this.tenant.epoch ? past : null;
  }

  private earlierAnswer({ claim, past }: Pending): RecordedEvent | null {
    if (claim === null) return null;
    return this.batch.answers.get(claim) ?? this.tenant.answers.get(claim) ?? past?.answer ?? null;
  }

  private priorOf(pending: Pending): Prior {
    const answer = this.earlierAnswer(pending);
    const named = namedBy(pending.command);
    if (answer === null && named === null) return NO_PRIOR;
    const ended =
      named?.kind === 'reservation'
        ? (this.batch.ended.get(named.id) ?? this.tenant.ended.get(named.id))
        : null;
    return {
      answer,
      reservation: ended ?? this.pastOf(pending)?.reservation ?? null,
      toolCall: this.pastOf(pending)?.toolCall ?? null,
    };
  }

  private accept(request: Request, pending: Pending, events: readonly LedgerEvent[]): Verdict {
    const { nowMs } = this;
    if (events.length === 0) return this.answer(pending, { kind: 'accepted', events: [], nowMs });
    // Only what claims its key meets an earlier answer in the store; anything else has to ask.
    if (answerIndex(events) < 0 && this.mayBeReplay(request, pending)) return 'unknown';
    const [first] = events;
    if (first !== undefined && isGateDenial(first)) return this.deny(pending, first);
    const { origin, claim } = pending;
    const recorded = this.batch.record({ events, origin, atMs: nowMs, claim });
    if (recorded === null) return 'full';
    return this.answer(pending, { kind: 'accepted', events: recorded, nowMs });
  }

  /** The gate's no: one that repeats another is counted, and answered with the record that is there. */
  private deny(pending: Pending, denial: Decided): Verdict {
    const fingerprint = denialFingerprint(denial, pending.origin.actor);
    const recorded = this.repeat(fingerprint) ?? this.recordFirst(fingerprint, denial, pending);
    if (recorded === null) return 'full';
    return this.answer(pending, { kind: 'accepted', events: [recorded], nowMs: this.nowMs });
  }

  private replay(event: RecordedEvent): Answer {
    const { overlay } = this.batch;
    const reservationActive =
      ((event.type === 'Reserved' || event.type === 'Extended') &&
        overlay.reservations.has(event.data.reservationId)) ||
      (event.type === 'Decided' && overlay.toolCalls.has(event.data.decisionId));
    return { kind: 'replayed', event, reservationActive, nowMs: this.nowMs };
  }

  private refuse(
    request: Request,
    pending: Pending,
    refused: Refusal,
    along: readonly LedgerEvent[] = [],
  ): Verdict {
    const { nowMs, batch } = this;
    if (!BEFORE_REPLAY.has(refused.code) && this.mayBeReplay(request, pending)) return 'unknown';
    const no = this.pastOf(pending)?.isForeign ? asForeign(refused) : refused;
    const fingerprint = refusalFingerprint(request, no);
    if (along.length > 0) {
      const record = recordOfRefusal(request, no, batch.overlay);
      const events = record === null ? along : [...along, record];
      if (batch.record({ events, origin: pending.origin, atMs: nowMs, claim: null }) === null) return 'full';
    } else if (this.repeat(fingerprint) === null) {
      const record = recordOfRefusal(request, no, batch.overlay);
      if (record !== null && this.recordFirst(fingerprint, record, pending) === null) return 'full';
    }
    return this.answer(pending, { kind: 'refused', refusal: no, nowMs });
  }

  /** Counts a no that was recorded within the last minute, and answers its record; null for a new one. */
  private repeat(fingerprint: string): RecordedEvent | null {
    const flood = this.opened.get(fingerprint) ?? this.floods.find(fingerprint, this.nowMs);
    // What this round closes has its final count already.
    if (flood === undefined || this.closed.has(flood)) return null;
    this.repeated.push(fingerprint);
    return flood.recorded;
  }

  /** Records a no, from which on its repeats are counted. Null: full. */
  private recordFirst(fingerprint: string, record: Decided, { origin }: Pending): RecordedEvent | null {
    const { batch, nowMs } = this;
    const [recorded] = batch.record({ events: [record], origin, atMs: nowMs, claim: null }) ?? [];
    if (recorded === undefined) return null;
    const untilMs = nowMs + this.context.limits.floodMs;
    this.opened.set(fingerprint, { fingerprint, record, recorded, origin, untilMs, repeats: 0 });
    return recorded;
  }

  /** Whether the same request may have been answered longer ago than memory reaches. */
  private mayBeReplay({ prior }: Request, pending: Pending): boolean {
    return pending.claim !== null && prior.answer === null && this.pastOf(pending) === null;
  }

  private answer(pending: Pending, answer: Answer): Verdict {
    this.taken.push(pending);
    this.answers.push(answer);
    return 'taken';
  }

  /** Our bug: this command alone gets an error, and nothing of it is stored. */
  private fail(pending: Pending, error: unknown): void {
    const { counters, log } = this.context;
    counters.failed += 1;
    log.error(
      { err: error, command: pending.command.type },
      'a command broke an assertion and was not stored',
    );
    pending.reject(new InternalError('the command could not be decided', { cause: error }));
  }
}

const isIn = (state: TenantState, named: NonNullable<ReturnType<typeof namedBy>>): boolean =>
  named.kind === 'reservation' ? state.reservations.has(named.id) : state.toolCalls.has(named.id);

/** Another tenant's object is not "unknown": it exists, and is none of the caller's business. */
function asForeign(refused: Refusal): Refusal {
  if (refused.code !== 'reservation_not_found' && refused.code !== 'tool_call_not_found') return refused;
  return refusal('foreign_object', 'The object belongs to another tenant.');
}
