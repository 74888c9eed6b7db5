/** GET /finops/forecast: how long each open budget lasts at the pace of the last days. */

import { Controller, Get, Inject, Query, Res } from '@nestjs/common';
import { IsIn, IsString, MaxLength } from 'class-validator';
import type { FastifyReply } from 'fastify';
import { CLOCK } from '../../commands/writers.js';
import { LEVELS, type Level } from '../../domain/subject.js';
import type { Clock } from '../../ports/clock.port.js';
import type { BudgetFilter } from '../../projections/balances/balances.queries.js';
import { sendLong } from '../audit/streaming.js';
import { CSV_TYPE, csvRecord } from '../csv.js';
import { Optional } from '../fields.js';
import { isoOf } from '../ledger.dto.js';
import { PageQueryDto } from '../page.dto.js';
import { cursorOf, pageOf, READING, type Reading } from '../reading.js';
import { sendExact } from '../reply.js';
import { FINOPS, Route } from '../route.js';
import { FORMATS } from './chargeback.controller.js';
import { DAY_MS, FORECAST_COLUMNS, forecastAnswer, type Pace } from './forecast.js';
import { invalid, unitOf, wholeOf } from './period.js';

export class ForecastQueryDto extends PageQueryDto {
  /** All tenants when left out. */
  @Optional()
  @IsString()
  @MaxLength(64)
  readonly tenant_id?: string;

  /** One unit; all of them when left out. */
  @Optional()
  @IsString()
  @MaxLength(128)
  readonly unit?: string;

  /** Only budgets whose scope ends at this level. */
  @Optional()
  @IsIn(LEVELS)
  readonly level?: Level;

  /** The last days that the pace is taken from, 1 to 90; 7 when left out. */
  @Optional()
  @IsString()
  @MaxLength(8)
  readonly days?: string;

  /** `csv` has all budgets that match, and so takes neither a limit nor a cursor. */
  @Optional()
  @IsIn(FORMATS)
  readonly format?: (typeof FORMATS)[number];
}

const LIMIT_MAX = 100;
const DAYS = { from: 1, to: 90, otherwise: 7 } as const;

type At = Pick<Pace, 'nowMs' | 'days'>;
type Wanted = ReturnType<typeof pageOf>;

interface ForecastPage {
  readonly budgets: readonly ReturnType<typeof forecastAnswer>[];
  readonly nextCursor: string | null;
}

@Controller('finops/forecast')
export class ForecastController {
  constructor(
    @Inject(READING) private readonly reading: Reading,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get()
  @Route({
    access: FINOPS,
    query: ForecastQueryDto,
    summary: 'How long open budgets last at the pace of the last days.',
  })
  async list(@Query() query: ForecastQueryDto, @Res() reply: FastifyReply): Promise<void> {
    const page = pageOf(query, LIMIT_MAX);
    const days = wholeOf('days', query.days, DAYS);
    const unit = query.unit === undefined ? undefined : unitOf(query.unit);
    if (query.format === 'csv') refusePaging(query);
    const filter = { tenantId: query.tenant_id, unit, level: query.level, isOpen: true };
    await this.reading.catchUp();
    const at = { nowMs: this.clock.now(), days };
    if (query.format === 'csv') {
      reply.header('Content-Disposition', 'attachment; filename="countersign-forecast.csv"');
      await sendLong(reply, this.records(filter, at), CSV_TYPE);
      return;
    }
    const { budgets, nextCursor } = await this.page(filter, page, at);
    sendExact(reply, { as_of: isoOf(at.nowMs), days, budgets, ...cursorOf(nextCursor) });
  }

  private async page(filter: BudgetFilter, page: Wanted, { nowMs, days }: At): Promise<ForecastPage> {
    const { items, nextCursor } = await this.reading.balances.list(filter, page);
    const charged = await this.reading.runRates.chargedSince(items, nowMs - days * DAY_MS);
    const budgets = items.map((budget) => forecastAnswer(budget, { nowMs, days, charged: charged(budget) }));
    return { budgets, nextCursor };
  }

  private async *records(filter: BudgetFilter, at: At): AsyncGenerator<string> {
    yield csvRecord(FORECAST_COLUMNS);
    let cursor: string | null = null;
    do {
      const page: ForecastPage = await this.page(filter, { limit: LIMIT_MAX, cursor }, at);
      for (const budget of page.budgets) yield csvRecord(FORECAST_COLUMNS.map((column) => budget[column]));
      cursor = page.nextCursor;
    } while (cursor !== null);
  }
}

/** @throws HttpFailure 400 that names the field */
function refusePaging(query: ForecastQueryDto): void {
  for (const field of ['limit', 'cursor'] as const) {
    if (query[field] !== undefined) throw invalid(field, `${field} is for JSON: CSV has all budgets.`);
  }
}
