/** POST /v1/reservations/{id}/extend: a hold that lasts longer, for work that takes longer. */

import { Body, Controller, Param, Post, Req, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ExtendCommand } from '../../commands/extend.command.js';
import type { ReservationId } from '../../domain/ids.js';
import { originOf } from '../correlation.js';
import { tenantOfCaller } from '../reading.js';
import { sendAnswer } from '../reply.js';
import { keyThatWrites, Route } from '../route.js';
import { ExtendAnswerDto, ExtendRequestDto } from './extend.dto.js';
import { extendAnswer } from './render.js';

@Controller('v1/reservations')
export class ExtendController {
  constructor(private readonly commands: CommandBus) {}

  @Post(':reservation_id/extend')
  @Route({
    access: keyThatWrites('reservations:extend'),
    body: ExtendRequestDto,
    answer: ExtendAnswerDto,
    settles: true,
    summary: 'Extend a reservation.',
  })
  async extend(
    @Param('reservation_id') reservationId: string,
    @Body() body: ExtendRequestDto,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const command = new ExtendCommand(tenantOfCaller(request), originOf(request, body), {
      reservationId: reservationId as ReservationId,
      extendByMs: body.extend_by_ms,
      metadata: body.metadata ?? null,
    });
    sendAnswer(request, reply, await this.commands.execute(command), extendAnswer);
  }
}
