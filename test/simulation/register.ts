/** The auditor's register of the people: who operates, who is signed in, and what each request about them could have been answered. */

import { canonicalJson } from '../../src/domain/canonical-json.js';
import type { EventMetadata } from '../../src/domain/events.js';
import type { SystemCommand } from '../../src/domain/system/system.commands.js';
import {
  type OperatorSignedIn,
  SYSTEM_STREAM,
  type SystemEvent,
} from '../../src/domain/system/system.events.js';
import type { SystemState } from '../../src/domain/system/system.state.js';
import type { StoredEvent } from '../../src/ports/event-store.port.js';
import { demand } from './demand.js';

/** A session nobody stands behind. */
export const NOBODY = 'nobody';
/** Sessions that one person may have. */
const SESSIONS_MAX = 16;

interface Entry {
  readonly name: string;
  readonly roles: readonly string[];
  readonly password: { readonly hash: string; readonly oneTime: boolean };
  readonly isDisabled: boolean;
}

interface SessionEntry {
  readonly operatorId: string;
  readonly sessionId: string;
  readonly expiresAtMs: number;
  readonly startedMs: number;
}

/** Whom a token stood for from some moment on. */
interface Standing {
  readonly sinceMs: number;
  readonly who: string;
}

/** A command that is under way, with what it could have been answered at some moment since it was sent. */
export interface CommandTicket {
  readonly command: SystemCommand;
  readonly possible: Set<string>;
}

/** A question about a token that is under way, with whom it could have been answered. */
export interface TokenTicket {
  readonly token: string;
  readonly possible: Set<string>;
}

export class Register {
  private readonly people = new Map<string, Entry>();
  private readonly idsByName = new Map<string, string>();
  private readonly sessions = new Map<string, SessionEntry>();
  private readonly standings = new Map<string, Standing[]>();
  /** What may be written once only, by what made it its own. */
  private readonly once = new Set<string>();
  private readonly commands = new Set<CommandTicket>();
  private readonly questions = new Set<TokenTicket>();
  private lastMs = 0;
  private lastHash = '0'.repeat(64);

  /** @param now the world's time, in ms */
  constructor(private readonly now: () => number) {}

  /** Whether an event is about people, and not about a tenant. */
  static isIts = ({ stream }: StoredEvent): boolean => stream === SYSTEM_STREAM;

  /** Enters what was written. @throws Violation */
  written(events: readonly StoredEvent[]): void {
    for (const { type, data, metadata } of events) {
      const { occurredAt, previousHash, hash } = JSON.parse(metadata) as EventMetadata;
      const atMs = Date.parse(occurredAt);
      demand(atMs >= this.lastMs, 'time ran backwards in the operators’ stream');
      demand(previousHash === this.lastHash, 'the hash chain of the operators is broken');
      this.enter({ type, data: JSON.parse(data) } as SystemEvent, atMs);
      this.lastMs = atMs;
      this.lastHash = hash;
    }
    for (const token of this.sessionsEver) this.noteStanding(token);
    for (const ticket of this.commands) ticket.possible.add(this.expected(ticket.command));
    for (const { token, possible } of this.questions) possible.add(this.whoHas(token));
  }

  sent(command: SystemCommand): CommandTicket {
    const ticket = { command, possible: new Set([this.expected(command)]) };
    this.commands.add(ticket);
    return ticket;
  }

  /** @throws Violation when the command could not have been answered so since it was sent */
  answered({ command, possible }: CommandTicket, outcome: string): void {
    demand(
      possible.has(outcome),
      `${command.type} was answered ${outcome}, possible was ${[...possible].join(' or ')}`,
    );
    const own = outcome === 'ok' ? ownershipOf(command) : null;
    demand(own === null || this.once.has(own), `${command.type} was accepted and is not in the log`);
  }

  /** @param staleMs how long ago what is answered may have been so, when the question is asked */
  asked(token: string, staleMs: number): TokenTicket {
    const fromMs = this.now() - staleMs;
    const known = this.standings.get(token) ?? [];
    const possible = known.filter((_, i) => (known[i + 1]?.sinceMs ?? Number.POSITIVE_INFINITY) >= fromMs);
    const ticket = { token, possible: new Set(possible.map(({ who }) => who)) };
    if (known.length === 0 || (known[0]?.sinceMs ?? 0) >= fromMs) ticket.possible.add(NOBODY);
    this.questions.add(ticket);
    return ticket;
  }

  /**
   * @param graceMs by how much a node may think that it is another time
   * @throws Violation when the token stood for somebody else all the time since the question was asked
   */
  told(
    { token, possible }: TokenTicket,
    who: string,
    { idleMs, graceMs }: { idleMs: number; graceMs: number },
  ): void {
    const session = this.sessions.get(token);
    const nowMs = this.now();
    const isOver = session === undefined || nowMs > session.expiresAtMs - graceMs;
    // Each node counts for itself how long a session has not been used.
    const mayBeIdle = session === undefined || nowMs - session.startedMs > idleMs - graceMs;
    if (who === NOBODY && (isOver || mayBeIdle)) return;
    demand(possible.has(who), `a token was taken for ${who}’s, it was ${[...possible].join(' or ')}’s`);
    const isExpired = session !== undefined && nowMs > session.expiresAtMs + graceMs;
    demand(who === NOBODY || !isExpired, `a session of ${who} was good after its end`);
  }

  /** Nobody waits for the answer any more. */
  closed(ticket: CommandTicket | TokenTicket): void {
    this.commands.delete(ticket as CommandTicket);
    this.questions.delete(ticket as TokenTicket);
  }

  /** @throws Violation when a node has folded something else from the log */
  checkState({ operators, sessions }: SystemState): void {
    const theirs = [...operators.values()].map(({ operatorId, name, roles, password, disabledAtMs }) => [
      operatorId,
      { name, roles, password, isDisabled: disabledAtMs !== null },
    ]);
    demand(canonicalJson(theirs) === canonicalJson([...this.people]), 'a node knows other operators');
    const tokens = [...sessions].map(([token, { operatorId, sessionId }]) => [token, operatorId, sessionId]);
    const mine = [...this.sessions].map(([token, { operatorId, sessionId }]) => [
      token,
      operatorId,
      sessionId,
    ]);
    demand(canonicalJson(tokens) === canonicalJson(mine), 'a node knows other sessions');
  }

  /** The hash of a person's password, as it is at this moment. */
  passwordOf(operatorId: string): string {
    return this.people.get(operatorId)?.password.hash ?? '';
  }

  private get sessionsEver(): IterableIterator<string> {
    return new Set([...this.standings.keys(), ...this.sessions.keys()]).values();
  }

  private whoHas(token: string): string {
    const session = this.sessions.get(token);
    const person = session && this.people.get(session.operatorId);
    if (session === undefined || person === undefined || person.isDisabled) return NOBODY;
    return `${session.operatorId} as ${person.roles.join()}`;
  }

  private noteStanding(token: string): void {
    const known = this.standings.get(token) ?? [];
    const who = this.whoHas(token);
    if (known.at(-1)?.who === who) return;
    known.push({ sinceMs: this.now(), who });
    this.standings.set(token, known);
  }

  private enter(event: SystemEvent, atMs: number): void {
    const own = ownershipOfEvent(event);
    demand(own === null || !this.once.has(own), `${own} is in the log twice`);
    if (own !== null) this.once.add(own);
    switch (event.type) {
      case 'OperatorAdded': {
        const { operatorId, name, roles, password } = event.data;
        demand(!this.idsByName.has(name), `the name ${name} was given twice`);
        this.idsByName.set(name, operatorId);
        this.people.set(operatorId, { name, roles, password, isDisabled: false });
        return;
      }
      case 'OperatorChanged': {
        const { operatorId, changes } = event.data;
        const { roles, password } = changes;
        this.change(operatorId, { ...(roles && { roles }), ...(password && { password }) });
        if (password !== undefined) this.endSessions(operatorId);
        return;
      }
      case 'OperatorDisabled':
        this.change(event.data.operatorId, { isDisabled: true });
        this.endSessions(event.data.operatorId);
        return;
      case 'OperatorSignedIn':
        this.signIn(event.data, atMs);
        return;
      case 'OperatorSignedOut':
        this.endSessions(event.data.operatorId, event.data.sessionId);
        return;
      case 'AccessRefused':
        return;
    }
  }

  private change(operatorId: string, changes: Partial<Entry>): void {
    const person = this.people.get(operatorId);
    demand(person !== undefined, `${operatorId} was changed before being added`);
    demand(!person.isDisabled, `${operatorId} was changed after being disabled`);
    this.people.set(operatorId, { ...person, ...changes });
  }

  private signIn(
    { operatorId, sessionId, tokenHash, expiresAtMs }: OperatorSignedIn['data'],
    atMs: number,
  ): void {
    demand(this.people.get(operatorId)?.isDisabled === false, 'somebody signed in who operates nothing');
    for (const [token, { expiresAtMs: endsMs }] of this.sessions)
      if (endsMs <= atMs) this.sessions.delete(token);
    const own = [...this.sessions].filter(([, session]) => session.operatorId === operatorId);
    const [oldest] = own[0] ?? [];
    if (own.length >= SESSIONS_MAX && oldest !== undefined) this.sessions.delete(oldest);
    this.sessions.set(tokenHash, { operatorId, sessionId, expiresAtMs, startedMs: this.now() });
  }

  private endSessions(operatorId: string, sessionId?: string): void {
    for (const [token, session] of this.sessions) {
      const isMeant = sessionId === undefined || session.sessionId === sessionId;
      if (session.operatorId === operatorId && isMeant) this.sessions.delete(token);
    }
  }

  /** What a command is answered as things are now. */
  private expected(command: SystemCommand): string {
    switch (command.type) {
      case 'AddOperator':
        return this.idsByName.has(command.name) ? 'operator_exists' : 'ok';
      case 'ChangeOperator':
        if (this.people.get(command.operatorId)?.isDisabled) return 'operator_disabled';
        return this.people.has(command.operatorId) ? 'ok' : 'operator_not_found';
      case 'DisableOperator':
        return this.people.has(command.operatorId) ? 'ok' : 'operator_not_found';
      case 'SignIn': {
        const person = this.people.get(command.session.operatorId);
        if (person === undefined || person.isDisabled || person.password.hash !== command.checkedHash)
          return 'credentials_invalid';
        return person.password.oneTime && command.chosen === null ? 'password_used_up' : 'ok';
      }
      default:
        return 'ok';
    }
  }
}

/** What an accepted command has in the log that no other has; null for those that may find nothing to do. */
function ownershipOf(command: SystemCommand): string | null {
  switch (command.type) {
    case 'AddOperator':
      return `operator ${command.operatorId}`;
    case 'SignIn':
      return `session ${command.session.sessionId}`;
    case 'RecordRefusedAccess':
      return `refusal ${command.refused.route}`;
    default:
      return null;
  }
}

function ownershipOfEvent({ type, data }: SystemEvent): string | null {
  switch (type) {
    case 'OperatorAdded':
      return `operator ${data.operatorId}`;
    case 'OperatorSignedIn':
      return `session ${data.sessionId}`;
    case 'AccessRefused':
      return `refusal ${data.route}`;
    default:
      return null;
  }
}
