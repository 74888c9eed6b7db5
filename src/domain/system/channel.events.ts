/** Channels, through which people hear of questions, and what went through them. */

import type { ApprovalId, ChannelId } from '../ids.js';

export const CHANNEL_KINDS = ['slack', 'webhook', 'email'] as const;
export type ChannelKind = (typeof CHANNEL_KINDS)[number];

/** A conversation in Slack, where people answer with buttons. */
export interface SlackSettings {
  readonly kind: 'slack';
  /** Id of the conversation that the messages go to. */
  readonly conversation: string;
  /** Names of operators by ids of Slack users: whose click counts, and as whose answer. */
  readonly people: Readonly<Record<string, string>>;
  /** Base of Slack's API, without a slash at its end. */
  readonly apiUrl: string;
}

/** A receiver of signed messages (Standard Webhooks), which may send answers back. */
export interface WebhookSettings {
  readonly kind: 'webhook';
  readonly url: string;
  /** Names of the operators for whom it may answer; none when empty. */
  readonly people: readonly string[];
}

/** Mail with a link, to each person their own. */
export interface EmailSettings {
  readonly kind: 'email';
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte, from the greeting on, or none, which is for a relay on this machine. */
  readonly tls: 'implicit' | 'starttls' | 'none';
  readonly username: string | null;
  readonly from: string;
  /** Addresses by names of operators. */
  readonly people: Readonly<Record<string, string>>;
}

export type ChannelSettings = SlackSettings | WebhookSettings | EmailSettings;

export interface Channel {
  readonly channelId: ChannelId;
  readonly name: string;
  /** Tenants whose questions go through it; null for all. */
  readonly tenants: readonly string[] | null;
  /** Approver groups whose questions go through it; none means all. */
  readonly groups: readonly string[];
  /** 1 to 100. The lowest are told first; higher ones when a channel before them has failed. */
  readonly order: number;
  readonly settings: ChannelSettings;
  /** Its secrets, encrypted for this channel alone. */
  readonly sealedSecrets: string;
}

/** A channel as it is from then on. */
export interface ChannelSet {
  readonly type: 'ChannelSet';
  readonly data: Channel;
}

export interface ChannelRemoved {
  readonly type: 'ChannelRemoved';
  readonly data: { readonly channelId: ChannelId };
}

/** What is said about a question: that it is put, and that it is over. */
export type NoticeAbout = 'asked' | 'ended';

/** Which notice: what it says of which question through which channel. */
export interface NoticeKey {
  readonly approvalId: ApprovalId;
  readonly channelId: ChannelId;
  readonly about: NoticeAbout;
}

/** A process has begun to deliver; until then no other one does. */
export interface NoticeTaken {
  readonly type: 'NoticeTaken';
  readonly data: NoticeKey & { readonly untilMs: number };
}

/** It has arrived. */
export interface NoticeSent {
  readonly type: 'NoticeSent';
  readonly data: NoticeKey & {
    /** What the receiver calls it, so that it can be changed there. */
    readonly reference: string | null;
  };
}

/** It was given up; the next channels are told. */
export interface NoticeFailed {
  readonly type: 'NoticeFailed';
  readonly data: NoticeKey & { readonly error: string };
}

/** There is nobody to tell: the question is over, and they never heard of it or cannot hear of its end. */
export interface NoticeDropped {
  readonly type: 'NoticeDropped';
  readonly data: NoticeKey;
}

export type ChannelEvent =
  | ChannelSet
  | ChannelRemoved
  | NoticeTaken
  | NoticeSent
  | NoticeFailed
  | NoticeDropped;
