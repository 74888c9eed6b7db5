/** /finops/periods: closes the books of a period, after which its report stays as it is. */

import { Body, Controller, Get, Inject, Param, Post, Query, Req, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ClosePeriodCommand } from '../../commands/close-period.command.js';
import { WRITERS, type Writers } from '../../commands/writers.js';
import type { PeriodClosed, RecordedEvent } from '../../domain/events.js';
import type { TenantId } from '../../domain/ids.js';
import { isRefusal } from '../../domain/refusals.js';
import { settledIn } from '../../replay/settled.js';
import { inTenant, tenantNamed } from '../admin/state.js';
import { originOf } from '../correlation.js';
import { HttpFailure } from '../failure.js';
import { cursorOf, pageOf, READING, type Reading } from '../reading.js';
import { type Settled, sendAnswer, sendExact, sendRefusal } from '../reply.js';
import { FINOPS, FINOPS_WRITER, Route } from '../route.js';
import { chargePeriodOf, invalid } from './period.js';
import {
  ClosedPeriodDto,
  ClosePeriodRequestDto,
  closedPeriodAnswer,
  PeriodListQueryDto,
} from './periods.dto.js';
import { areSame, tieToStream } from './ties.js';

const LIMIT_MAX = 100;

@Controller('finops/periods')
export class PeriodsController {
  constructor(
    private readonly commands: CommandBus,
    @Inject(WRITERS) private readonly writers: Writers,
    @Inject(READING) private readonly reading: Reading,
  ) {}

  /** What the ledger itself says was charged is recorded with it, once the read models say the same. */
  @Post()
  @Route({
    access: FINOPS_WRITER,
    body: ClosePeriodRequestDto,
    answer: ClosedPeriodDto,
    answers: 201,
    summary: 'Close the books of a period; corrections that are made later belong to a later one.',
  })
  async close(
    @Body() body: ClosePeriodRequestDto,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const tenantId = tenantNamed(body.tenant_id, reply);
    const { fromMs, untilMs } = chargePeriodOf(body);
    // What has fallen due is recorded before the books are looked at.
    const known = await inTenant(this.writers, tenantId, ({ closedUntilMs }) => ({ closedUntilMs }));
    if (isRefusal(known)) {
      sendRefusal(request, reply, known);
      return;
    }
    const { totals, upTo } = await settledIn(this.reading.ledger, tenantId, { fromMs, untilMs });
    if (upTo === null) throw invalid('to', 'to lies before the tenant’s first event.');
    await this.reading.catchUp();
    await tieToStream(this.reading.chargeback, { tenantId, fromMs, untilMs }, totals);
    const asked = { fromMs, untilMs, upTo, totals };
    const answer = await this.commands.execute(
      new ClosePeriodCommand(tenantId, originOf(request, body), asked),
    );
    sendAnswer(request, reply, answer, (settled) => closedPeriodAnswer(closedOf(tenantId, settled)), 201);
  }

  /** Closed last first. */
  @Get()
  @Route({ access: FINOPS, query: PeriodListQueryDto, summary: 'The periods whose books are closed.' })
  async list(@Query() query: PeriodListQueryDto, @Res() reply: FastifyReply): Promise<void> {
    const page = pageOf(query, LIMIT_MAX);
    await this.reading.catchUp();
    const { items, nextCursor } = await this.reading.periods.list(query.tenant_id, page);
    sendExact(reply, { periods: items.map(closedPeriodAnswer), ...cursorOf(nextCursor) });
  }

  /** With a fresh look at the ledger: whether it still says what was closed. */
  @Get(':period_id')
  @Route({ access: FINOPS, summary: 'One closed period, held against the ledger once more.' })
  async find(@Param('period_id') periodId: string, @Res() reply: FastifyReply): Promise<void> {
    await this.reading.catchUp();
    const closed = await this.reading.periods.find(periodId);
    if (closed === null) throw new HttpFailure(404, 'NOT_FOUND', `There is no closed period ${periodId}.`);
    const now = await settledIn(this.reading.ledger, closed.tenantId as TenantId, closed);
    const verified = areSame(now.totals, closed.totals) && now.upTo?.hash === closed.upTo.hash;
    sendExact(reply, { ...closedPeriodAnswer(closed), verified });
  }
}

function closedOf(tenantId: TenantId, settled: Settled) {
  const event = settled.kind === 'replayed' ? settled.event : settled.events.find(isClosed);
  if (event === undefined || !isClosed(event)) throw new Error('a closed period without its event');
  const { occurredAt, actor } = event.metadata;
  const operatorId = actor.type === 'operator' ? actor.operatorId : null;
  return { ...event.data, tenantId, closedAtMs: Date.parse(occurredAt), operatorId };
}

const isClosed = (event: RecordedEvent): event is RecordedEvent<PeriodClosed> =>
  event.type === 'PeriodClosed';
