/** GET /audit/shadow-report: what enforcing would have refused of what was only observed. */

import { Controller, Get, Inject, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { CLOCK } from '../../commands/writers.js';
import type { Clock } from '../../ports/clock.port.js';
import { HttpFailure } from '../failure.js';
import { READING, type Reading } from '../reading.js';
import { AUDITOR, Route } from '../route.js';
import { type ReportPeriod, ShadowQueryDto, ShadowReportDto, shadowAnswer } from './shadow.dto.js';

const DEFAULT_MS = 7 * 86_400_000;
/** Longer than any rollout is watched, and short enough to be counted at once. */
const LONGEST_MS = 92 * 86_400_000;

@Controller('audit/shadow-report')
export class ShadowController {
  constructor(
    @Inject(READING) private readonly reading: Reading,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get()
  @Route({
    access: AUDITOR,
    query: ShadowQueryDto,
    answer: ShadowReportDto,
    summary: 'What enforcing would have refused of what was only observed.',
  })
  async report(@Query() query: ShadowQueryDto, @Res() reply: FastifyReply): Promise<void> {
    const period = this.periodOf(query);
    await this.reading.catchUp();
    reply.send(shadowAnswer(period, await this.reading.shadow.report(period)));
  }

  private periodOf({ tenant_id: tenantId, from, to }: ShadowQueryDto): ReportPeriod {
    const untilMs = to === undefined ? this.clock.now() : Date.parse(to);
    const fromMs = from === undefined ? untilMs - DEFAULT_MS : Date.parse(from);
    if (fromMs >= untilMs) throw invalid('from', 'from must lie before to.');
    if (untilMs - fromMs > LONGEST_MS) throw invalid('from', 'from must lie at most 92 days before to.');
    return { tenantId, fromMs, untilMs };
  }
}

const invalid = (field: string, message: string): HttpFailure =>
  new HttpFailure(400, 'INVALID_REQUEST', message, { field });
