/** The folded stream `system`: the people, the sessions that may still be good, and the channels. */

import { assert } from '../assertions.js';
import type { OperatorId } from '../ids.js';
import { type ChannelsState, evolveChannels, initialChannels } from './channel.state.js';
import type { Authority, OperatorSignedIn, Passkey, Password, SystemEvent } from './system.events.js';

export interface Operator extends Authority {
  readonly operatorId: OperatorId;
  readonly name: string;
  readonly password: Password;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
  readonly disabledAtMs: number | null;
  readonly lastSignInAtMs: number | null;
}

export interface Session {
  readonly sessionId: string;
  readonly operatorId: OperatorId;
  readonly startedAtMs: number;
  /** When it ends, however much it is used. */
  readonly expiresAtMs: number;
}

export interface SystemState extends ChannelsState {
  readonly operators: Map<OperatorId, Operator>;
  readonly idsByName: Map<string, OperatorId>;
  /** Of each person, oldest first. */
  readonly passkeys: Map<OperatorId, readonly Passkey[]>;
  /** By hash of the token, oldest first. */
  readonly sessions: Map<string, Session>;
}

/** Sessions a person may have at the same time; one more ends the oldest. */
const SESSIONS_MAX = 16;

export const initialSystemState = (): SystemState => ({
  operators: new Map(),
  idsByName: new Map(),
  passkeys: new Map(),
  sessions: new Map(),
  ...initialChannels(),
});

/**
 * Writes what an event says into the state.
 * @param atMs when the event occurred, ms since the epoch
 * @throws AssertionError when the event contradicts the state
 */
export function evolveSystem(state: SystemState, event: SystemEvent, atMs: number): void {
  switch (event.type) {
    case 'OperatorAdded':
      add(state, event.data, atMs);
      break;
    case 'OperatorChanged': {
      const { operatorId, changes } = event.data;
      change(state, operatorId, { ...changes, updatedAtMs: atMs });
      if (changes.password !== undefined) endSessions(state, operatorId);
      break;
    }
    case 'OperatorDisabled':
      change(state, event.data.operatorId, { disabledAtMs: atMs, updatedAtMs: atMs });
      endSessions(state, event.data.operatorId);
      break;
    case 'OperatorSignedIn':
      signIn(state, event.data, atMs);
      break;
    case 'OperatorSignedOut':
      endSessions(state, event.data.operatorId, event.data.sessionId);
      break;
    case 'PasskeyRegistered': {
      const { operatorId, passkey } = event.data;
      state.passkeys.set(operatorId, [...passkeysOf(operatorId, state), passkey]);
      break;
    }
    case 'PasskeyRemoved': {
      const { operatorId, credentialId } = event.data;
      const rest = passkeysOf(operatorId, state).filter((passkey) => passkey.credentialId !== credentialId);
      state.passkeys.set(operatorId, rest);
      break;
    }
    case 'AccessRefused':
      break;
    case 'ChannelSet':
    case 'ChannelRemoved':
    case 'NoticeTaken':
    case 'NoticeSent':
    case 'NoticeFailed':
    case 'NoticeDropped':
      evolveChannels(state, event, atMs);
      break;
  }
}

/** The passkeys of a person, oldest first. */
export const passkeysOf = (operatorId: OperatorId, { passkeys }: SystemState): readonly Passkey[] =>
  passkeys.get(operatorId) ?? [];

function add(
  state: SystemState,
  data: Omit<Operator, 'createdAtMs' | 'updatedAtMs' | 'disabledAtMs' | 'lastSignInAtMs'>,
  atMs: number,
): void {
  assert(!state.idsByName.has(data.name), 'an operator’s name is taken once');
  state.idsByName.set(data.name, data.operatorId);
  state.operators.set(data.operatorId, {
    ...data,
    createdAtMs: atMs,
    updatedAtMs: atMs,
    disabledAtMs: null,
    lastSignInAtMs: null,
  });
}

function change(state: SystemState, operatorId: OperatorId, changes: Partial<Operator>): void {
  const operator = state.operators.get(operatorId);
  assert(operator !== undefined, 'an operator is added before anything happens to them');
  state.operators.set(operatorId, { ...operator, ...changes });
}

function signIn(state: SystemState, data: OperatorSignedIn['data'], atMs: number): void {
  const { operatorId, sessionId, tokenHash, expiresAtMs } = data;
  change(state, operatorId, { lastSignInAtMs: atMs });
  for (const [hash, session] of state.sessions) if (session.expiresAtMs <= atMs) state.sessions.delete(hash);
  const own = [...state.sessions].filter(([, session]) => session.operatorId === operatorId);
  const [oldest] = own;
  if (own.length >= SESSIONS_MAX && oldest !== undefined) state.sessions.delete(oldest[0]);
  state.sessions.set(tokenHash, { sessionId, operatorId, startedAtMs: atMs, expiresAtMs });
}

function endSessions(state: SystemState, operatorId: OperatorId, sessionId?: string): void {
  for (const [hash, session] of state.sessions) {
    const isMeant = sessionId === undefined || session.sessionId === sessionId;
    if (session.operatorId === operatorId && isMeant) state.sessions.delete(hash);
  }
}
