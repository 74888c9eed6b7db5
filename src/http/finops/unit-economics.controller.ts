/** GET /finops/unit-economics: what a session, or any other unit of work, costs. */

import { Controller, Get, Inject, Query, Res } from '@nestjs/common';
import { IsIn, IsString, MaxLength } from 'class-validator';
import type { FastifyReply } from 'fastify';
import { CSV_TYPE } from '../csv.js';
import { Optional } from '../fields.js';
import { READING, type Reading } from '../reading.js';
import { sendExact } from '../reply.js';
import { FINOPS, Route } from '../route.js';
import { FORMATS } from './chargeback.controller.js';
import { ChargePeriodQueryDto, chargePeriodOf, wholeOf } from './period.js';
import { unitEconomicsAnswer, unitEconomicsCsv, unitEconomicsOf, unitOfWorkOf } from './unit-economics.js';

export class UnitEconomicsQueryDto extends ChargePeriodQueryDto {
  /** What one unit of work is: session (the same as workflow), agent, app, workspace, toolset, tenant, kind, name, model, harness, key or dimension:<key>; session when left out. */
  @Optional()
  @IsString()
  @MaxLength(128)
  readonly by?: string;

  /** How many of the dearest are told one by one, 1 to 20; 10 when left out. */
  @Optional()
  @IsString()
  @MaxLength(8)
  readonly top?: string;

  @Optional()
  @IsIn(FORMATS)
  readonly format?: (typeof FORMATS)[number];
}

const TOP = { from: 1, to: 20, otherwise: 10 } as const;

@Controller('finops/unit-economics')
export class UnitEconomicsController {
  constructor(@Inject(READING) private readonly reading: Reading) {}

  @Get()
  @Route({
    access: FINOPS,
    query: UnitEconomicsQueryDto,
    summary: 'What one unit of work cost in a period: quantiles, the dearest, and what has changed.',
  })
  async report(@Query() query: UnitEconomicsQueryDto, @Res() reply: FastifyReply): Promise<void> {
    const period = chargePeriodOf(query);
    const by = query.by ?? 'session';
    const top = wholeOf('top', query.top, TOP);
    unitOfWorkOf(by);
    await this.reading.catchUp();
    const economics = await unitEconomicsOf(this.reading.unitCosts, { period, by, top });
    if (query.format !== 'csv') sendExact(reply, unitEconomicsAnswer(economics));
    else {
      reply.header('Content-Disposition', 'attachment; filename="countersign-unit-economics.csv"');
      reply.type(CSV_TYPE).send([...unitEconomicsCsv(economics)].join(''));
    }
  }
}
