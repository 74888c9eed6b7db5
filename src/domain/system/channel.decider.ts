/** Decides about channels, and which process says what through them. */

import type { ChannelEvent, ChannelSettings, NoticeKey } from './channel.events.js';
import { noticeOf } from './channel.state.js';
import type { ChannelCommand, SetChannel, TakeNotice } from './system.commands.js';
import { type SystemRefusal, systemRefusal } from './system.refusals.js';
import type { SystemState } from './system.state.js';

const CHANNELS_MAX = 100;
const NAME = /^[^\p{C}\p{Z}]([^\p{C}]{0,126}[^\p{C}\p{Z}])?$/u;

export function decideChannel(command: ChannelCommand, state: SystemState): ChannelEvent[] | SystemRefusal {
  switch (command.type) {
    case 'SetChannel':
      return setChannel(command, state);
    case 'RemoveChannel': {
      const { channelId } = command;
      if (!state.channels.has(channelId)) return unknownChannel(channelId);
      return [{ type: 'ChannelRemoved', data: { channelId } }];
    }
    case 'TakeNotice':
      return takeNotice(command, state);
    case 'RecordNotice': {
      // A channel that was removed meanwhile has no record to keep.
      if (!state.channels.has(command.notice.channelId)) return [];
      const { notice, outcome } = command;
      if (outcome.kind === 'failed') {
        return [{ type: 'NoticeFailed', data: { ...notice, error: outcome.error } }];
      }
      if (outcome.kind === 'dropped') return [{ type: 'NoticeDropped', data: notice }];
      return [{ type: 'NoticeSent', data: { ...notice, reference: outcome.reference } }];
    }
  }
}

export const unknownChannel = (channelId: string): SystemRefusal =>
  systemRefusal('channel_not_found', `The channel ${channelId.slice(0, 64)} does not exist.`);

function setChannel({ channel, isNew }: SetChannel, state: SystemState): ChannelEvent[] | SystemRefusal {
  const known = state.channels.get(channel.channelId);
  if (known === undefined && !isNew) return unknownChannel(channel.channelId);
  if (!NAME.test(channel.name)) {
    return systemRefusal('channel_invalid', 'name must be 1 to 128 visible characters.', 'name');
  }
  if (channel.tenants?.length === 0) {
    const message = 'tenants must name at least one tenant; leave it out for all.';
    return systemRefusal('channel_invalid', message, 'tenants');
  }
  for (const other of state.channels.values()) {
    if (other.name === channel.name && other.channelId !== channel.channelId) {
      return systemRefusal('channel_exists', `There is a channel ${channel.name}.`, 'name');
    }
  }
  if (isNew && state.channels.size >= CHANNELS_MAX) {
    return systemRefusal('channel_limit', `There are ${CHANNELS_MAX} channels, the most there can be.`);
  }
  const stranger = peopleOf(channel.settings).find((name) => !state.idsByName.has(name));
  if (stranger !== undefined) {
    const message = `people names ${stranger.slice(0, 128)}, and there is no such operator.`;
    return systemRefusal('channel_invalid', message, 'people');
  }
  return [{ type: 'ChannelSet', data: channel }];
}

/** The names of the operators whom a channel reaches or answers for. */
export function peopleOf(settings: ChannelSettings): readonly string[] {
  switch (settings.kind) {
    case 'slack':
      return Object.values(settings.people);
    case 'webhook':
      return settings.people;
    case 'email':
      return Object.keys(settings.people);
  }
}

/** Nobody delivers what another process is delivering, or what has been. */
function takeNotice(
  { notice, nowMs, untilMs }: TakeNotice,
  state: SystemState,
): ChannelEvent[] | SystemRefusal {
  if (!state.channels.has(notice.channelId)) return unknownChannel(notice.channelId);
  if (!isToSay(notice, nowMs, state)) {
    return systemRefusal('notice_taken', 'Another process has said it, or is about to.');
  }
  return [{ type: 'NoticeTaken', data: { ...notice, untilMs } }];
}

/** Whether something is still to be said, by whoever takes it. */
export function isToSay(key: NoticeKey, nowMs: number, state: SystemState): boolean {
  const last = noticeOf(key, state);
  if (last?.status === 'taken' && last.untilMs > nowMs) return false;
  if (key.about === 'asked') return last === null || (last.about === 'asked' && last.status === 'taken');
  // Where nothing was said about the question there is nothing to say about its end.
  return last !== null;
}
