/** /admin/action-kinds: the custom kinds of a tenant, which its operators declare. */

import { Body, Controller, Get, Inject, Post, Query, Req, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DeclareActionKindCommand } from '../../commands/declare-action-kind.command.js';
import { WRITERS, type Writers } from '../../commands/writers.js';
import { isRefusal } from '../../domain/refusals.js';
import { originOf } from '../correlation.js';
import { sendRefusal } from '../reply.js';
import { OPERATOR, READER, Route } from '../route.js';
import { ActionKindDto, customKindOf } from '../runtime/action-kind.dto.js';
import {
  ActionKindRequestDto,
  DeclaredKindsDto,
  DeclaredKindsQueryDto,
  declaredFrom,
} from './action-kind.dto.js';
import { sendCreationRefusal } from './creation.js';
import { inTenant, tenantNamed } from './state.js';

@Controller('admin/action-kinds')
export class DeclaredKindsController {
  constructor(
    private readonly commands: CommandBus,
    @Inject(WRITERS) private readonly writers: Writers,
  ) {}

  /** 201 when that changes something, 200 for what is declared so already. */
  @Post()
  @Route({
    access: OPERATOR,
    body: ActionKindRequestDto,
    answer: ActionKindDto,
    summary: 'Declare a custom action kind of a tenant, or declare it anew.',
  })
  async declare(
    @Body() body: ActionKindRequestDto,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const tenantId = tenantNamed(body.tenant_id, reply);
    const declared = declaredFrom(body);
    const answer = await this.commands.execute(
      new DeclareActionKindCommand(tenantId, originOf(request, body), { declared }),
    );
    if (answer.kind === 'refused') sendCreationRefusal(request, reply, answer.refusal);
    else
      reply
        .code(answer.kind === 'accepted' && answer.events.length > 0 ? 201 : 200)
        .send(customKindOf(declared));
  }

  @Get()
  @Route({
    access: READER,
    query: DeclaredKindsQueryDto,
    answer: DeclaredKindsDto,
    summary: 'List the custom action kinds of a tenant.',
  })
  async list(
    @Query() query: DeclaredKindsQueryDto,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const tenantId = tenantNamed(query.tenant_id, reply);
    const kinds = await inTenant(this.writers, tenantId, (state) =>
      [...state.kinds.values()].map(customKindOf),
    );
    if (isRefusal(kinds)) sendRefusal(request, reply, kinds);
    else reply.send({ kinds });
  }
}
