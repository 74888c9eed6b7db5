/** POST /v1/reservations/{id}/extend: a hold that lasts longer, for work that takes longer. */

import { Body, Controller, Inject, Param, Post, Req, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ExtendCommand } from '../../commands/extend.command.js';
import { type Answer, WRITERS, type Writers } from '../../commands/writers.js';
import type { ReservationId, TenantId } from '../../domain/ids.js';
import { originOf } from '../correlation.js';
import { tenantOfCaller } from '../reading.js';
import { sendAnswer } from '../reply.js';
import { keyThatWrites, Route } from '../route.js';
import { ExtendAnswerDto, ExtendRequestDto } from './extend.dto.js';
import { extendAnswer } from './render.js';

@Controller('v1/reservations')
export class ExtendController {
  constructor(
    private readonly commands: CommandBus,
    @Inject(WRITERS) private readonly writers: Writers,
  ) {}

  @Post(':reservation_id/extend')
  @Route({
    access: keyThatWrites('reservations:extend'),
    body: ExtendRequestDto,
    answer: ExtendAnswerDto,
    settles: true,
    summary: 'Extend a reservation',
  })
  async extend(
    @Param('reservation_id') reservationId: string,
    @Body() body: ExtendRequestDto,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const tenantId = tenantOfCaller(request);
    const command = new ExtendCommand(tenantId, originOf(request, body), {
      reservationId: reservationId as ReservationId,
      extendByMs: body.extend_by_ms,
      metadata: body.metadata ?? null,
    });
    const answer = await this.commands.execute(command);
    sendAnswer(
      request,
      reply,
      await this.asOfNow(answer, tenantId, command.asked.reservationId),
      extendAnswer,
    );
  }

  /** An extension says what is left of its hold; a replay looks whether the hold is still there. */
  private async asOfNow(answer: Answer, tenantId: TenantId, reservationId: ReservationId): Promise<Answer> {
    if (answer.kind !== 'replayed') return answer;
    const reservationActive = await this.writers.read(tenantId, ({ reservations }) =>
      reservations.has(reservationId),
    );
    return { ...answer, reservationActive };
  }
}
