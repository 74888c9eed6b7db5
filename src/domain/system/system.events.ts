/** The events of the stream `system`: who operates the server, who is signed in or was turned away, how people are told. */

import type { OperatorId } from '../ids.js';
import type { ChannelEvent } from './channel.events.js';

/** What a person may do. `admin` may do everything; the others read, each their own part, or answer approvals. */
export const ROLES = ['admin', 'auditor', 'finops', 'approver', 'viewer'] as const;
export type Role = (typeof ROLES)[number];

/** What a person may do, and where. */
export interface Authority {
  readonly roles: readonly Role[];
  /** The tenants it holds for; null for all. */
  readonly tenants: readonly string[] | null;
  /** The approver groups the person answers for. */
  readonly groups: readonly string[];
}

export interface Password {
  /** argon2id with its parameters and salt, keyed with the master key: useless to whoever has the ledger alone. */
  readonly hash: string;
  /** Made by the server and good for one sign-in, at which the person chooses another. */
  readonly oneTime: boolean;
}

export interface OperatorAdded {
  readonly type: 'OperatorAdded';
  readonly data: Authority & {
    readonly operatorId: OperatorId;
    /** Lower-case; names the person at sign-in. */
    readonly name: string;
    readonly password: Password;
  };
}

/** What may be changed in an operator, each part as it is from then on. A new password ends all sessions. */
export interface OperatorChanged {
  readonly type: 'OperatorChanged';
  readonly data: {
    readonly operatorId: OperatorId;
    readonly changes: Partial<Authority> & { readonly password?: Password };
  };
}

/** For good: the name stays taken, so that the record stays clear about who it was. Ends all sessions. */
export interface OperatorDisabled {
  readonly type: 'OperatorDisabled';
  readonly data: { readonly operatorId: OperatorId; readonly reason: string | null };
}

export interface OperatorSignedIn {
  readonly type: 'OperatorSignedIn';
  readonly data: {
    readonly operatorId: OperatorId;
    readonly sessionId: string;
    /** Hex keyed hash of the bearer token; the token itself is answered once and never stored. */
    readonly tokenHash: string;
    readonly expiresAtMs: number;
  };
}

export interface OperatorSignedOut {
  readonly type: 'OperatorSignedOut';
  readonly data: { readonly operatorId: OperatorId; readonly sessionId: string };
}

/** A key that a person's device keeps and uses only after it has checked the person (Web Authentication, level 2). */
export interface Passkey {
  /** base64url, as the device made it; unique on the server. */
  readonly credentialId: string;
  /** COSE key, base64url. */
  readonly publicKey: string;
  /** How the device is reached, as browsers name it. */
  readonly transports: readonly string[];
  /** What the person calls it. */
  readonly name: string;
}
export interface PasskeyRegistered {
  readonly type: 'PasskeyRegistered';
  readonly data: { readonly operatorId: OperatorId; readonly passkey: Passkey };
}
export interface PasskeyRemoved {
  readonly type: 'PasskeyRemoved';
  readonly data: { readonly operatorId: OperatorId; readonly credentialId: string };
}

/** What was presented and did not hold. */
export type PresentedCredential = 'admin_key' | 'api_key' | 'token' | 'password' | 'none';

/** Requests from one source that failed authentication. The first is recorded at once, its repeats by the minute. */
export interface AccessRefused {
  readonly type: 'AccessRefused';
  readonly data: {
    readonly presented: PresentedCredential;
    /** Whom a wrong password was meant for, when there is such a person. */
    readonly operatorId: OperatorId | null;
    /** Of the first request; null for one that no route knows. */
    readonly route: string | null;
    readonly repeats: number;
  };
}

export type SystemEvent =
  | OperatorAdded
  | OperatorChanged
  | OperatorDisabled
  | OperatorSignedIn
  | OperatorSignedOut
  | PasskeyRegistered
  | PasskeyRemoved
  | AccessRefused
  | ChannelEvent;

export const SYSTEM_STREAM = 'system';

const SYSTEM_TYPES: Readonly<Record<SystemEvent['type'], true>> = {
  OperatorAdded: true,
  OperatorChanged: true,
  OperatorDisabled: true,
  OperatorSignedIn: true,
  OperatorSignedOut: true,
  PasskeyRegistered: true,
  PasskeyRemoved: true,
  AccessRefused: true,
  ChannelSet: true,
  ChannelRemoved: true,
  NoticeTaken: true,
  NoticeSent: true,
  NoticeFailed: true,
  NoticeDropped: true,
};

/** Whether an event belongs to the stream `system`. */
export const isSystemEvent = <E extends { readonly type: string }>(
  event: E,
): event is Extract<E, SystemEvent> => Object.hasOwn(SYSTEM_TYPES, event.type);
