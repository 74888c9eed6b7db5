/** /v1/auth: what a credential is good for. */

import { Body, Controller, Get, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { KEYRING, WRITERS, type Writers } from '../../commands/writers.js';
import { checkKey } from '../../domain/access.js';
import { isRefusal, refusal } from '../../domain/refusals.js';
import type { ApiKey, Tenant } from '../../domain/state.js';
import type { Keyring } from '../../ports/keyring.port.js';
import { isoOf } from '../ledger.dto.js';
import { READING, type Reading } from '../reading.js';
import { sendRefusal } from '../reply.js';
import { EITHER, OPERATOR, Route } from '../route.js';
import { IntrospectionDto, KeyValidationDto, KeyValidationRequestDto } from './auth.dto.js';
import { capabilitiesOf } from './capabilities.js';

/** Whoever asks about a key wants to hear what other nodes have just changed, too. */
const CURRENT = 0;

@Controller('v1/auth')
export class AuthController {
  constructor(
    @Inject(WRITERS) private readonly writers: Writers,
    @Inject(READING) private readonly reading: Reading,
    @Inject(KEYRING) private readonly keyring: Keyring,
  ) {}

  /** Whether a key could be used now. An unknown one is an answer, not an error. */
  @Post('validate')
  @HttpCode(200)
  @Route({
    access: OPERATOR,
    body: KeyValidationRequestDto,
    answer: KeyValidationDto,
    summary: 'Whether an API key could be used now, and what for.',
  })
  async validate(@Body() body: KeyValidationRequestDto, @Res() reply: FastifyReply): Promise<void> {
    const identity = await this.reading.directory.ownerOfSecret(this.keyring.hashSecret(body.key_secret));
    if (identity === null) {
      reply.send({ valid: false, tenant_id: '', reason: 'UNKNOWN' } satisfies KeyValidationDto);
      return;
    }
    const { tenantId, keyId } = identity;
    const answer = await this.writers.read(
      tenantId,
      ({ keys, tenant }, { nowMs }): KeyValidationDto => {
        const key = keys.get(keyId);
        const reason = reasonAgainst(key, tenant, nowMs);
        return {
          valid: reason === null,
          tenant_id: tenantId,
          key_id: keyId,
          ...(reason !== null && { reason }),
          ...(key !== undefined && {
            permissions: key.permissions,
            scope_filter: key.scopeFilter,
            expires_at: isoOf(key.expiresAtMs),
          }),
        };
      },
      CURRENT,
    );
    reply.header('X-Cycles-Tenant', tenantId).send(answer);
  }

  @Get('introspect')
  @Route({ access: EITHER, answer: IntrospectionDto, summary: 'What the credential of this request may do.' })
  async introspect(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const { caller } = request;
    if (caller?.type !== 'api_key') {
      const all = { authenticated: true, auth_type: 'admin', permissions: ['*'] } as const;
      reply.send({ ...all, capabilities: capabilitiesOf(null) });
      return;
    }
    const { tenantId, keyId } = caller;
    const key = await this.writers.read(
      tenantId,
      ({ keys }, { nowMs }) => {
        const known = keys.get(keyId);
        return checkKey(known, nowMs) ?? known ?? refusal('key_unknown', 'The API key is not known.');
      },
      CURRENT,
    );
    if (isRefusal(key)) {
      sendRefusal(request, reply, key);
      return;
    }
    reply.send({
      authenticated: true,
      auth_type: 'tenant',
      permissions: key.permissions,
      capabilities: capabilitiesOf(key.permissions),
      tenant_id: tenantId,
      ...(key.scopeFilter.length > 0 && { scope_filter: key.scopeFilter }),
    });
  }
}

function reasonAgainst(key: ApiKey | undefined, tenant: Tenant | null, nowMs: number): string | null {
  if (key === undefined) return 'UNKNOWN';
  if (key.revokedAtMs !== null) return 'REVOKED';
  if (tenant?.status === 'CLOSED') return 'TENANT_CLOSED';
  if (key.expiresAtMs <= nowMs) return 'EXPIRED';
  return tenant?.status === 'SUSPENDED' ? 'TENANT_SUSPENDED' : null;
}
