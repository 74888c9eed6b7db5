/** /auth: people sign in with a password and get a bearer token; signing out ends it. */

import { Body, Controller, Get, Inject, Post, Req, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type SignInAnswer, SignInCommand } from '../../commands/sign-in.command.js';
import { SignOutCommand } from '../../commands/sign-out.command.js';
import { CLOCK, SYSTEM, type SystemWriter } from '../../commands/writers.js';
import type { OperatorId } from '../../domain/ids.js';
import type { Clock } from '../../ports/clock.port.js';
import { PasswordsBusy } from '../../ports/passwords.port.js';
import { Attempts } from '../attempts.js';
import { originOf, originOfNobody } from '../correlation.js';
import { HttpFailure } from '../failure.js';
import { isoOf } from '../ledger.dto.js';
import type { Person } from '../people.js';
import { REFUSED_ACCESS, type RefusedAccess } from '../refused-access.js';
import { ANYONE, Route, SIGNED_IN } from '../route.js';
import { failureOf } from './operator-failure.js';
import { PersonDto, SignedInDto, SignInRequestDto } from './sign-in.dto.js';

@Controller('auth')
export class SignInController {
  private readonly attempts: Attempts;

  constructor(
    private readonly commands: CommandBus,
    @Inject(SYSTEM) private readonly system: SystemWriter,
    @Inject(REFUSED_ACCESS) private readonly refused: RefusedAccess,
    @Inject(CLOCK) clock: Clock,
  ) {
    this.attempts = new Attempts(clock);
  }

  /** 401 for an unknown name, a disabled person and a wrong password alike, each after the same work. */
  @Post('sign-in')
  @Route({ access: ANYONE, body: SignInRequestDto, answer: SignedInDto, summary: 'Sign a person in.' })
  async signIn(
    @Body() body: SignInRequestDto,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    reply.header('Cache-Control', 'no-store');
    const attempt = this.attempts.begin(body.name.toLowerCase(), request.ip);
    if ('retryAfterMs' in attempt) throw tooMany(attempt.retryAfterMs, reply);
    const answer = await this.check(body, request, reply);
    if (answer.kind === 'signed_in') {
      attempt.succeeded();
      const { token, operatorId, expiresAtMs } = answer;
      reply
        .code(200)
        .send({ token, token_type: 'Bearer', expires_at: isoOf(expiresAtMs), ...this.show(operatorId) });
      return;
    }
    if (answer.refusal.code === 'credentials_invalid') {
      this.refused.note(request, 'password', answer.operatorId);
    } else attempt.succeeded();
    throw failureOf(answer.refusal);
  }

  @Post('sign-out')
  @Route({ access: SIGNED_IN, summary: 'End the session that the token stands for.' })
  async signOut(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const { operatorId, sessionId } = personOf(request);
    await this.commands.execute(new SignOutCommand(originOf(request), { operatorId, sessionId }));
    reply.code(204).send();
  }

  @Get('me')
  @Route({ access: SIGNED_IN, answer: PersonDto, summary: 'Who the token stands for.' })
  me(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    reply.send(this.show(personOf(request).operatorId));
  }

  private async check(
    body: SignInRequestDto,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<SignInAnswer> {
    try {
      const { name, password, new_password: newPassword } = body;
      const asked = { name, password, newPassword: newPassword ?? null };
      return await this.commands.execute(new SignInCommand(originOfNobody(request), asked));
    } catch (error) {
      throw error instanceof PasswordsBusy ? tooMany(BUSY_MS, reply) : error;
    }
  }

  private show(operatorId: OperatorId): PersonDto {
    const operator = this.system.current.operators.get(operatorId);
    if (operator === undefined) throw new Error('a session without its operator');
    const { name, roles, tenants, groups } = operator;
    return { operator_id: operatorId, name, roles, ...(tenants && { tenants }), groups };
  }
}

const BUSY_MS = 2000;

function tooMany(retryAfterMs: number, reply: FastifyReply): HttpFailure {
  reply.header('Retry-After', Math.max(1, Math.ceil(retryAfterMs / 1000)));
  return new HttpFailure(429, 'LIMIT_EXCEEDED', 'Too many sign-ins have failed; try again later.');
}

function personOf({ caller }: FastifyRequest): Person {
  if (caller?.type === 'person') return caller;
  throw new Error('a route for people asks for a person that is not there');
}
