/** Which person a session's token stands for, and for how long. */

import type { FastifyRequest } from 'fastify';
import type { SystemWriter } from '../commands/writers.js';
import type { OperatorId } from '../domain/ids.js';
import type { Authority } from '../domain/system/system.events.js';
import type { Clock } from '../ports/clock.port.js';
import type { Keyring } from '../ports/keyring.port.js';
import { coalesced } from './coalesced.js';

/** A person who is signed in, with what they may do at this moment. */
export interface Person extends Authority {
  readonly operatorId: OperatorId;
  readonly name: string;
  readonly sessionId: string;
}

const TOKEN = /^cso_[A-Za-z0-9_-]{43}$/;
/** A session that nobody used for this long is over. */
const IDLE_MS = 60 * 60 * 1000;
const REMEMBERED_MAX = 10_000;
/** How old what this process knows of people may be when they only read, in ms. */
const READ_AGE_MAX_MS = 1000;
/** Time between two looks for sessions that nobody knows, in ms: a flood of tokens must not become one of reads. */
const UNKNOWN_GAP_MS = 100;

export class People {
  /** When each session was last used, by its id; a session not seen since the start was used then. */
  private readonly lastUsedMs = new Map<string, number>();
  private readonly startedMs: number;
  private readonly refreshForUnknown: () => Promise<void>;

  constructor(
    private readonly system: Pick<SystemWriter, 'current' | 'isShared' | 'ageMs' | 'refresh'>,
    private readonly keyring: Pick<Keyring, 'hashSecret'>,
    private readonly clock: Clock,
  ) {
    this.startedMs = clock.now();
    this.refreshForUnknown = coalesced(() => system.refresh(), { gapMs: UNKNOWN_GAP_MS, clock });
  }

  /**
   * The person behind a token, as of the last event about them; null when it opens nothing. Looked up by a keyed hash, so that nothing shows in the time it takes. Where other nodes change what people may do,
   * the ledger is asked before anything is changed, and a reader is known as of two seconds ago at the oldest.
   * @param changes whether the request may change anything
   * @throws Unavailable, WriterStopped (as rejections) when the ledger has to be asked and cannot be
   */
  identify(token: string, changes: boolean): Person | null | Promise<Person | null> {
    if (!TOKEN.test(token)) return null;
    return this.system.isShared ? this.identifyAnywhere(token, changes) : this.find(token);
  }

  private async identifyAnywhere(token: string, changes: boolean): Promise<Person | null> {
    if (!this.isKnown(token)) await this.refreshForUnknown();
    else if (changes || this.system.ageMs > READ_AGE_MAX_MS) await this.system.refresh();
    return this.find(token);
  }

  private isKnown(token: string): boolean {
    return this.system.current.sessions.has(this.keyring.hashSecret(token));
  }

  private find(token: string): Person | null {
    const { operators, sessions } = this.system.current;
    const session = sessions.get(this.keyring.hashSecret(token));
    const operator = session && operators.get(session.operatorId);
    if (session === undefined || operator === undefined || operator.disabledAtMs !== null) return null;
    const { sessionId } = session;
    const nowMs = this.clock.now();
    const usedMs = this.lastUsedMs.get(sessionId) ?? Math.max(session.startedAtMs, this.startedMs);
    if (session.expiresAtMs <= nowMs || nowMs - usedMs >= IDLE_MS) return null;
    this.use(sessionId, nowMs);
    const { operatorId, name, roles, tenants, groups } = operator;
    return { operatorId, name, sessionId, roles, tenants, groups };
  }

  private use(sessionId: string, nowMs: number): void {
    this.lastUsedMs.delete(sessionId);
    this.lastUsedMs.set(sessionId, nowMs);
    if (this.lastUsedMs.size <= REMEMBERED_MAX) return;
    for (const [id, usedMs] of this.lastUsedMs) if (nowMs - usedMs >= IDLE_MS) this.lastUsedMs.delete(id);
  }
}

/** Who is signed in. Only for routes that take people alone. */
export function personOf({ caller }: FastifyRequest): Person {
  if (caller?.type === 'person') return caller;
  throw new Error('a route for people lets somebody else in');
}
