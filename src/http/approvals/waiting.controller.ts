/** /gate/approvals: how an agent hears of the answer it waits for. It sees no more than that. */

import { Readable } from 'node:stream';
import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query, Req, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CancelApprovalCommand } from '../../commands/cancel-approval.command.js';
import { APPROVAL_ANSWERS, CLOCK } from '../../commands/writers.js';
import type { ApprovalId, ScopePath } from '../../domain/ids.js';
import type { ApprovalAnswers } from '../../ports/approval-answers.port.js';
import type { Clock } from '../../ports/clock.port.js';
import type { ApprovalView } from '../../projections/approvals/approvals.queries.js';
import { originOf } from '../correlation.js';
import { HttpFailure } from '../failure.js';
import { printExact } from '../json.js';
import { leaving } from '../leaving.js';
import { PUBLIC_ADDRESS, type PublicAddress } from '../public-address.js';
import { checkScope, READING, type Reading, tenantOfCaller } from '../reading.js';
import { sendExact, sendRefusal } from '../reply.js';
import { keyThatMay, keyThatWrites, Route } from '../route.js';
import { CancelApprovalDto, WaitQueryDto } from './approval.dto.js';
import { approvalForAsker } from './approval.js';

const WAIT_MS_MAX = 600_000;
/** Silence after which a stream says that it is alive, in ms: proxies cut off what says nothing. */
const HEARTBEAT_MS = 15_000;

@Controller('gate/approvals')
export class WaitingController {
  constructor(
    private readonly commands: CommandBus,
    @Inject(READING) private readonly reading: Reading,
    @Inject(APPROVAL_ANSWERS) private readonly answers: ApprovalAnswers,
    @Inject(PUBLIC_ADDRESS) private readonly address: PublicAddress,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Where an approval stands; with `wait_ms` the answer comes once it is no longer pending, or the time is up. */
  @Get(':approval_id')
  @Route({
    access: keyThatMay('reservations:create'),
    query: WaitQueryDto,
    summary: 'Where an approval stands.',
  })
  async get(
    @Param('approval_id') id: string,
    @Query() query: WaitQueryDto,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const waitMs = waitOf(query);
    let approval = waitMs > 0 ? await this.findSoon(id, request) : await this.find(id, request);
    if (approval.status === 'PENDING' && waitMs > 0) {
      await this.answers.settled(id as ApprovalId, waitMs, leaving(reply));
      approval = await this.findSoon(id, request);
    }
    sendExact(reply, approvalForAsker(approval, this.address.approvalPage(id)));
  }

  /** The same as a stream: where it stands now and once that changes, until it is settled or the time is up. */
  @Get(':approval_id/events')
  @Route({
    access: keyThatMay('reservations:create'),
    query: WaitQueryDto,
    summary: 'Where an approval stands, as server-sent events until it is settled.',
  })
  async events(
    @Param('approval_id') id: string,
    @Query() query: WaitQueryDto,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const untilMs = this.clock.now() + waitOf(query, WAIT_MS_MAX);
    const approval = await this.findSoon(id, request);
    const told = this.tell(approval, request, { untilMs, left: leaving(reply) });
    reply
      .code(200)
      .header('cache-control', 'no-store')
      .type('text/event-stream; charset=utf-8')
      .send(Readable.from(told));
  }

  private async *tell(
    first: ApprovalView,
    request: FastifyRequest,
    { untilMs, left }: { readonly untilMs: number; readonly left: AbortSignal },
  ): AsyncGenerator<string> {
    const id = first.approvalId as ApprovalId;
    let { status } = first;
    yield this.eventOf(first);
    while (status === 'PENDING' && !left.aborted) {
      const leftMs = untilMs - this.clock.now();
      if (leftMs <= 0) return;
      if (await this.answers.settled(id, Math.min(leftMs, HEARTBEAT_MS), left)) {
        const approval = await this.findSoon(id, request);
        status = approval.status;
        yield this.eventOf(approval);
      } else yield ': still waiting\n\n';
    }
  }

  private eventOf(approval: ApprovalView): string {
    const page = this.address.approvalPage(approval.approvalId);
    return `event: approval\ndata: ${printExact(approvalForAsker(approval, page))}\n\n`;
  }

  /** The asker no longer wants to know. */
  @Post(':approval_id/cancel')
  @HttpCode(200)
  @Route({
    access: keyThatWrites('reservations:create'),
    body: CancelApprovalDto,
    bodyOptional: true,
    summary: 'Withdraws a question that the same key has asked.',
  })
  async cancel(
    @Param('approval_id') id: string,
    @Body() body: CancelApprovalDto | undefined,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const reason = body?.reason ?? null;
    const command = new CancelApprovalCommand(
      tenantOfCaller(request),
      originOf(request),
      id as ApprovalId,
      reason,
    );
    const answered = await this.commands.execute(command);
    if (answered.kind === 'refused') sendRefusal(request, reply, answered.refusal);
    else sendExact(reply, approvalForAsker(await this.find(id, request), this.address.approvalPage(id)));
  }

  /**
   * For whoever waits: as far as the read model knows, which tells them once it knows more. A thousand who wait need
   * not wait for what everybody else has just done.
   * @throws HttpFailure 404
   */
  private async findSoon(id: string, request: FastifyRequest): Promise<ApprovalView> {
    const approval = await this.reading.approvals.get(id);
    return approval === null ? this.find(id, request) : ownOf(approval, request);
  }

  /** With everything that this server has answered. @throws HttpFailure 404 */
  private async find(id: string, request: FastifyRequest): Promise<ApprovalView> {
    await this.reading.catchUp();
    const approval = await this.reading.approvals.get(id);
    if (approval === null) throw noApproval(id);
    return ownOf(approval, request);
  }
}

/** Another tenant's approval, or one outside of the key's scopes, is none at all. @throws HttpFailure 404 */
function ownOf(approval: ApprovalView, request: FastifyRequest): ApprovalView {
  const isOwn =
    approval.tenantId === tenantOfCaller(request) &&
    checkScope(request.key ?? null, approval.scopePath as ScopePath) === null;
  if (!isOwn) throw noApproval(approval.approvalId);
  return approval;
}

const noApproval = (id: string): HttpFailure =>
  new HttpFailure(404, 'NOT_FOUND', `There is no approval ${id}.`);

/** @throws HttpFailure 400 */
function waitOf({ wait_ms: text }: WaitQueryDto, otherwise = 0): number {
  if (text === undefined) return otherwise;
  const waitMs = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN;
  if (waitMs <= WAIT_MS_MAX) return waitMs;
  const message = `wait_ms must be a whole number from 0 to ${WAIT_MS_MAX}.`;
  throw new HttpFailure(400, 'INVALID_REQUEST', message, { field: 'wait_ms' });
}
