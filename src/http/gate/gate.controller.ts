/** The gate: tool calls before they run, and what came of them. */

import { Body, Controller, Inject, Param, Post, Req, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ASSESSOR, KEYRING, WRITERS, type Writers } from '../../commands/writers.js';
import { isRefusal } from '../../domain/refusals.js';
import type { Assessor } from '../../ports/assessor.port.js';
import type { Keyring } from '../../ports/keyring.port.js';
import { askedTenantOf, inTenant } from '../admin/state.js';
import { printExact } from '../json.js';
import { leaving } from '../leaving.js';
import { PUBLIC_ADDRESS, type PublicAddress } from '../public-address.js';
import { sendRefusal } from '../reply.js';
import { keyThatWrites, operatorOrKeyThatMay, Route } from '../route.js';
import { assessmentAnswer, outcomeAnswer, toolCallAnswer } from './answer.js';
import { proposalOf } from './proposal.js';
import { outcomeOf, submissionOf } from './submission.js';
import { AssessOnlyRequestDto, OutcomeRequestDto, ToolCallRequestDto } from './tool-call.dto.js';

/** Files that a call names travel with it. */
const BODY_BYTES_MAX = 4 * 1024 * 1024;

@Controller('gate')
export class GateController {
  constructor(
    private readonly commands: CommandBus,
    @Inject(ASSESSOR) private readonly assessor: Assessor,
    @Inject(KEYRING) private readonly keyring: Keyring,
    @Inject(WRITERS) private readonly writers: Writers,
    @Inject(PUBLIC_ADDRESS) private readonly address: PublicAddress,
  ) {}

  /** Assesses, decides, holds and records a tool call before it runs. */
  @Post('tool-calls')
  @Route({
    access: keyThatWrites('reservations:create'),
    body: ToolCallRequestDto,
    bodyBytesMax: BODY_BYTES_MAX,
    summary: 'Asks whether a tool call may run, and holds authority for it.',
  })
  async submit(
    @Body() body: ToolCallRequestDto,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const command = submissionOf(request, body, body.wait_ms ? leaving(reply) : undefined);
    const answer = await this.commands.execute(command);
    if (answer.kind === 'refused') sendRefusal(request, reply, answer.refusal);
    else {
      const { keyring, address } = this;
      const nonce = body.nonce ?? '';
      const signing = { keyring, tenantId: command.tenantId, nonce, pageOf: address.approvalPage };
      send(reply, toolCallAnswer(answer, signing));
    }
  }

  /** Records what the external system answered, and settles what the call held. */
  @Post('tool-calls/:id/outcome')
  @Route({
    access: keyThatWrites('reservations:create'),
    body: OutcomeRequestDto,
    settles: true,
    summary: 'Settles a tool call with what became of it.',
  })
  async outcome(
    @Param('id') id: string,
    @Body() body: OutcomeRequestDto,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const command = outcomeOf(request, id, body);
    const answer = await this.commands.execute(command);
    if (answer.kind === 'refused') sendRefusal(request, reply, answer.refusal);
    else send(reply, outcomeAnswer(answer));
  }

  /** Assesses without deciding or recording: for who writes policies, and for test benches. */
  @Post('assessments')
  @Route({
    access: operatorOrKeyThatMay('reservations:create'),
    body: AssessOnlyRequestDto,
    bodyBytesMax: BODY_BYTES_MAX,
    summary: 'Assesses a tool call by what is registered in the tenant, without asking for it.',
  })
  async assess(
    @Body() body: AssessOnlyRequestDto,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const tenantId = askedTenantOf(body.tenant_id, request, reply);
    const registry = await inTenant(this.writers, tenantId, (state) => state.registry);
    if (isRefusal(registry)) {
      sendRefusal(request, reply, registry);
      return;
    }
    const { assessment } = await this.assessor.assess(proposalOf(body), registry);
    send(reply, assessmentAnswer(assessment));
  }
}

function send(reply: FastifyReply, body: object): void {
  reply.code(200).type('application/json; charset=utf-8').send(printExact(body));
}
