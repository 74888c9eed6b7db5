/** POST /v1/events: a charge for what could not be estimated beforehand. */

import { Body, Controller, Post, Req, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DebitCommand } from '../../commands/debit.command.js';
import { amountOf } from '../amounts.js';
import { originOf } from '../correlation.js';
import { tenantOfCaller } from '../reading.js';
import { sendAnswer } from '../reply.js';
import { keyThatWrites, Route } from '../route.js';
import { EventAnswerDto, EventRequestDto } from './event.dto.js';
import { eventAnswer } from './render.js';

@Controller('v1/events')
export class EventsController {
  constructor(private readonly commands: CommandBus) {}

  @Post()
  @Route({
    access: keyThatWrites('reservations:create'),
    body: EventRequestDto,
    answer: EventAnswerDto,
    answers: 201,
    summary: 'Charge without a reservation.',
  })
  async create(
    @Body() body: EventRequestDto,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { subject, action, metadata = null } = body;
    const command = new DebitCommand(tenantOfCaller(request), originOf(request, body), {
      subject,
      action,
      actual: amountOf(body.actual),
      overagePolicy: body.overage_policy ?? null,
      metrics: body.metrics ? { ...body.metrics } : null,
      clientTimeMs: body.client_time_ms ?? null,
      metadata,
    });
    sendAnswer(request, reply, await this.commands.execute(command), eventAnswer, 201);
  }
}
