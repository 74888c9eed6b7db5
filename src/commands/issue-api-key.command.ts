/** Issues an API key to a tenant. */

import { Command } from '@nestjs/cqrs';
import type { ApiKeyIssued, Origin } from '../domain/events.js';
import type { TenantId } from '../domain/ids.js';
import type { Answer } from './writers.js';

/** The answer, with the secret that is shown this one time and stored nowhere. */
export interface IssuedKey {
  readonly answer: Answer;
  readonly secret: string;
}

export class IssueApiKeyCommand extends Command<IssuedKey> {
  constructor(
    readonly tenantId: TenantId,
    readonly origin: Origin,
    /** `expiresAtMs` null means the default of 90 days. */
    readonly asked: Omit<ApiKeyIssued['data'], 'keyId' | 'secretHash' | 'prefix' | 'expiresAtMs'> & {
      readonly expiresAtMs: number | null;
    },
  ) {
    super();
  }
}
