/** What those who run the server ask of the process that tells people about questions. */

import type { ChannelId } from '../domain/ids.js';
import type { OpenChannel } from './notifier.port.js';

export interface ChannelDesk {
  /** Messages that are being sent, or wait. */
  readonly waiting: number;
  /** How many of them are a channel's. */
  waitingFor(channelId: ChannelId): number;
  /** Sends a message that asks nothing. @returns why it did not arrive; null when it did */
  test(channelId: ChannelId): Promise<string | null>;
}

/** Whether what comes back through a channel is the receiver's, and a word to who sent it. */
export interface WaysBack {
  /** Whether Slack signed exactly this text, five minutes before `nowMs` at most. */
  isFromSlack(
    channel: OpenChannel,
    text: string,
    signed: { readonly timestamp: string; readonly signature: string; readonly nowMs: number },
  ): boolean;
  /** Whether the text is signed with the channel's secret (Standard Webhooks), five minutes ago at most. */
  isSignedWebhook(channel: OpenChannel, text: string, headers: Readonly<Record<string, string>>): boolean;
  /** Tells one person in Slack. @throws DeliveryFault */
  whisper(channel: OpenChannel, user: string, text: string): Promise<void>;
}
