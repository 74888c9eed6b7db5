/** The folded channels, and what has been said through them about questions that may still be open. */

import type { ApprovalId, ChannelId } from '../ids.js';
import type { Channel, ChannelEvent, NoticeAbout, NoticeKey } from './channel.events.js';

/** How the last messages of a channel went. */
export interface ChannelHealth {
  readonly lastSentAtMs: number | null;
  readonly lastFailure: { readonly atMs: number; readonly error: string } | null;
}

/** The last thing that was said, or is being said, about a question through one channel. */
export interface Notice {
  readonly about: NoticeAbout;
  readonly status: 'taken' | 'sent' | 'failed';
  /** Until when another process keeps out, ms since the epoch; only of one that is taken. */
  readonly untilMs: number;
  readonly reference: string | null;
}

export interface ChannelsState {
  readonly channels: Map<ChannelId, Channel & { readonly setAtMs: number }>;
  readonly health: Map<ChannelId, ChannelHealth>;
  /** By question, then by channel. A question is forgotten once its end has been told. */
  readonly notices: Map<ApprovalId, Map<ChannelId, Notice>>;
}

export const initialChannels = (): ChannelsState => ({
  channels: new Map(),
  health: new Map(),
  notices: new Map(),
});

const UNTRIED: ChannelHealth = { lastSentAtMs: null, lastFailure: null };

export const healthOf = (channelId: ChannelId, { health }: ChannelsState): ChannelHealth =>
  health.get(channelId) ?? UNTRIED;

/** What was said last about a question through a channel; null for nothing. */
export const noticeOf = (
  { approvalId, channelId }: Pick<NoticeKey, 'approvalId' | 'channelId'>,
  { notices }: ChannelsState,
): Notice | null => notices.get(approvalId)?.get(channelId) ?? null;

/** Writes what an event says into the state. */
export function evolveChannels(state: ChannelsState, event: ChannelEvent, atMs: number): void {
  switch (event.type) {
    case 'ChannelSet':
      state.channels.set(event.data.channelId, { ...event.data, setAtMs: atMs });
      return;
    case 'ChannelRemoved':
      remove(state, event.data.channelId);
      return;
    case 'NoticeTaken': {
      const before = noticeOf(event.data, state);
      const { about, untilMs } = event.data;
      note(state, event.data, { about, status: 'taken', untilMs, reference: before?.reference ?? null });
      return;
    }
    case 'NoticeSent': {
      const { about, reference, channelId } = event.data;
      note(state, event.data, { about, status: 'sent', untilMs: 0, reference });
      state.health.set(channelId, { ...healthOf(channelId, state), lastSentAtMs: atMs });
      return;
    }
    case 'NoticeFailed': {
      const { about, error, channelId } = event.data;
      note(state, event.data, { about, status: 'failed', untilMs: 0, reference: null });
      state.health.set(channelId, { ...healthOf(channelId, state), lastFailure: { atMs, error } });
      return;
    }
    case 'NoticeDropped':
      forget(state, event.data);
  }
}

function note(state: ChannelsState, key: NoticeKey, notice: Notice): void {
  const { notices, channels } = state;
  const { approvalId, channelId } = key;
  const isOver = notice.about === 'ended' && notice.status !== 'taken';
  if (isOver || !channels.has(channelId)) {
    forget(state, key);
    return;
  }
  const ofQuestion = notices.get(approvalId) ?? new Map<ChannelId, Notice>();
  notices.set(approvalId, ofQuestion.set(channelId, notice));
}

function forget({ notices }: ChannelsState, { approvalId, channelId }: NoticeKey): void {
  const ofQuestion = notices.get(approvalId);
  ofQuestion?.delete(channelId);
  if (ofQuestion?.size === 0) notices.delete(approvalId);
}

function remove({ channels, health, notices }: ChannelsState, channelId: ChannelId): void {
  channels.delete(channelId);
  health.delete(channelId);
  for (const [approvalId, ofQuestion] of notices) {
    ofQuestion.delete(channelId);
    if (ofQuestion.size === 0) notices.delete(approvalId);
  }
}
