/** The auditor: watches the log being written and every answer being given, and believes neither. */

import { canonicalJson } from '../../src/domain/canonical-json.js';
import type { Command } from '../../src/domain/commands.js';
import type { EventMetadata, Origin, RecordedEvent } from '../../src/domain/events.js';
import type { StoredEvent } from '../../src/ports/event-store.port.js';
import type { Answer } from '../../src/writer/answer.js';
import { Books, demand, type Payload } from './books.js';
import { dueOf, remaining } from './charge.js';
import { Denials } from './denials.js';
import {
  asAnswer,
  claimOf,
  expectationOf,
  expectCommit,
  expectDebit,
  expectHold,
  scopesOf,
} from './expectation.js';

/** A request that is under way. */
export interface Ticket {
  readonly tenant: string;
  readonly command: Command;
  readonly origin: Origin;
  /** What it could have been answered at some moment since it was sent; null where there is no opinion. */
  readonly possible: Set<string | null>;
}

interface AnsweredClaim {
  readonly id: string;
  readonly hash: string | null;
  readonly object: string | null;
}

/** What the auditor keeps of one tenant. */
class File {
  readonly books = new Books();
  readonly denials = new Denials();
  readonly answered = new Map<string, AnsweredClaim>();
  readonly tickets = new Set<Ticket>();
  lastMs = 0;
  lastHash = '0'.repeat(64);
}

export class Auditor {
  private readonly files = new Map<string, File>();
  private readonly byId = new Map<string, StoredEvent>();

  books(tenant: string): Books {
    return this.file(tenant).books;
  }

  /** Enters what was written. @throws Violation */
  written(events: readonly StoredEvent[]): void {
    for (const event of events) {
      const tenant = event.stream.slice('tenant-'.length);
      const file = this.file(tenant);
      const metadata = JSON.parse(event.metadata) as EventMetadata;
      const data = JSON.parse(event.data) as Payload;
      const atMs = Date.parse(metadata.occurredAt);
      demand(atMs >= file.lastMs, 'time ran backwards in a stream');
      demand(metadata.previousHash === file.lastHash, 'the hash chain is broken');
      if (metadata.actor.type !== 'system') this.checkTimely(file, atMs);
      this.checkActor(file, metadata, event);
      if (event.type === 'Decided') {
        this.checkDecided(tenant, file, data as unknown as DecidedLine, { metadata, atMs });
        file.denials.written(event.id, data, metadata);
      }
      if (event.type === 'Reserved')
        demand(file.books.status === 'ACTIVE', 'a hold in a tenant that is not active');
      file.books.enter(event, data, atMs);
      this.noteClaim(file, { event, data }, metadata);
      file.lastMs = atMs;
      file.lastHash = metadata.hash;
      this.byId.set(event.id, event);
      for (const ticket of file.tickets) this.consider(ticket, file);
    }
  }

  sent(tenant: string, command: Command, origin: Origin): Ticket {
    const ticket: Ticket = { tenant, command, origin, possible: new Set() };
    const file = this.file(tenant);
    file.tickets.add(ticket);
    file.denials.sent(command, origin.actor);
    this.consider(ticket, file);
    return ticket;
  }

  /** The request will not be answered any more; whatever became of it is fine. */
  closed(ticket: Ticket): void {
    this.file(ticket.tenant).tickets.delete(ticket);
  }

  /** Checks an answer that a node gave. @throws Violation */
  answered(ticket: Ticket, answer: Answer): void {
    const { tenant, command, origin, possible } = ticket;
    const file = this.file(tenant);
    file.tickets.delete(ticket);
    const claim = claimOf(command, origin.idempotencyKey);
    const held = claim === null ? undefined : file.answered.get(claim);
    const given = outcomeOf(answer);
    if (answer.kind === 'accepted') {
      for (const event of answer.events) {
        this.checkWritten(event);
        file.denials.given(event);
      }
      const isClaimed = claim !== null && !(command.type === 'SubmitToolCall' && given !== 'ok');
      demand(
        !isClaimed || answer.events.some(({ id }) => id === held?.id),
        'an answer without its claim in the log',
      );
    }
    if (answer.kind === 'replayed') {
      this.checkWritten(answer.event);
      demand(answer.event.id === held?.id, 'a replay of something else');
      demand(answer.event.metadata.requestHash === origin.requestHash, 'a replay of another request');
    }
    demand(
      possible.has(null) || possible.has(given),
      `${command.type} was answered ${given}, possible was ${[...possible].join(' or ')}`,
    );
  }

  /** A node has been shut down in order: nothing that it counted is lost. @throws Violation */
  drained(nodeName: string): void {
    for (const { denials } of this.files.values()) denials.checkCounted(nodeName);
  }

  /** Whatever the state says must be what the books say. */
  checkBalances(tenant: string, budgets: Iterable<[string, BudgetLine]>): void {
    const { accounts } = this.file(tenant).books;
    const left = new Set(accounts.keys());
    for (const [key, budget] of budgets) {
      const account = accounts.get(key);
      demand(
        left.delete(key) && account !== undefined,
        `the state has a budget ${key} that was never opened`,
      );
      const theirs = [budget.allocated, budget.spent, budget.reserved, budget.debt, budget.uncovered].join();
      const mine = [
        account.allocated,
        account.spent,
        account.reserved,
        account.debt,
        account.uncovered,
      ].join();
      demand(
        theirs === mine && budget.status === account.status,
        `${key} is ${theirs} in the state, ${mine} in the books`,
      );
    }
    demand(left.size === 0, `the state lacks the budgets ${[...left].join()}`);
  }

  private file(tenant: string): File {
    const file = this.files.get(tenant) ?? new File();
    this.files.set(tenant, file);
    return file;
  }

  private consider(ticket: Ticket, file: File): void {
    const { tenant, command } = ticket;
    ticket.possible.add(expectationOf(tenant, ticket, file.books, file.answered));
    if (command.type !== 'Reserve' && command.type !== 'Decide') return;
    // Windows end without an event: what a policy refuses now it may let in a moment later, so that both may be.
    const runId = command.subject.dimensions?.['run_id'] ?? null;
    const scopes = scopesOf(tenant, command.subject);
    const asking = { scopes, kind: command.action.kind, runId, atMs: file.lastMs };
    const refused = file.books.rules.refusalOf(asking);
    if (refused !== null) ticket.possible.add(command.type === 'Decide' ? asAnswer(refused) : refused);
  }

  /** No decision sees budget held by a dead reservation, or a period that is over. */
  private checkTimely({ books }: File, atMs: number): void {
    for (const hold of books.active)
      demand(dueOf(hold) > atMs, `a decision saw the dead reservation ${hold.id}`);
    if (books.status === 'CLOSED') return;
    for (const { periodEndMs, scope, status } of books.accounts.values()) {
      const isOver = periodEndMs !== null && periodEndMs <= atMs && status !== 'CLOSED';
      demand(!isOver, `a decision saw a period of ${scope} that is over`);
    }
  }

  private checkActor({ books }: File, { actor }: EventMetadata, { type }: StoredEvent): void {
    if (actor.type !== 'api_key' || type === 'Decided') return;
    demand(books.keys.get(actor.keyId)?.isRevoked === false, `a revoked key caused ${type}`);
  }

  /** A recorded decision says what the books say it should. */
  private checkDecided(
    tenant: string,
    { books, answered }: File,
    data: DecidedLine,
    { metadata, atMs }: { readonly metadata: EventMetadata; readonly atMs: number },
  ): void {
    const { operation, reasonCode, gate } = data;
    const isFloodRecord = metadata.idempotencyKey === null;
    if (gate !== null || isFloodRecord || data.estimate === null) return;
    const estimate = { unit: data.estimate.unit, amount: BigInt(data.estimate.amount) };
    const isForbidden = reasonCode === 'FORBIDDEN' || reasonCode === 'OPERATOR_ONLY';
    if (isForbidden) return;
    const earlier = answered.get(claimOfRecord(data, metadata.idempotencyKey ?? ''));
    if (reasonCode === 'IDEMPOTENCY_MISMATCH') {
      demand(earlier !== undefined && earlier.hash !== metadata.requestHash, 'a mismatch with nothing');
      return;
    }
    demand(earlier === undefined, `a request that was answered before was decided again: ${reasonCode}`);
    const expected = asAnswer(expectRecord(tenant, books, data, { ...estimate, atMs }));
    const stated = data.decision === 'DENY' ? `deny:${reasonCode}` : 'ok';
    demand(stated === expected, `${operation} was recorded as ${stated}, it should be ${expected}`);
  }

  /** Each claim is answered by one event: nothing is charged, held or funded twice. */
  private noteClaim(
    { answered }: File,
    { event, data }: { event: StoredEvent; data: Payload },
    { idempotencyKey, requestHash }: EventMetadata,
  ): void {
    const claim = claimOfEvent(event.type, data, idempotencyKey);
    if (claim === null) return;
    demand(!answered.has(claim.name), `${claim.name} was answered twice`);
    answered.set(claim.name, { id: event.id, hash: requestHash, object: claim.object });
  }

  private checkWritten(event: RecordedEvent): void {
    const stored = this.byId.get(event.id);
    demand(stored !== undefined, `an answer shows the event ${event.id}, which is not in the log`);
    const isSame = stored.revision === event.revision && stored.data === canonicalJson(event.data);
    demand(isSame, `an answer shows ${event.id} otherwise than the log`);
  }
}

interface BudgetLine {
  readonly allocated: bigint;
  readonly spent: bigint;
  readonly reserved: bigint;
  readonly debt: bigint;
  readonly uncovered: bigint;
  readonly status: string;
}

/** A subject: its levels, and what else it is known by. */
interface Placed {
  readonly workspace?: string;
  readonly app?: string;
  readonly workflow?: string;
  readonly agent?: string;
  readonly toolset?: string;
  readonly dimensions?: Readonly<Record<string, string>>;
}

interface DecidedLine {
  readonly operation: string;
  readonly decision: string;
  readonly answered: boolean;
  readonly reasonCode: string | null;
  readonly reservationId: string | null;
  readonly scopePath: string | null;
  readonly estimate: { readonly unit: string; readonly amount: string } | null;
  readonly subject: Placed | null;
  readonly action: { readonly kind: string } | null;
  readonly gate: object | null;
}

/** What the books say to a request that was recorded. */
function expectRecord(
  tenant: string,
  books: Books,
  { operation, reservationId, scopePath, subject, reasonCode, action }: DecidedLine,
  asked: { unit: string; amount: bigint; atMs: number },
): string {
  if (operation === 'commit') return expectCommitted(books, reservationId ?? '', asked);
  if (operation === 'fund') return expectUnfunded(books, scopePath ?? '', asked);
  if (operation === 'debit')
    return expectUncharged(tenant, books, { subject: subject ?? {}, reasonCode }, asked);
  if (books.status !== 'ACTIVE') return `tenant_${books.status.toLowerCase()}`;
  const scopes = scopesOf(tenant, subject ?? {});
  const runId = subject?.dimensions?.['run_id'] ?? null;
  const { atMs } = asked;
  const refused = books.rules.refusalOf({ scopes, kind: action?.kind ?? '', runId, atMs });
  return refused ?? expectHold(books, scopes, asked);
}

/** A reservation that does not exist comes before a tenant that is closed. */
function expectCommitted(books: Books, id: string, actual: { unit: string; amount: bigint }): string {
  if (!books.holds.has(id)) return 'reservation_not_found';
  return books.status === 'CLOSED' ? 'tenant_closed' : expectCommit(books, id, actual);
}

/** Why nothing was charged; the record does not say by which policy, and all but one of them may refuse. */
function expectUncharged(
  tenant: string,
  books: Books,
  { subject, reasonCode }: Pick<DecidedLine, 'subject' | 'reasonCode'>,
  actual: { unit: string; amount: bigint },
): string {
  const policies = ['REJECT', 'ALLOW_WITH_OVERDRAFT'];
  const codes = policies.map((overagePolicy) =>
    expectDebit(books, tenant, { subject: subject ?? {}, actual, overagePolicy }),
  );
  return codes.find((code) => asAnswer(code) === `deny:${reasonCode}`) ?? codes[0] ?? 'ok';
}

/** Why a budget was not funded; the record does not say how it was to be, but only a debit can be too much. */
function expectUnfunded(books: Books, scope: string, asked: { unit: string; amount: bigint }): string {
  const account = books.account(scope, asked.unit);
  if (books.retired.has(`${scope}|${asked.unit}`)) return 'budget_closed';
  if (account === undefined) return 'budget_not_found';
  if (books.status === 'CLOSED') return 'tenant_closed';
  if (account.status !== 'ACTIVE') return `budget_${account.status.toLowerCase()}`;
  return remaining(account) < asked.amount ? 'budget_exceeded' : 'ok';
}

/** The claim that a recorded request would have been answered under. */
function claimOfRecord({ operation, reservationId, scopePath, estimate }: DecidedLine, key: string): string {
  switch (operation) {
    case 'commit':
      return `commit ${reservationId} ${key}`;
    case 'fund':
      return `fund ${scopePath} ${estimate?.unit} ${key}`;
    case 'decide':
    case 'debit':
      return `${operation} ${key}`;
    default:
      return `reserve ${key}`;
  }
}

function outcomeOf(answer: Answer): string {
  if (answer.kind === 'refused') return answer.refusal.code;
  if (answer.kind === 'replayed') return 'replay';
  for (const event of answer.events) {
    if (event.type === 'Decided' && event.data.decision === 'DENY') return `deny:${event.data.reasonCode}`;
  }
  return 'ok';
}

function claimOfEvent(
  type: string,
  data: Payload,
  key: string | null,
): { name: string; object: string | null } | null {
  if (type === 'OutcomeRecorded') return { name: `outcome ${data['toolCallId']}`, object: null };
  if (key === null) return null;
  const plain = (name: string) => ({ name, object: null });
  switch (type) {
    case 'Reserved':
      return data['toolCallId'] === null ? plain(`reserve ${key}`) : null;
    case 'Extended':
      return plain(`extend ${data['reservationId']} ${key}`);
    case 'Debited':
      return plain(`debit ${key}`);
    case 'Adjusted':
      return plain(`adjust ${data['chargeId']} ${key}`);
    case 'Committed':
      return data['reason'] === 'client' ? plain(`commit ${data['reservationId']} ${key}`) : null;
    case 'Released':
      return plain(`release ${data['reservationId']} ${key}`);
    case 'BudgetFunded':
      return plain(`fund ${data['scope']} ${data['unit']} ${key}`);
    case 'Decided':
      return claimOfDecided(data, key);
    default:
      return null;
  }
}

function claimOfDecided(
  data: Record<string, unknown>,
  key: string,
): { name: string; object: string | null } | null {
  if (data['answered'] !== true) return null;
  const gate = data['gate'] as { sessionId: string } | null;
  if (gate === null) {
    return { name: `${data['operation'] === 'decide' ? 'decide' : 'reserve'} ${key}`, object: null };
  }
  if (data['decision'] === 'DENY') return null;
  return { name: `tool_call ${gate.sessionId} ${key}`, object: String(data['decisionId']) };
}
