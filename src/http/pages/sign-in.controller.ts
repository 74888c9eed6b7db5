/** The pages where people come in and go out: a password, a cookie that no script reads, and on to where they meant to go. */

import { Body, Controller, Get, Inject, Post, Query, Req, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { MaxLength } from 'class-validator';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { SignOutCommand } from '../../commands/sign-out.command.js';
import { CLOCK } from '../../commands/writers.js';
import type { Clock } from '../../ports/clock.port.js';
import { SignIns } from '../admin/sign-ins.js';
import { COOKIE_SESSIONS, type CookieSessions } from '../cookie-sessions.js';
import { originOf } from '../correlation.js';
import { HttpFailure } from '../failure.js';
import { Optional } from '../fields.js';
import { ANYONE, Route, SIGNED_IN } from '../route.js';
import { FormDto } from './form.dto.js';
import { type Html, html } from './html.js';
import { goTo, sendPage } from './page.js';

const HOME = '/approvals';

export class SignInQueryDto {
  @Optional()
  @MaxLength(2048)
  readonly return_to?: string;
}

export class SignInFormDto extends SignInQueryDto {
  @Optional()
  @MaxLength(256)
  readonly name?: string;

  @Optional()
  @MaxLength(1024)
  readonly password?: string;

  @Optional()
  @MaxLength(1024)
  readonly new_password?: string;
}

@Controller()
export class SignInPages {
  constructor(
    private readonly commands: CommandBus,
    @Inject(SignIns) private readonly signIns: SignIns,
    @Inject(COOKIE_SESSIONS) private readonly cookies: CookieSessions,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get('sign-in')
  @Route({ access: ANYONE, query: SignInQueryDto, page: true })
  show(@Query() query: SignInQueryDto, @Res() reply: FastifyReply): void {
    sendPage(reply, 200, { title: 'Sign in', viewer: null, body: form(query, null) });
  }

  /** Whoever is not let in sees why, in the words of the API, and may try again. */
  @Post('sign-in')
  @Route({ access: ANYONE, body: SignInFormDto, takesForm: true, page: true })
  async signIn(
    @Body() body: SignInFormDto,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    this.cookies.requireOwnPage(request);
    const { name = '', password = '', new_password: chosen } = body;
    const asked = {
      name: name.toLowerCase(),
      password,
      ...(chosen !== undefined && { new_password: chosen }),
    };
    try {
      const { token, expiresAtMs } = await this.signIns.open(asked, request, reply);
      this.cookies.open(reply, token, expiresAtMs - this.clock.now());
      goTo(reply, ownPath(body.return_to));
    } catch (error) {
      if (!(error instanceof HttpFailure)) throw error;
      sendPage(reply, error.status, { title: 'Sign in', viewer: null, body: form(body, error) });
    }
  }

  @Post('sign-out')
  @Route({ access: SIGNED_IN, body: FormDto, takesForm: true, csrfInForm: true, page: true })
  async signOut(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const { caller } = request;
    if (caller?.type === 'person') {
      const { operatorId, sessionId } = caller;
      await this.commands.execute(new SignOutCommand(originOf(request), { operatorId, sessionId }));
    }
    this.cookies.clear(reply);
    goTo(reply, '/sign-in');
  }
}

/** A path of ours, and nothing that a browser could take for another site's address. */
export const ownPath = (path: string | undefined): string =>
  path !== undefined && /^\/(?![/\\])[\w\-./?=&%~]*$/.test(path) ? path : HOME;

function form(given: SignInFormDto, failure: HttpFailure | null): Html {
  const mustChoose = failure?.details?.['field'] === 'new_password';
  return html`<div class="narrow">
<h1>Sign in</h1>
${failure && html`<p class="notice" role="alert">${failure.message}</p>`}
<form method="post" action="/sign-in">
<input type="hidden" name="return_to" value="${ownPath(given.return_to)}">
<label for="name">Name</label>
<input id="name" name="name" type="text" autocomplete="username" autocapitalize="none" required maxlength="128" value="${given.name}">
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required maxlength="1024">
${
  mustChoose &&
  html`<label for="new_password">New password</label>
<input id="new_password" name="new_password" type="password" autocomplete="new-password" required minlength="12" maxlength="1024">`
}
<div class="buttons"><button type="submit">Sign in</button></div>
</form>
</div>`;
}
