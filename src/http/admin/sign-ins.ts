/** Signs people in, as a program or as a page asks for it, and counts who tries too often. */

import { Inject, Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type SignInAnswer, SignInCommand } from '../../commands/sign-in.command.js';
import { CLOCK, SYSTEM, type SystemWriter } from '../../commands/writers.js';
import type { OperatorId } from '../../domain/ids.js';
import type { Clock } from '../../ports/clock.port.js';
import { PasswordsBusy } from '../../ports/passwords.port.js';
import { type Attempt, Attempts } from '../attempts.js';
import { originOfNobody, sourceOf } from '../correlation.js';
import { HttpFailure } from '../failure.js';
import { REFUSED_ACCESS, type RefusedAccess } from '../refused-access.js';
import { failureOf } from './operator-failure.js';
import type { PersonDto, SignInRequestDto } from './sign-in.dto.js';

export type SignedIn = Extract<SignInAnswer, { kind: 'signed_in' }>;

const BUSY_MS = 2000;

@Injectable()
export class SignIns {
  private readonly attempts: Attempts;

  constructor(
    private readonly commands: CommandBus,
    @Inject(SYSTEM) private readonly system: SystemWriter,
    @Inject(REFUSED_ACCESS) private readonly refused: RefusedAccess,
    @Inject(CLOCK) clock: Clock,
  ) {
    this.attempts = new Attempts(clock);
  }

  /**
   * An unknown name, a disabled person and a wrong password are refused alike, each after the same work.
   * @throws HttpFailure 401, 403 for a password that must be changed, 429 (as rejections)
   */
  async open(body: SignInRequestDto, request: FastifyRequest, reply: FastifyReply): Promise<SignedIn> {
    reply.header('Cache-Control', 'no-store');
    const attempt = this.attempts.begin(body.name.toLowerCase(), sourceOf(request));
    if ('retryAfterMs' in attempt) throw tooMany(attempt.retryAfterMs, reply);
    const answer = await this.check(body, attempt, request, reply);
    if (answer.kind === 'signed_in') {
      attempt.succeeded();
      return answer;
    }
    if (answer.refusal.code === 'credentials_invalid') {
      this.refused.note(request, 'password', answer.operatorId);
    } else attempt.succeeded();
    throw failureOf(answer.refusal);
  }

  /** A person as they are at this moment. */
  show(operatorId: OperatorId): PersonDto {
    const operator = this.system.current.operators.get(operatorId);
    if (operator === undefined) throw new Error('a session without its operator');
    const { name, roles, tenants, groups } = operator;
    return { operator_id: operatorId, name, roles, ...(tenants && { tenants }), groups };
  }

  private async check(
    body: SignInRequestDto,
    attempt: Attempt,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<SignInAnswer> {
    try {
      const { name, password, new_password: newPassword } = body;
      const asked = { name, password, newPassword: newPassword ?? null };
      return await this.commands.execute(new SignInCommand(originOfNobody(request), asked));
    } catch (error) {
      if (!(error instanceof PasswordsBusy)) throw error;
      attempt.withdrawn();
      throw tooMany(BUSY_MS, reply);
    }
  }
}

function tooMany(retryAfterMs: number, reply: FastifyReply): HttpFailure {
  reply.header('Retry-After', Math.max(1, Math.ceil(retryAfterMs / 1000)));
  return new HttpFailure(429, 'LIMIT_EXCEEDED', 'Too many sign-ins have failed; try again later.');
}
