/** GET /v1/reservations: a tenant's reservations, to recover a lost id, find stuck holds, and look back. */

import { Controller, Get, Inject, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CLOCK, WRITERS, type Writers } from '../../commands/writers.js';
import type { TenantId } from '../../domain/ids.js';
import { isRefusal } from '../../domain/refusals.js';
import type { Clock } from '../../ports/clock.port.js';
import { HttpFailure } from '../failure.js';
import { cursorOf, pageOf, READING, type Reading } from '../reading.js';
import { sendRefusal } from '../reply.js';
import { operatorOrKeyThatMay, Route } from '../route.js';
import { ReservationListAnswerDto, ReservationListQueryDto } from './reservation-list.dto.js';
import { listRequestOf, summariesOf } from './reservation-list.js';

const LIMIT_MAX = 200;

@Controller('v1/reservations')
export class ReservationListController {
  constructor(
    @Inject(WRITERS) private readonly writers: Writers,
    @Inject(READING) private readonly reading: Reading,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get()
  @Route({
    access: operatorOrKeyThatMay('reservations:list'),
    query: ReservationListQueryDto,
    answer: ReservationListAnswerDto,
    summary: 'List reservations.',
  })
  async list(
    @Query() query: ReservationListQueryDto,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const tenantId = tenantOf(query, request);
    reply.header('X-Cycles-Tenant', tenantId);
    const asked = listRequestOf(query, tenantId, request.key);
    if (isRefusal(asked)) {
      sendRefusal(request, reply, asked);
      return;
    }
    const page = pageOf(query, LIMIT_MAX);
    if (request.caller?.type !== 'api_key') await this.settleDue(tenantId);
    await this.reading.catchUp();
    const { items, nextCursor } = await this.reading.reservations.list(asked, page, this.clock.now());
    reply.send({ reservations: summariesOf(items, query.include), ...cursorOf(nextCursor) });
  }

  /** Records what has fallen due, as the check of a key does for its tenant; nobody's id loads nothing. */
  private async settleDue(tenantId: TenantId): Promise<void> {
    await this.reading.catchUp();
    const tenant = await this.reading.directory.tenant(tenantId);
    if (tenant !== null) await this.writers.read(tenantId, () => undefined);
  }
}

/** Whose reservations: the key's tenant, or the one that an operator names. */
function tenantOf({ tenant }: ReservationListQueryDto, { caller }: FastifyRequest): TenantId {
  if (caller?.type === 'api_key') return caller.tenantId;
  if (tenant !== undefined) return tenant as TenantId;
  const message = 'tenant query parameter is required when using admin key authentication';
  throw new HttpFailure(400, 'INVALID_REQUEST', message, { field: 'tenant' });
}
