/** /auth: people sign in with a password, and get a bearer token or, in a browser, a cookie; signing out ends it. */

import { Body, Controller, Get, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { SignOutCommand } from '../../commands/sign-out.command.js';
import { CLOCK } from '../../commands/writers.js';
import type { Clock } from '../../ports/clock.port.js';
import { COOKIE_SESSIONS, type CookieSessions } from '../cookie-sessions.js';
import { originOf } from '../correlation.js';
import { isoOf } from '../ledger.dto.js';
import { personOf } from '../people.js';
import { ANYONE, Route, SIGNED_IN } from '../route.js';
import { SessionDto, SessionRequestDto, SignedInDto, SignInRequestDto } from './sign-in.dto.js';
import { SignIns } from './sign-ins.js';

@Controller('auth')
export class SignInController {
  constructor(
    private readonly commands: CommandBus,
    @Inject(SignIns) private readonly signIns: SignIns,
    @Inject(COOKIE_SESSIONS) private readonly cookies: CookieSessions,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** For programs, which keep the token themselves. */
  @Post('sign-in')
  @Route({ access: ANYONE, body: SignInRequestDto, answer: SignedInDto, summary: 'Sign a person in.' })
  async signIn(
    @Body() body: SignInRequestDto,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { token, operatorId, expiresAtMs } = await this.signIns.open(body, request, reply);
    const person = this.signIns.show(operatorId);
    reply.code(200).send({ token, token_type: 'Bearer', expires_at: isoOf(expiresAtMs), ...person });
  }

  /** For pages: the token goes into a cookie and nowhere else. A form may name the page to go on to. */
  @Post('session')
  @HttpCode(200)
  @Route({
    access: ANYONE,
    body: SessionRequestDto,
    takesForm: true,
    answer: SessionDto,
    summary: 'Sign a person in to a browser.',
  })
  async openSession(
    @Body() body: SessionRequestDto,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    this.cookies.requireOwnPage(request);
    const { token, operatorId, expiresAtMs } = await this.signIns.open(body, request, reply);
    this.cookies.open(reply, token, expiresAtMs - this.clock.now());
    if (body.return_to === undefined) {
      const person = this.signIns.show(operatorId);
      reply.code(200).send({ ...person, csrf_token: this.cookies.csrfTokenOf(token) });
    } else reply.code(303).header('Location', body.return_to).send();
  }

  /** Ends the session, and takes it from the browser that it came from. */
  @Post('sign-out')
  @Route({ access: SIGNED_IN, summary: 'End the session that the token or the cookie stands for.' })
  async signOut(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const { operatorId, sessionId } = personOf(request);
    await this.commands.execute(new SignOutCommand(originOf(request), { operatorId, sessionId }));
    if (this.cookies.tokenOf(request) !== null) this.cookies.clear(reply);
    reply.code(204).send();
  }

  @Get('me')
  @Route({ access: SIGNED_IN, answer: SessionDto, summary: 'Who the token or the cookie stands for.' })
  me(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    reply.header('Cache-Control', 'no-store');
    reply.send({ ...this.signIns.show(personOf(request).operatorId), ...this.csrfOf(request) });
  }

  /** What a page needs to know when it is opened; nothing for a program. */
  private csrfOf(request: FastifyRequest): { readonly csrf_token?: string } {
    const token = this.cookies.tokenOf(request);
    return token === null ? {} : { csrf_token: this.cookies.csrfTokenOf(token) };
  }
}
