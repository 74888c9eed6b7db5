/** Mints an API key's secret and records its hash. */

import { randomInt } from 'node:crypto';
import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { KeyId } from '../domain/ids.js';
import type { Clock } from '../ports/clock.port.js';
import type { Ids } from '../ports/ids.port.js';
import type { Keyring } from '../ports/keyring.port.js';
import { IssueApiKeyCommand, type IssuedKey } from './issue-api-key.command.js';
import { CLOCK, IDS, KEYRING, WRITERS, type Writers } from './writers.js';

const SECRET_PREFIX = 'cyc_live_';
const SECRET_LENGTH = 32;
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
/** As much of a secret as is shown ever after, so that a person can tell keys apart. */
const VISIBLE_LENGTH = SECRET_PREFIX.length + 6;
const DEFAULT_LIFETIME_MS = 90 * 24 * 60 * 60 * 1000;

@CommandHandler(IssueApiKeyCommand)
export class IssueApiKeyHandler implements ICommandHandler<IssueApiKeyCommand> {
  constructor(
    @Inject(WRITERS) private readonly writers: Writers,
    @Inject(IDS) private readonly ids: Ids,
    @Inject(KEYRING) private readonly keyring: Keyring,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async execute({ tenantId, origin, asked }: IssueApiKeyCommand): Promise<IssuedKey> {
    const secret = newSecret();
    const key = {
      ...asked,
      keyId: this.ids.mint('key') as KeyId,
      secretHash: this.keyring.hashSecret(secret),
      prefix: secret.slice(0, VISIBLE_LENGTH),
      expiresAtMs: asked.expiresAtMs ?? this.clock.now() + DEFAULT_LIFETIME_MS,
    };
    const answer = await this.writers.execute(tenantId, { type: 'IssueApiKey', key }, origin);
    return { answer, secret };
  }
}

const newSecret = (): string =>
  SECRET_PREFIX + Array.from({ length: SECRET_LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
