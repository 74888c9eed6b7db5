/** Makes a channel, or changes one. */

import { Command } from '@nestjs/cqrs';
import type { Origin } from '../domain/events.js';
import type { ChannelId } from '../domain/ids.js';
import type { Channel } from '../domain/system/channel.events.js';
import type { Secrets } from './channels.js';
import type { SystemAnswer } from './writers.js';

export class SetChannelCommand extends Command<SystemAnswer & { readonly channelId: ChannelId }> {
  constructor(
    readonly origin: Origin,
    /** Null for a new one. */
    readonly channelId: ChannelId | null,
    readonly asked: Omit<Channel, 'channelId' | 'sealedSecrets'>,
    /** Those that are given; the others stay as they are. */
    readonly secrets: Secrets,
  ) {
    super();
  }
}
