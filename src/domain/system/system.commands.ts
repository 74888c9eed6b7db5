/** What can be asked of the stream `system`. Ids, hashes and times come along; nothing is made up while deciding. */

import type { OperatorId } from '../ids.js';
import type { Channel, NoticeKey } from './channel.events.js';
import type { AccessRefused, Authority, OperatorSignedIn, Passkey, Password } from './system.events.js';

export interface AddOperator extends Authority {
  readonly type: 'AddOperator';
  readonly operatorId: OperatorId;
  readonly name: string;
  readonly password: Password;
}

/** Changes what a person may do, or gives them a new one-time password. */
export interface ChangeOperator {
  readonly type: 'ChangeOperator';
  readonly operatorId: OperatorId;
  readonly changes: Partial<Authority> & { readonly password?: Password };
}

export interface DisableOperator {
  readonly type: 'DisableOperator';
  readonly operatorId: OperatorId;
  readonly reason: string | null;
}

/** A sign-in whose password has been checked against a hash, which must still be the person's. */
export interface SignIn {
  readonly type: 'SignIn';
  readonly session: OperatorSignedIn['data'];
  readonly checkedHash: string;
  /** The password that the person chose in the same request; null keeps the one they have. */
  readonly chosen: Password | null;
}

export interface SignOut {
  readonly type: 'SignOut';
  readonly operatorId: OperatorId;
  readonly sessionId: string;
}

/** A passkey whose registration has been checked. */
export interface RegisterPasskey {
  readonly type: 'RegisterPasskey';
  readonly operatorId: OperatorId;
  readonly passkey: Passkey;
}

export interface RemovePasskey {
  readonly type: 'RemovePasskey';
  readonly operatorId: OperatorId;
  readonly credentialId: string;
}

export interface RecordRefusedAccess {
  readonly type: 'RecordRefusedAccess';
  readonly refused: AccessRefused['data'];
}

/** Makes a channel, or says how it is from now on. */
export interface SetChannel {
  readonly type: 'SetChannel';
  readonly channel: Channel;
  readonly isNew: boolean;
}

export interface RemoveChannel {
  readonly type: 'RemoveChannel';
  readonly channelId: Channel['channelId'];
}

/** Where several processes could deliver, one of them takes a notice first. */
export interface TakeNotice {
  readonly type: 'TakeNotice';
  readonly notice: NoticeKey;
  readonly nowMs: number;
  /** When another one may, ms since the epoch. */
  readonly untilMs: number;
}

export interface RecordNotice {
  readonly type: 'RecordNotice';
  readonly notice: NoticeKey;
  readonly outcome:
    | { readonly kind: 'sent'; readonly reference: string | null }
    | { readonly kind: 'failed'; readonly error: string }
    | { readonly kind: 'dropped' };
}

export type ChannelCommand = SetChannel | RemoveChannel | TakeNotice | RecordNotice;

export type SystemCommand =
  | AddOperator
  | ChangeOperator
  | DisableOperator
  | SignIn
  | SignOut
  | RegisterPasskey
  | RemovePasskey
  | RecordRefusedAccess
  | ChannelCommand;
