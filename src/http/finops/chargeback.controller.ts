/** GET /finops/chargeback: what was charged in a period, by whom and for what, tied to the ledger. */

import { Controller, Get, Inject, Query, Res } from '@nestjs/common';
import { IsIn, IsString, MaxLength } from 'class-validator';
import type { FastifyReply } from 'fastify';
import type { Sample } from '../../projections/charges/chargeback.queries.js';
import { CSV_TYPE } from '../csv.js';
import { Optional } from '../fields.js';
import { READING, type Reading } from '../reading.js';
import { sendExact } from '../reply.js';
import { FINOPS, Route } from '../route.js';
import { chargebackAnswer, chargebackCsv, chargebackOf } from './chargeback.js';
import { groupByOf } from './group-by.js';
import { ChargePeriodQueryDto, chargePeriodOf } from './period.js';

const SAMPLES = ['action', 'session'] as const satisfies readonly Sample[];
export const FORMATS = ['json', 'csv'] as const;

export class ChargebackQueryDto extends ChargePeriodQueryDto {
  /** Comma-separated: tenant, workspace, app, workflow, agent, toolset, kind, name, model, harness, key, dimension:<key>, day, week, month. */
  @Optional()
  @IsString()
  @MaxLength(512)
  readonly group_by?: string;

  /** Averages and quantiles of each group, per charge or per session. */
  @Optional()
  @IsIn(SAMPLES)
  readonly per?: Sample;

  @Optional()
  @IsIn(FORMATS)
  readonly format?: (typeof FORMATS)[number];
}

@Controller('finops/chargeback')
export class ChargebackController {
  constructor(@Inject(READING) private readonly reading: Reading) {}

  @Get()
  @Route({
    access: FINOPS,
    query: ChargebackQueryDto,
    summary: 'What was charged in a period, in groups; its total is the ledger’s.',
  })
  async report(@Query() query: ChargebackQueryDto, @Res() reply: FastifyReply): Promise<void> {
    const period = chargePeriodOf(query);
    const groupBy = groupByOf(query.group_by, period);
    await this.reading.catchUp();
    const { tenantId, fromMs, untilMs } = period;
    const closed = tenantId && (await this.reading.periods.exactly(tenantId, fromMs, untilMs));
    const request = { period, groupBy, sample: query.per ?? null, closed: closed || null };
    const report = await chargebackOf(this.reading.chargeback, request);
    if (query.format !== 'csv') sendExact(reply, chargebackAnswer(report));
    else {
      reply.header('Content-Disposition', 'attachment; filename="countersign-chargeback.csv"');
      reply.type(CSV_TYPE).send([...chargebackCsv(report)].join(''));
    }
  }
}
