/** The pages where people answer: what waits, and one call with all that is known of it. */

import { Body, Controller, Get, Inject, Param, Post, Req, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { IsIn, MaxLength } from 'class-validator';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AnswerApprovalCommand } from '../../commands/answer-approval.command.js';
import { CLOCK, SYSTEM, type SystemWriter } from '../../commands/writers.js';
import type { PasskeyEvidence } from '../../domain/events.js';
import type { ApprovalId, TenantId } from '../../domain/ids.js';
import type { Passkey } from '../../domain/system/system.events.js';
import type { Clock } from '../../ports/clock.port.js';
import type { ApprovalView } from '../../projections/approvals/approvals.queries.js';
import { COOKIE_SESSIONS, type CookieSessions } from '../cookie-sessions.js';
import { originOf } from '../correlation.js';
import { HttpFailure } from '../failure.js';
import { Optional } from '../fields.js';
import { type Person, personOf } from '../people.js';
import { READING, type Reading } from '../reading.js';
import { ANYONE, APPROVER, Route } from '../route.js';
import { statusOf } from '../status.js';
import { approvalPage, inboxPage } from './approval-page.js';
import { AskedCalls, hindranceOf } from './asked-calls.js';
import { CEREMONIES, type Ceremonies } from './ceremonies.js';
import { FormDto } from './form.dto.js';
import { goTo, STYLE_PATH, sendPage } from './page.js';
import { STYLE } from './style.js';
import { viewerOf } from './viewer.js';

const WAITING_MAX = 100;
const PAST_MAX = 20;

export class AnswerFormDto extends FormDto {
  @IsIn(['approve', 'reject'])
  readonly answer!: 'approve' | 'reject';

  @Optional()
  @MaxLength(1000)
  readonly note?: string;

  /** Where the rule wants a passkey: its answer as JSON, and the ticket of the page. */
  @Optional()
  @MaxLength(16_384)
  readonly passkey?: string;

  @Optional()
  @MaxLength(256)
  readonly ticket?: string;
}

@Controller()
export class ApprovalPages {
  constructor(
    private readonly commands: CommandBus,
    private readonly asked: AskedCalls,
    @Inject(READING) private readonly reading: Reading,
    @Inject(SYSTEM) private readonly system: SystemWriter,
    @Inject(COOKIE_SESSIONS) private readonly cookies: CookieSessions,
    @Inject(CEREMONIES) private readonly ceremonies: Ceremonies,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get(STYLE_PATH.slice(1))
  @Route({ access: ANYONE, page: true })
  style(@Res() reply: FastifyReply): void {
    reply.code(200).header('Cache-Control', 'max-age=3600').type('text/css; charset=utf-8').send(STYLE);
  }

  /** What waits for this person, and what was answered before. */
  @Get('approvals')
  @Route({ access: APPROVER, page: true, ownOnly: true })
  async inbox(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const { tenants, groups } = personOf(request);
    await this.reading.catchUp();
    const filter = { tenants, groups };
    const [waiting, all] = await Promise.all([
      this.reading.approvals.list({ ...filter, status: 'PENDING' }, { limit: WAITING_MAX }),
      this.reading.approvals.list(filter, { limit: PAST_MAX + WAITING_MAX }),
    ]);
    const past = all.items.filter(({ status }) => status !== 'PENDING').slice(0, PAST_MAX);
    const body = inboxPage(waiting.items, past, this.clock.now());
    sendPage(reply, 200, { title: 'Approvals', viewer: viewerOf(request, this.cookies), body });
  }

  @Get('approvals/:approval_id')
  @Route({ access: APPROVER, page: true })
  async show(
    @Param('approval_id') id: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const approval = await this.asked.find(id);
    const context = await this.asked.contextOf(approval);
    const viewer = viewerOf(request, this.cookies);
    const person = personOf(request);
    const known = approval.terms.passkey ? await this.passkeysOf(person) : [];
    const passkey = approval.terms.passkey ? this.ceremonies.toAnswer(approval, person, known) : null;
    const question = {
      ...context,
      approval,
      answerAt: { path: `/approvals/${id}/answer`, field: 'csrf_token', value: viewer.csrfToken } as const,
      passkey,
      hindrance: hindranceOf(approval, context.answers, { ...person, hasPasskey: known.length > 0 }),
      nowMs: this.clock.now(),
    };
    const asksPasskey = passkey !== null;
    sendPage(reply, 200, { title: 'Approval', viewer, body: approvalPage(question), asksPasskey });
  }

  /** Two clicks are one answer. Whatever came of it, the page says so. */
  @Post('approvals/:approval_id/answer')
  @Route({ access: APPROVER, body: AnswerFormDto, takesForm: true, csrfInForm: true, page: true })
  async answer(
    @Param('approval_id') id: string,
    @Body() body: AnswerFormDto,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const approval = await this.asked.find(id);
    const asked = {
      approvalId: id as ApprovalId,
      answer: body.answer,
      channel: 'page',
      note: body.note ?? null,
      passkey: await this.evidenceOf(approval, body, request),
    } as const;
    const answered = await this.commands.execute(
      new AnswerApprovalCommand(
        approval.tenantId as TenantId,
        originOf(request),
        personOf(request).operatorId,
        asked,
      ),
    );
    const isOver = answered.kind === 'refused' && answered.refusal.code === 'approval_not_found';
    if (answered.kind === 'refused' && !isOver) {
      const { status, code } = statusOf(answered.refusal.code, 'runtime');
      throw new HttpFailure(status, code, answered.refusal.message);
    }
    goTo(reply, `/approvals/${encodeURIComponent(id)}`);
  }

  /** What the form's passkey proves. @throws HttpFailure 403 for one that proves something else */
  private async evidenceOf(
    approval: ApprovalView,
    { answer: word, passkey, ticket }: AnswerFormDto,
    request: FastifyRequest,
  ): Promise<PasskeyEvidence | null> {
    if (passkey === undefined || ticket === undefined) return null;
    const person = personOf(request);
    const known = await this.passkeysOf(person);
    const evidence = await this.ceremonies.answer(approval, person, known, { word, passkey, ticket });
    if (evidence !== null) return evidence;
    throw new HttpFailure(
      403,
      'FORBIDDEN',
      'The passkey has not signed this call: open its page and try again.',
    );
  }

  /** As they are at this moment, wherever they were registered and removed. */
  private async passkeysOf({ operatorId }: Person): Promise<readonly Passkey[]> {
    await this.system.refresh();
    return this.system.current.passkeys.get(operatorId) ?? [];
  }
}
