/** /v1/reservations: authority held before an action, settled after it. */

import { Body, Controller, Get, Inject, Param, Post, Req, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CommitCommand } from '../../commands/commit.command.js';
import { DecideCommand } from '../../commands/decide.command.js';
import { ReleaseCommand } from '../../commands/release.command.js';
import { ReserveCommand } from '../../commands/reserve.command.js';
import { CLOCK, WRITERS, type Writers } from '../../commands/writers.js';
import type { ReservationId, ScopePath, TenantId } from '../../domain/ids.js';
import { type Refusal, refusal } from '../../domain/refusals.js';
import type { Clock } from '../../ports/clock.port.js';
import type { ReservationView } from '../../projections/reservations/reservations.queries.js';
import { amountOf } from '../amounts.js';
import { originOf } from '../correlation.js';
import { checkScope, READING, type Reading, tenantOfCaller } from '../reading.js';
import { sendAnswer, sendRefusal } from '../reply.js';
import { keyThatWrites, operatorOrKeyThatMay, operatorOrKeyThatWrites, Route } from '../route.js';
import { announceDeprecation, mayBeDeprecated } from './deprecated.js';
import { commitAnswer, dryRunAnswer, releaseAnswer, reservationAnswer, reservationDetail } from './render.js';
import {
  CommitAnswerDto,
  CommitRequestDto,
  ReleaseAnswerDto,
  ReleaseRequestDto,
  ReservationAnswerDto,
  ReservationDetailDto,
  ReservationRequestDto,
} from './reservation.dto.js';

@Controller('v1/reservations')
export class ReservationsController {
  constructor(
    private readonly commands: CommandBus,
    @Inject(WRITERS) private readonly writers: Writers,
    @Inject(READING) private readonly reading: Reading,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Reserves, or with `dry_run` says what a reserve would answer. */
  @Post()
  @Route({
    access: keyThatWrites('reservations:create'),
    body: ReservationRequestDto,
    answer: ReservationAnswerDto,
    summary: 'Holds authority before an action, or says with `dry_run` what it would answer.',
  })
  async create(
    @Body() body: ReservationRequestDto,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const tenantId = tenantOfCaller(request);
    const origin = originOf(request, body);
    const { subject, action, metadata = null } = body;
    const mode = body.observe_mode === undefined ? {} : { observeMode: body.observe_mode };
    const asked = { subject, action, estimate: amountOf(body.estimate), metadata, ...mode };
    if (mayBeDeprecated(action.kind))
      await announceDeprecation(action.kind, reply, { tenantId, writers: this.writers });
    if (body.dry_run) {
      const command = new DecideCommand(tenantId, origin, { operation: 'dry_run', ...asked });
      sendAnswer(request, reply, await this.commands.execute(command), dryRunAnswer);
      return;
    }
    const command = new ReserveCommand(tenantId, origin, {
      ...asked,
      ttlMs: body.ttl_ms ?? null,
      gracePeriodMs: body.grace_period_ms ?? null,
      overagePolicy: body.overage_policy ?? null,
    });
    sendAnswer(request, reply, await this.commands.execute(command), reservationAnswer);
  }

  @Post(':reservation_id/commit')
  @Route({
    access: keyThatWrites('reservations:commit'),
    body: CommitRequestDto,
    answer: CommitAnswerDto,
    settles: true,
    summary: 'Settles a hold with what the action cost.',
  })
  async commit(
    @Param('reservation_id') reservationId: string,
    @Body() body: CommitRequestDto,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const command = new CommitCommand(tenantOfCaller(request), originOf(request, body), {
      reservationId: reservationId as ReservationId,
      actual: amountOf(body.actual),
      metrics: body.metrics ? { ...body.metrics } : null,
      metadata: body.metadata ?? null,
    });
    sendAnswer(request, reply, await this.commands.execute(command), commitAnswer);
  }

  /** An operator may release any tenant's hold; the reservation's id says whose it is. */
  @Post(':reservation_id/release')
  @Route({
    access: operatorOrKeyThatWrites('reservations:release'),
    body: ReleaseRequestDto,
    answer: ReleaseAnswerDto,
    settles: true,
    summary: 'Gives a hold back.',
  })
  async release(
    @Param('reservation_id') reservationId: string,
    @Body() body: ReleaseRequestDto,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const origin = originOf(request, body);
    const tenantId = await this.tenantOf(request, reply, reservationId);
    if (tenantId === null) {
      sendRefusal(request, reply, unknownReservation(reservationId));
      return;
    }
    const command = new ReleaseCommand(tenantId, origin, {
      reservationId: reservationId as ReservationId,
      reason: body.reason ?? null,
    });
    sendAnswer(request, reply, await this.commands.execute(command), releaseAnswer);
  }

  /** One reservation; 410 once it has expired. */
  @Get(':reservation_id')
  @Route({
    access: operatorOrKeyThatMay('reservations:list'),
    answer: ReservationDetailDto,
    summary: 'One reservation.',
  })
  async get(
    @Param('reservation_id') reservationId: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const view = await this.find(request, reply, reservationId);
    const refused = view === null ? unknownReservation(reservationId) : refusalOf(view, request);
    if (view === null || refused !== null)
      sendRefusal(request, reply, refused ?? unknownReservation(reservationId));
    else reply.send(reservationDetail(view));
  }

  /** The key's tenant; for an operator the reservation's, which the answer then names. */
  private async tenantOf(
    { caller }: FastifyRequest,
    reply: FastifyReply,
    reservationId: string,
  ): Promise<TenantId | null> {
    if (caller?.type === 'api_key') return caller.tenantId;
    const tenantId = await this.reading.directory.tenantOfReservation(reservationId);
    if (tenantId !== null) reply.header('X-Cycles-Tenant', tenantId);
    return tenantId;
  }

  /** An operator's read loads the tenant first too, so that what has fallen due is recorded before it looks. */
  private async find(
    request: FastifyRequest,
    reply: FastifyReply,
    reservationId: string,
  ): Promise<ReservationView | null> {
    const tenantId = await this.tenantOf(request, reply, reservationId);
    if (tenantId === null) return null;
    if (request.caller?.type !== 'api_key') await this.writers.read(tenantId, () => undefined);
    await this.reading.catchUp();
    return this.reading.reservations.find(reservationId, this.clock.now());
  }
}

const unknownReservation = (reservationId: string): Refusal =>
  refusal('reservation_not_found', `The reservation ${reservationId} does not exist.`);

/** Another tenant's, out of the key's scopes, or over: in this order. */
function refusalOf(view: ReservationView, { caller, key }: FastifyRequest): Refusal | null {
  if (caller?.type === 'api_key' && caller.tenantId !== view.tenantId) {
    return refusal('foreign_object', `The reservation ${view.reservationId} belongs to another tenant.`);
  }
  const forbidden = checkScope(key, view.scopePath as ScopePath);
  if (forbidden) return forbidden;
  return view.status === 'EXPIRED'
    ? refusal('reservation_expired', `The reservation ${view.reservationId} has expired.`)
    : null;
}
