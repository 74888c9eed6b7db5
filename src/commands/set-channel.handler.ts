/** Seals the secrets of a channel and puts it into the operators' ledger. */

import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { ChannelId } from '../domain/ids.js';
import type { Ids } from '../ports/ids.port.js';
import type { Keyring } from '../ports/keyring.port.js';
import { type Secrets, sealed, secretsOf } from './channels.js';
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
    const sealedSecrets = this.sealedWith(channelId, secrets);
    const channel = { ...asked, channelId, sealedSecrets };
    const answer = await this.system.execute({ type: 'SetChannel', channel, isNew }, origin);
    return { ...answer, channelId };
  }

  /** What is given takes the place of what is known; what cannot be read any more stays until some are given. */
  private sealedWith(channelId: ChannelId, given: Secrets): string {
    const known = this.system.current.channels.get(channelId);
    const kept = known === undefined ? {} : secretsOf(this.keyring, known);
    if (known !== undefined && kept === null && Object.keys(given).length === 0) return known.sealedSecrets;
    return sealed(this.keyring, channelId, { ...kept, ...given });
  }
}
