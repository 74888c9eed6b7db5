/** GET /v1/.well-known/cycles-jwks.json: the public key that answers are signed with. */

import { Controller, Get, Inject, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { KEYRING } from '../../commands/writers.js';
import type { Keyring } from '../../ports/keyring.port.js';
import { ANYONE, Route } from '../route.js';

@Controller('v1/.well-known')
export class JwksController {
  constructor(@Inject(KEYRING) private readonly keyring: Keyring) {}

  @Get('cycles-jwks.json')
  @Route({ access: ANYONE, summary: 'The public key that signed answers are checked with.' })
  keys(@Res() reply: FastifyReply): void {
    reply.header('Cache-Control', 'public, max-age=300').send({ keys: [this.keyring.publicJwk] });
  }
}
