/** /audit/sessions: what agents did, run by run, for operators and never for an API key. */

import { Controller, Get, Inject, Param, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { SessionView } from '../../projections/sessions/sessions.queries.js';
import { HttpFailure } from '../failure.js';
import { cursorOf, pageOf, READING, type Reading } from '../reading.js';
import { sendExact } from '../reply.js';
import { AUDITOR, Route } from '../route.js';
import { SessionListQueryDto, SessionQueryDto, sessionAnswer, sessionFilterOf } from './session.dto.js';

const LIMIT_MAX = 100;

@Controller('audit/sessions')
export class SessionsController {
  constructor(@Inject(READING) private readonly reading: Reading) {}

  @Get()
  @Route({
    access: AUDITOR,
    query: SessionListQueryDto,
    summary: 'The sessions of agents, those that began last first.',
  })
  async list(@Query() query: SessionListQueryDto, @Res() reply: FastifyReply): Promise<void> {
    const page = pageOf(query, LIMIT_MAX);
    const filter = sessionFilterOf(query);
    await this.reading.catchUp();
    const { items, nextCursor } = await this.reading.sessions.list(filter, page);
    sendExact(reply, { sessions: items.map(sessionAnswer), ...cursorOf(nextCursor) });
  }

  @Get(':session_id')
  @Route({ access: AUDITOR, query: SessionQueryDto, summary: 'One session: who, when, what it used.' })
  async find(
    @Param('session_id') sessionId: string,
    @Query() { tenant_id }: SessionQueryDto,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.reading.catchUp();
    sendExact(reply, sessionAnswer(await sessionOf(this.reading, tenant_id, sessionId)));
  }
}

/** @throws HttpFailure 404 */
export async function sessionOf(reading: Reading, tenantId: string, sessionId: string): Promise<SessionView> {
  const session = await reading.sessions.find(tenantId, sessionId);
  if (session !== null) return session;
  throw new HttpFailure(404, 'NOT_FOUND', `The tenant ${tenantId} has no session ${sessionId}.`);
}
