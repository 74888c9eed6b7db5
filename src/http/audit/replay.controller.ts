/** /audit/sessions/{session_id}/replay: a session again, step by step, from the ledger itself. */

import { Controller, Get, Inject, Param, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { TenantId } from '../../domain/ids.js';
import type { SessionView } from '../../projections/sessions/sessions.queries.js';
import { replaySession } from '../../replay/session.js';
import type { Place } from '../../replay/stream.js';
import { printExact } from '../json.js';
import { READING, type Reading } from '../reading.js';
import { AUDITOR, Route } from '../route.js';
import { placeOf } from './place.js';
import { ReplayQueryDto, sessionAnswer } from './session.dto.js';
import { sessionOf } from './sessions.controller.js';
import { stepAnswer } from './step.js';
import { jsonList, sendLong } from './streaming.js';

@Controller('audit/sessions')
export class ReplayController {
  constructor(@Inject(READING) private readonly reading: Reading) {}

  @Get(':session_id/replay')
  @Route({
    access: AUDITOR,
    query: ReplayQueryDto,
    summary: 'A session step by step, with the balances before and after each.',
  })
  async replay(
    @Param('session_id') sessionId: string,
    @Query() { tenant_id, at }: ReplayQueryDto,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const place = placeOf(at);
    await this.reading.catchUp();
    const session = await sessionOf(this.reading, tenant_id, sessionId);
    await sendLong(reply, this.story(session, place));
  }

  private async *story(session: SessionView, place: Place | null): AsyncGenerator<string> {
    yield `{"session":${printExact(sessionAnswer(session))},"steps":`;
    yield* jsonList(this.steps(session, place));
    yield ',"complete":true}';
  }

  private async *steps(session: SessionView, place: Place | null): AsyncGenerator<object> {
    const bounds = { ...session, tenantId: session.tenantId as TenantId };
    let nth = 0;
    for await (const step of replaySession(this.reading.ledger, bounds, place)) {
      nth += 1;
      yield stepAnswer(step, nth);
    }
  }
}
