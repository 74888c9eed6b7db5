/** Takes a channel away. */

import { Command } from '@nestjs/cqrs';
import type { Origin } from '../domain/events.js';
import type { ChannelId } from '../domain/ids.js';
import type { SystemAnswer } from './writers.js';

export class RemoveChannelCommand extends Command<SystemAnswer> {
  constructor(
    readonly origin: Origin,
    readonly channelId: ChannelId,
  ) {
    super();
  }
}
