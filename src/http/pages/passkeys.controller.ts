/** The page of a person's passkeys, and the scripts that speak to them. */

import { Body, Controller, Get, Inject, Post, Req, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { MaxLength, MinLength } from 'class-validator';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { RegisterPasskeyCommand } from '../../commands/register-passkey.command.js';
import { RemovePasskeyCommand } from '../../commands/remove-passkey.command.js';
import { SYSTEM, type SystemAnswer, type SystemWriter } from '../../commands/writers.js';
import type { Passkey } from '../../domain/system/system.events.js';
import { failureOf } from '../admin/operator-failure.js';
import { COOKIE_SESSIONS, type CookieSessions } from '../cookie-sessions.js';
import { originOf } from '../correlation.js';
import { HttpFailure } from '../failure.js';
import { personOf } from '../people.js';
import { ANYONE, APPROVER, Route } from '../route.js';
import { CEREMONIES, type Ceremonies, type PasskeyRequest } from './ceremonies.js';
import { FormDto } from './form.dto.js';
import { type Html, html, visible } from './html.js';
import { goTo, sendPage, type Viewer } from './page.js';
import { LIBRARY_PATH, libraryText, SCRIPT, SCRIPT_PATH } from './script.js';
import { viewerOf } from './viewer.js';

const ANSWER_LENGTH_MAX = 16_384;

export class PasskeyFormDto extends FormDto {
  @MinLength(1)
  @MaxLength(64)
  readonly name!: string;

  @MaxLength(256)
  readonly ticket!: string;

  @MaxLength(ANSWER_LENGTH_MAX)
  readonly passkey!: string;
}

export class RemovePasskeyFormDto extends FormDto {
  @MaxLength(2048)
  readonly credential_id!: string;
}

@Controller()
export class PasskeyPages {
  constructor(
    private readonly commands: CommandBus,
    @Inject(SYSTEM) private readonly system: SystemWriter,
    @Inject(CEREMONIES) private readonly ceremonies: Ceremonies,
    @Inject(COOKIE_SESSIONS) private readonly cookies: CookieSessions,
  ) {}

  @Get(LIBRARY_PATH.slice(1))
  @Route({ access: ANYONE, page: true })
  library(@Res() reply: FastifyReply): void {
    sendScript(reply, libraryText());
  }

  @Get(SCRIPT_PATH.slice(1))
  @Route({ access: ANYONE, page: true })
  script(@Res() reply: FastifyReply): void {
    sendScript(reply, SCRIPT);
  }

  @Get('passkeys')
  @Route({ access: APPROVER, page: true, ownOnly: true })
  async show(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    // On another node one may have been added or removed a moment ago.
    await this.system.refresh();
    const viewer = viewerOf(request, this.cookies);
    const known = this.knownOf(request);
    const body = passkeysPage(known, this.ceremonies.toRegister(personOf(request), known), viewer);
    sendPage(reply, 200, { title: 'Passkeys', viewer, body, asksPasskey: true });
  }

  @Post('passkeys')
  @Route({
    access: APPROVER,
    body: PasskeyFormDto,
    takesForm: true,
    csrfInForm: true,
    page: true,
    ownOnly: true,
  })
  async register(
    @Body() body: PasskeyFormDto,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const person = personOf(request);
    const registered = await this.ceremonies.register(person, body);
    if (registered === null) {
      throw new HttpFailure(
        400,
        'INVALID_REQUEST',
        'The passkey was not registered: open the page and try again.',
      );
    }
    const passkey = { ...registered, name: body.name };
    goOn(
      reply,
      await this.commands.execute(new RegisterPasskeyCommand(person.operatorId, originOf(request), passkey)),
    );
  }

  @Post('passkeys/remove')
  @Route({
    access: APPROVER,
    body: RemovePasskeyFormDto,
    takesForm: true,
    csrfInForm: true,
    page: true,
    ownOnly: true,
  })
  async remove(
    @Body() body: RemovePasskeyFormDto,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { operatorId } = personOf(request);
    const command = new RemovePasskeyCommand(operatorId, originOf(request), body.credential_id);
    goOn(reply, await this.commands.execute(command));
  }

  private knownOf(request: FastifyRequest): readonly Passkey[] {
    return this.system.current.passkeys.get(personOf(request).operatorId) ?? [];
  }
}

/** @throws HttpFailure what was refused */
function goOn(reply: FastifyReply, answer: SystemAnswer): void {
  if (answer.kind === 'refused') throw failureOf(answer.refusal);
  goTo(reply, '/passkeys');
}

function sendScript(reply: FastifyReply, text: string): void {
  reply
    .code(200)
    .headers({ 'Cache-Control': 'max-age=3600', 'X-Content-Type-Options': 'nosniff' })
    .type('text/javascript; charset=utf-8')
    .send(text);
}

const passkeysPage = (
  known: readonly Passkey[],
  { options, ticket }: PasskeyRequest,
  { csrfToken }: Viewer,
): Html => html`<h1>Your passkeys</h1>
<p class="soft">Some calls are answered with a passkey: your device checks that it is you, and signs exactly that call.</p>
<ul class="plain">${known.map(
  ({ credentialId, name }) => html`<li><form method="post" action="/passkeys/remove">
<input type="hidden" name="csrf_token" value="${csrfToken}">
<input type="hidden" name="credential_id" value="${credentialId}">
<b>${visible(name)}</b> <span class="soft">${credentialId.slice(0, 12)}…</span>
<span class="points"><button class="quiet" type="submit">Remove</button></span>
</form></li>`,
)}</ul>
<h2>Add another</h2>
<form method="post" action="/passkeys" data-ceremony="register" data-passkey="${options}">
<input type="hidden" name="csrf_token" value="${csrfToken}">
<input type="hidden" name="ticket" value="${ticket}">
<input type="hidden" name="passkey" value="">
<p class="notice" role="alert" hidden></p>
<label for="name">What you call the device</label>
<input id="name" name="name" type="text" required maxlength="64" autocomplete="off">
<div class="buttons"><button type="submit">Add a passkey</button></div>
</form>`;
