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
import { type Chargeback, chargebackAnswer, chargebackCsv, chargebackOf } from './chargeback.js';
import { groupByOf } from './group-by.js';
import { ChargePeriodQueryDto, chargePeriodOf } from './period.js';

const SAMPLES = ['action', 'session'] as const satisfies readonly Sample[];
export const FORMATS = ['json', 'csv'] as const;

/** Which report is asked for, whatever it is shown as. */
export class ReportQueryDto extends ChargePeriodQueryDto {
  /** Comma-separated: tenant, workspace, app, workflow, agent, toolset, kind, name, model, harness, key, dimension:<key>, day, week, month. */
  @Optional()
  @IsString()
  @MaxLength(512)
  readonly group_by?: string;

  /** Averages and quantiles of each group, per charge or per session. */
  @Optional()
  @IsIn(SAMPLES)
  readonly per?: Sample;
}

export class ChargebackQueryDto extends ReportQueryDto {
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
    const report = await readChargeback(this.reading, query);
    if (query.format !== 'csv') sendExact(reply, chargebackAnswer(report));
    else {
      reply.header('Content-Disposition', 'attachment; filename="countersign-chargeback.csv"');
      reply.type(CSV_TYPE).send([...chargebackCsv(report)].join(''));
    }
  }
}

/**
 * The report that is asked for, with all that has been recorded by then.
 * @throws HttpFailure 400 that names the field, 500 when what was charged is not what the ledger says
 */
export async function readChargeback(reading: Reading, query: ReportQueryDto): Promise<Chargeback> {
  const period = chargePeriodOf(query);
  const groupBy = groupByOf(query.group_by, period);
  await reading.catchUp();
  const { tenantId, fromMs, untilMs } = period;
  const closed = tenantId && (await reading.periods.exactly(tenantId, fromMs, untilMs));
  const request = { period, groupBy, sample: query.per ?? null, closed: closed || null };
  return chargebackOf(reading.chargeback, request);
}
