/** POST /v1/decide: what would be decided, recorded but holding nothing. */

import { Body, Controller, Inject, Post, Req, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DecideCommand } from '../../commands/decide.command.js';
import { WRITERS, type Writers } from '../../commands/writers.js';
import { amountOf } from '../amounts.js';
import { originOf } from '../correlation.js';
import { tenantOfCaller } from '../reading.js';
import { sendAnswer } from '../reply.js';
import { keyThatWrites, Route } from '../route.js';
import { DecisionAnswerDto, DecisionRequestDto } from './decide.dto.js';
import { announceDeprecation, mayBeDeprecated } from './deprecated.js';
import { decisionAnswer } from './render.js';

@Controller('v1/decide')
export class DecideController {
  constructor(
    private readonly commands: CommandBus,
    @Inject(WRITERS) private readonly writers: Writers,
  ) {}

  @Post()
  @Route({
    access: keyThatWrites('reservations:create'),
    body: DecisionRequestDto,
    answer: DecisionAnswerDto,
    summary: 'Says what a reserve would answer, and holds nothing.',
  })
  async decide(
    @Body() body: DecisionRequestDto,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { subject, action, metadata = null } = body;
    const tenantId = tenantOfCaller(request);
    if (mayBeDeprecated(action.kind))
      await announceDeprecation(action.kind, reply, { tenantId, writers: this.writers });
    const command = new DecideCommand(tenantId, originOf(request, body), {
      operation: 'decide',
      subject,
      action,
      estimate: amountOf(body.estimate),
      metadata,
    });
    sendAnswer(request, reply, await this.commands.execute(command), decisionAnswer);
  }
}
