/** POST /audit/what-if: what a draft would have decided differently in a past period. */

import { Body, Controller, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Approvers } from '../../commands/approvers.js';
import { APPROVERS, ASSESSOR, WRITERS, type Writers } from '../../commands/writers.js';
import { isRefusal } from '../../domain/refusals.js';
import type { Assessor } from '../../ports/assessor.port.js';
import { refusedNow } from '../../replay/what-if/draft.js';
import { type WhatIfRequest, whatIf } from '../../replay/what-if/what-if.js';
import { inTenant, tenantNamed } from '../admin/state.js';
import { printExact } from '../json.js';
import { READING, type Reading } from '../reading.js';
import { sendRefusal } from '../reply.js';
import { AUDITOR, Route } from '../route.js';
import { sendLong } from './streaming.js';
import { draftFrom, lineOf, periodFrom, WhatIfRequestDto } from './what-if.dto.js';

@Controller('audit/what-if')
export class WhatIfController {
  constructor(
    @Inject(WRITERS) private readonly writers: Writers,
    @Inject(READING) private readonly reading: Reading,
    @Inject(APPROVERS) private readonly approvers: Approvers,
    @Inject(ASSESSOR) private readonly assessor: Assessor,
  ) {}

  /** Lines of NDJSON: how far it is, each difference, and last the totals. Nothing is written. */
  @Post()
  @HttpCode(200)
  @Route({
    access: AUDITOR,
    body: WhatIfRequestDto,
    summary: 'Which recorded decisions a draft would have changed, each explained, and how many.',
  })
  async tryDraft(
    @Body() body: WhatIfRequestDto,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const tenantId = tenantNamed(body.tenant_id, reply);
    const [period, draft] = [periodFrom(body), draftFrom(body)];
    // What could not be put in force now is told before anything is read.
    const found = await inTenant(this.writers, tenantId, (state, { nowMs }) => ({
      refused: refusedNow(state, draft, nowMs),
    }));
    const refused = isRefusal(found) ? found : found.refused;
    if (refused !== null) {
      sendRefusal(request, reply, refused);
      return;
    }
    const approvers = await this.approvers.recent(tenantId);
    const lines = this.lines({ tenantId, ...period, draft, approvers });
    await sendLong(reply, lines, 'application/x-ndjson', 1);
  }

  private async *lines(request: WhatIfRequest): AsyncGenerator<string> {
    for await (const step of whatIf(this.reading.ledger, request, this.assessor)) {
      yield `${printExact(lineOf(step))}\n`;
    }
  }
}
