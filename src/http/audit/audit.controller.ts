/** /audit/actions: the audit record, for operators and never for an API key. */

import { Controller, Get, Inject, Param, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { HttpFailure } from '../failure.js';
import { cursorOf, pageOf, READING, type Reading } from '../reading.js';
import { sendExact } from '../reply.js';
import { AUDITOR, Route } from '../route.js';
import { ActionListQueryDto, actionFilterOf } from './action.dto.js';
import { actionAnswer } from './action.js';

const LIMIT_MAX = 200;

@Controller('audit/actions')
export class AuditController {
  constructor(@Inject(READING) private readonly reading: Reading) {}

  /** Newest first; pages stay stable while events arrive. */
  @Get()
  @Route({
    access: AUDITOR,
    query: ActionListQueryDto,
    summary: 'The record of what was proposed, decided and done.',
  })
  async list(@Query() query: ActionListQueryDto, @Res() reply: FastifyReply): Promise<void> {
    const page = pageOf(query, LIMIT_MAX);
    const filter = actionFilterOf(query);
    await this.reading.catchUp();
    const { items, nextCursor } = await this.reading.actions.list(filter, page);
    sendExact(reply, { actions: items.map(actionAnswer), ...cursorOf(nextCursor) });
  }

  /** One proposed action, as the answers to the auditor's five questions. */
  @Get(':id')
  @Route({ access: AUDITOR, summary: 'One entry of the record.' })
  async find(@Param('id') id: string, @Res() reply: FastifyReply): Promise<void> {
    await this.reading.catchUp();
    const action = await this.reading.actions.find(id);
    if (action === null) throw new HttpFailure(404, 'NOT_FOUND', `The action ${id} is not in the record.`);
    sendExact(reply, actionAnswer(action));
  }
}
