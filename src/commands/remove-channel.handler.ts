/** Takes a channel away: nothing goes through it any more, and nothing comes back. */

import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { RemoveChannelCommand } from './remove-channel.command.js';
import { SYSTEM, type SystemAnswer, type SystemWriter } from './writers.js';

@CommandHandler(RemoveChannelCommand)
export class RemoveChannelHandler implements ICommandHandler<RemoveChannelCommand> {
  constructor(@Inject(SYSTEM) private readonly system: SystemWriter) {}

  execute({ origin, channelId }: RemoveChannelCommand): Promise<SystemAnswer> {
    return this.system.execute({ type: 'RemoveChannel', channelId }, origin);
  }
}
