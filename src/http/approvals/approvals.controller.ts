/** /admin/approvals: what people are asked, and their answers. No API key answers anything, and neither does the admin key. */

import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query, Req, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AnswerApprovalCommand } from '../../commands/answer-approval.command.js';
import { CancelApprovalCommand } from '../../commands/cancel-approval.command.js';
import type { ApprovalId, TenantId } from '../../domain/ids.js';
import type { ApprovalView } from '../../projections/approvals/approvals.queries.js';
import { originOf } from '../correlation.js';
import { HttpFailure } from '../failure.js';
import { personOf } from '../people.js';
import { PUBLIC_ADDRESS, type PublicAddress } from '../public-address.js';
import { cursorOf, pageOf, READING, type Reading } from '../reading.js';
import { sendExact, sendRefusal } from '../reply.js';
import { APPROVER, operatorWith, Route } from '../route.js';
import { ApprovalAnswerDto, ApprovalsQueryDto, CancelApprovalDto } from './approval.dto.js';
import { approvalForPeople, callForPeople } from './approval.js';

const LIMIT_MAX = 200;
const LOOKER = operatorWith('approver', 'auditor');

@Controller('admin/approvals')
export class ApprovalsController {
  constructor(
    private readonly commands: CommandBus,
    @Inject(READING) private readonly reading: Reading,
    @Inject(PUBLIC_ADDRESS) private readonly address: PublicAddress,
  ) {}

  /** The inbox and the history, newest first. */
  @Get()
  @Route({ access: LOOKER, query: ApprovalsQueryDto, summary: 'What people are asked, and were asked.' })
  async list(@Query() query: ApprovalsQueryDto, @Res() reply: FastifyReply): Promise<void> {
    const page = pageOf(query, LIMIT_MAX);
    await this.reading.catchUp();
    const { items, nextCursor } = await this.reading.approvals.list(
      {
        tenants: query.tenant_id === undefined ? null : [query.tenant_id],
        status: query.status,
        sessionScope: query.session_scope,
      },
      page,
    );
    sendExact(reply, {
      approvals: items.map((approval) => approvalForPeople(approval, null, this.pageOf(approval))),
      ...cursorOf(nextCursor),
    });
  }

  @Get(':approval_id')
  @Route({ access: LOOKER, summary: 'One approval with its answers.' })
  async get(@Param('approval_id') id: string, @Res() reply: FastifyReply): Promise<void> {
    await this.send(id, reply);
  }

  /** A person's answer. The same answer twice changes nothing. */
  @Post(':approval_id/answer')
  @HttpCode(200)
  @Route({ access: APPROVER, body: ApprovalAnswerDto, summary: 'Approves or rejects exactly one call.' })
  async answer(
    @Param('approval_id') id: string,
    @Body() body: ApprovalAnswerDto,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { operatorId } = personOf(request);
    const { tenantId } = await this.open(id);
    const asked = {
      approvalId: id as ApprovalId,
      answer: body.answer,
      channel: 'api',
      note: body.note ?? null,
      passkey: null,
    } as const;
    const answered = await this.commands.execute(
      new AnswerApprovalCommand(tenantId as TenantId, originOf(request), operatorId, asked),
    );
    if (answered.kind === 'refused') sendRefusal(request, reply, answered.refusal);
    else await this.send(id, reply);
  }

  @Post(':approval_id/cancel')
  @HttpCode(200)
  @Route({
    access: APPROVER,
    body: CancelApprovalDto,
    bodyOptional: true,
    summary: 'Withdraws a question: nobody is asked any more.',
  })
  async cancel(
    @Param('approval_id') id: string,
    @Body() body: CancelApprovalDto | undefined,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { tenantId } = await this.open(id);
    const command = new CancelApprovalCommand(
      tenantId as TenantId,
      originOf(request),
      id as ApprovalId,
      body?.reason ?? null,
    );
    const answered = await this.commands.execute(command);
    if (answered.kind === 'refused') sendRefusal(request, reply, answered.refusal);
    else await this.send(id, reply);
  }

  private async send(id: string, reply: FastifyReply): Promise<void> {
    const approval = await this.find(id);
    const [answers, proposal] = await Promise.all([
      this.reading.approvals.answers(id),
      this.reading.actions.find(approval.decisionId),
    ]);
    sendExact(reply, {
      ...approvalForPeople(approval, answers, this.pageOf(approval)),
      ...(proposal !== null && callForPeople(proposal)),
    });
  }

  private pageOf({ approvalId }: ApprovalView): string {
    return this.address.approvalPage(approvalId);
  }

  /** @throws HttpFailure 404 */
  private async find(id: string): Promise<ApprovalView> {
    await this.reading.catchUp();
    const approval = await this.reading.approvals.get(id);
    if (approval === null) throw new HttpFailure(404, 'NOT_FOUND', `There is no approval ${id}.`);
    return approval;
  }

  /** @throws HttpFailure 404, or 409 when it is over */
  private async open(id: string): Promise<ApprovalView> {
    const approval = await this.find(id);
    if (approval.closedAtMs === null) return approval;
    const message = `The approval ${id} is over: it is ${approval.status}.`;
    throw new HttpFailure(409, 'INVALID_REQUEST', message, { status: approval.status });
  }
}
