/**
 * The page behind a link that stands for one approver. Opening it only shows, since programs that scan mail open
 * links too; answering takes the form on it. Who comes with an agent's key is not let in, whatever link it has found.
 */

import { Body, Controller, Get, Inject, Param, Post, Query, Req, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { IsIn, MaxLength } from 'class-validator';
import { JSONSchema } from 'class-validator-jsonschema';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AnswerApprovalCommand } from '../../commands/answer-approval.command.js';
import { ApprovalLinks } from '../../commands/approval-links.js';
import { mayAnswer } from '../../commands/approvers.js';
import { CLOCK, KEYRING, SYSTEM, type SystemWriter } from '../../commands/writers.js';
import type { ApprovalId, OperatorId, TenantId } from '../../domain/ids.js';
import type { Operator } from '../../domain/system/system.state.js';
import type { Clock } from '../../ports/clock.port.js';
import type { Keyring } from '../../ports/keyring.port.js';
import type { ApprovalView } from '../../projections/approvals/approvals.queries.js';
import { originOfNobody } from '../correlation.js';
import { HttpFailure } from '../failure.js';
import { Optional } from '../fields.js';
import { REFUSED_ACCESS, type RefusedAccess } from '../refused-access.js';
import { ANYONE, Route } from '../route.js';
import { statusOf } from '../status.js';
import { approvalPage } from './approval-page.js';
import { AskedCalls, hindranceOf } from './asked-calls.js';
import { html } from './html.js';
import { sendPage } from './page.js';

const TOKEN_LENGTH_MAX = 256;

@JSONSchema({ additionalProperties: true })
export class LinkQueryDto {
  @MaxLength(TOKEN_LENGTH_MAX)
  readonly token!: string;
}

export class LinkAnswerDto extends LinkQueryDto {
  @IsIn(['approve', 'reject'])
  readonly answer!: 'approve' | 'reject';

  @Optional()
  @MaxLength(1000)
  readonly note?: string;
}

@Controller()
export class LinkPages {
  private readonly links: ApprovalLinks;

  constructor(
    private readonly commands: CommandBus,
    private readonly asked: AskedCalls,
    @Inject(SYSTEM) private readonly system: SystemWriter,
    @Inject(REFUSED_ACCESS) private readonly refused: RefusedAccess,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(KEYRING) keyring: Keyring,
  ) {
    this.links = new ApprovalLinks(keyring);
  }

  @Get('approvals/:approval_id/link')
  @Route({ access: ANYONE, query: LinkQueryDto, page: true })
  async show(
    @Param('approval_id') id: string,
    @Query() { token }: LinkQueryDto,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { approval, person } = await this.come(id, token, request);
    const context = await this.asked.contextOf(approval);
    const question = {
      ...context,
      approval,
      answerAt: { path: `/approvals/${approval.approvalId}/link`, field: 'token', value: token } as const,
      passkey: null,
      hindrance: hindranceOf(approval, context.answers, { ...person, hasPasskey: false }),
      nowMs: this.clock.now(),
    };
    const body = html`<p class="soft">You answer as <b>${person.name}</b>, because this link was sent to you.</p>
${approvalPage(question)}`;
    sendPage(reply, 200, { title: 'Approval', viewer: null, body });
  }

  /** Two clicks are one answer. */
  @Post('approvals/:approval_id/link')
  @Route({ access: ANYONE, body: LinkAnswerDto, takesForm: true, page: true })
  async answer(
    @Param('approval_id') id: string,
    @Body() body: LinkAnswerDto,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { token, answer } = body;
    const { approval, person } = await this.come(id, token, request);
    const { operatorId } = person;
    const origin = { ...originOfNobody(request), actor: { type: 'operator', operatorId } } as const;
    const asked = {
      approvalId: approval.approvalId as ApprovalId,
      answer,
      channel: 'link',
      note: body.note ?? null,
      passkey: null,
    } as const;
    const answered = await this.commands.execute(
      new AnswerApprovalCommand(approval.tenantId as TenantId, origin, operatorId, asked),
    );
    if (answered.kind === 'refused') {
      const { status, code } = statusOf(answered.refusal.code, 'runtime');
      throw new HttpFailure(status, code, answered.refusal.message);
    }
    const said = html`<h1>${answer === 'approve' ? 'Approved' : 'Rejected'}</h1>
<p>The answer is recorded under the name of ${person.name}. You can close this page.</p>`;
    sendPage(reply, 200, { title: 'Answered', viewer: null, body: said });
  }

  /**
   * The question and the person that a link is about.
   * @throws HttpFailure 403 for a link that is not good, 410 for one whose question is over
   */
  private async come(
    id: string,
    token: string,
    request: FastifyRequest,
  ): Promise<{ readonly approval: ApprovalView; readonly person: Operator }> {
    const approval = await this.asked.find(id).catch((error: unknown) => {
      // Whether there is such a question is not told to who has no link to it.
      throw error instanceof HttpFailure && error.status === 404 ? this.turnAway(request) : error;
    });
    const operatorId: OperatorId | null = this.links.personOf(approval, token);
    await this.system.refresh();
    const person = operatorId === null ? undefined : this.system.current.operators.get(operatorId);
    const isAgent = request.headers['x-cycles-api-key'] !== undefined;
    // Whoever answers for the tenant no more sees its calls no more.
    if (person === undefined || !mayAnswer(person, approval.tenantId as TenantId) || isAgent) {
      throw this.turnAway(request);
    }
    if (!approval.terms.links || approval.tier === 4) {
      throw new HttpFailure(403, 'FORBIDDEN', 'A link is not enough for this call: sign in to answer.');
    }
    if (approval.status !== 'PENDING') {
      throw new HttpFailure(410, 'INVALID_REQUEST', 'This question is over: nothing is asked any more.');
    }
    return { approval, person };
  }

  private turnAway(request: FastifyRequest): HttpFailure {
    this.refused.note(request, 'token');
    return new HttpFailure(403, 'FORBIDDEN', 'This link is not good for this question.');
  }
}
