/** POST /gate/evaluate: how a request would be decided, step by step, for who writes policies. Nothing is recorded. */

import { Body, Controller, Post, Req, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { EvaluateCommand, type Evaluated } from '../../commands/evaluate.command.js';
import { refusal } from '../../domain/refusals.js';
import { askedTenantOf } from '../admin/state.js';
import { amountOf } from '../amounts.js';
import { originOf } from '../correlation.js';
import { HttpFailure } from '../failure.js';
import { sendExact, sendRefusal } from '../reply.js';
import { operatorOrKeyThatMay, Route } from '../route.js';
import { EvaluateRequestDto } from './evaluate.dto.js';
import { evaluationAnswer } from './evaluation.js';
import { proposalOf } from './proposal.js';

const BODY_BYTES_MAX = 4 * 1024 * 1024;

@Controller('gate/evaluate')
export class EvaluateController {
  constructor(private readonly commands: CommandBus) {}

  @Post()
  @Route({
    access: operatorOrKeyThatMay('reservations:create'),
    body: EvaluateRequestDto,
    bodyBytesMax: BODY_BYTES_MAX,
    summary: 'Shows every check of a request with its numbers, and records nothing.',
  })
  async evaluate(
    @Body() body: EvaluateRequestDto,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const tenantId = askedTenantOf(body.tenant_id, request, reply);
    const asked = evaluatedOf(body);
    const evaluation = await this.commands.execute(new EvaluateCommand(tenantId, originOf(request), asked));
    if (evaluation === null) {
      sendRefusal(request, reply, refusal('tenant_not_found', `The tenant ${tenantId} does not exist.`));
    } else sendExact(reply, evaluationAnswer(tenantId, evaluation));
  }
}

function evaluatedOf(body: EvaluateRequestDto): Evaluated {
  const { subject = {}, action, estimate, tool } = body;
  if ((action === undefined) === (tool === undefined))
    throw invalid('action', 'or tool must be given, and not both');
  if (action !== undefined) {
    if (estimate === undefined) throw invalid('estimate', 'is missing');
    return { kind: 'action', subject, action, estimate: amountOf(estimate) };
  }
  if (tool === undefined || body.session_id === undefined) throw invalid('session_id', 'is missing');
  for (const level of ['workflow', 'toolset'] as const) {
    if (subject[level] !== undefined)
      throw invalid(`subject.${level}`, 'is the gate’s to set for a tool call');
  }
  return {
    kind: 'tool_call',
    harness: body.harness ?? 'evaluate',
    sessionId: body.session_id,
    subject,
    proposal: proposalOf({ ...body, tool }),
    estimate: estimate ? amountOf(estimate) : null,
  };
}

const invalid = (field: string, reason: string): HttpFailure =>
  new HttpFailure(400, 'INVALID_REQUEST', `${field} ${reason}.`, { field });
