/** Which person a bearer token stands for, and for how long. */

import type { SystemWriter } from '../commands/writers.js';
import type { OperatorId } from '../domain/ids.js';
import type { Authority } from '../domain/system/system.events.js';
import type { Clock } from '../ports/clock.port.js';
import type { Keyring } from '../ports/keyring.port.js';

/** A person who is signed in, with what they may do at this moment. */
export interface Person extends Authority {
  readonly operatorId: OperatorId;
  readonly name: string;
  readonly sessionId: string;
}

const TOKEN = /^Bearer (cso_[A-Za-z0-9_-]{43})$/i;
/** A session that nobody used for this long is over. */
const IDLE_MS = 60 * 60 * 1000;
const REMEMBERED_MAX = 10_000;

export class People {
  /** When each session was last used, by its id; a session not seen since the start was used then. */
  private readonly lastUsedMs = new Map<string, number>();
  private readonly startedMs: number;

  constructor(
    private readonly system: Pick<SystemWriter, 'current'>,
    private readonly keyring: Pick<Keyring, 'hashSecret'>,
    private readonly clock: Pick<Clock, 'now'>,
  ) {
    this.startedMs = clock.now();
  }

  /**
   * The person behind an Authorization header, as of the last event about them; null when it opens nothing. Looked
   * up by a keyed hash, so that nothing shows in the time it takes.
   */
  identify(authorization: string): Person | null {
    const token = TOKEN.exec(authorization)?.[1];
    if (token === undefined) return null;
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
