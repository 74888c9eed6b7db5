/** Seals the secrets of a channel and puts it into the operators' ledger. */

import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { ChannelId } from '../domain/ids.js';
import type { Ids } from '../ports/ids.port.js';
import type { Keyring } from '../ports/keyring.port.js';
import { opened, type Secrets, sealed } from './channels.js';
import { SetChannelCommand } from './set-channel.command.js';
import { IDS, KEYRING, SYSTEM, type SystemAnswer, type SystemWriter } from './writers.js';

@CommandHandler(SetChannelCommand)
export class SetChannelHandler implements ICommandHandler<SetChannelCommand> {
  constructor(
    @Inject(SYSTEM) private readonly system: SystemWriter,
    @Inject(KEYRING) private readonly keyring: Keyring,
    @Inject(IDS) private readonly ids: Ids,
  ) {}

  async execute(command: SetChannelCommand): Promise<SystemAnswer & { readonly channelId: ChannelId }> {
    const { origin, asked, secrets } = command;
    const isNew = command.channelId === null;
    // What another process has set may be the secrets that stay.
    if (!isNew) await this.system.refresh();
    const channelId = command.channelId ?? (this.ids.mint('chn') as ChannelId);
    const sealedSecrets = sealed(this.keyring, channelId, { ...this.secretsOf(channelId), ...secrets });
    const channel = { ...asked, channelId, sealedSecrets };
    const answer = await this.system.execute({ type: 'SetChannel', channel, isNew }, origin);
    return { ...answer, channelId };
  }

  private secretsOf(channelId: ChannelId): Secrets {
    const known = this.system.current.channels.get(channelId);
    return known === undefined ? {} : opened(this.keyring, known).secrets;
  }
}
