/** GET /finops/focus.csv: what was charged as a FOCUS 1.2 file, whose sum is the ledger's. */

import { Controller, Get, Inject, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { CLOCK } from '../../commands/writers.js';
import { UNITS, type Unit } from '../../domain/amount.js';
import type { Clock } from '../../ports/clock.port.js';
import type { BilledRow, BilledTenant } from '../../projections/charges/charge-rows.queries.js';
import type { ChargePeriod, ChargeSums } from '../../projections/charges/chargeback.queries.js';
import { sendLong } from '../audit/streaming.js';
import { CSV_TYPE } from '../csv.js';
import { READING, type Reading } from '../reading.js';
import { FINOPS, Route } from '../route.js';
import { focusHeading, focusRecord } from './focus.js';
import { chargePeriodOf, PeriodQueryDto } from './period.js';
import { tieToLedger, totalOf } from './ties.js';

const MINUTE_MS = 60_000;

type Total = Pick<ChargeSums, 'charges' | 'charged'>;
const NOTHING: Total = { charges: 0, charged: 0n };

@Controller('finops/focus.csv')
export class FocusController {
  constructor(
    @Inject(READING) private readonly reading: Reading,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * One row a charge in any unit, with money billed of USD_MICROCENTS alone, and one a correction. What is charged in
   * the current minute is left to the next file. A file that does not come to what the ledger charged is cut off.
   */
  @Get()
  @Route({
    access: FINOPS,
    query: PeriodQueryDto,
    summary: 'What was charged, as a FOCUS 1.2 file whose sum is the ledger’s.',
  })
  async file(@Query() query: PeriodQueryDto, @Res() reply: FastifyReply): Promise<void> {
    const { tenantId, fromMs, untilMs } = chargePeriodOf(query);
    const overMs = Math.floor(this.clock.now() / MINUTE_MS) * MINUTE_MS;
    await this.reading.catchUp();
    const period = { tenantId, fromMs, untilMs: Math.max(fromMs, Math.min(untilMs, overMs)) };
    reply.header('Content-Disposition', 'attachment; filename="countersign-focus.csv"');
    await sendLong(reply, this.records(period), CSV_TYPE);
  }

  private async *records(period: Omit<ChargePeriod, 'unit'>): AsyncGenerator<string> {
    const expected = await this.totals(period);
    yield focusHeading();
    const written = new Map<Unit, Total>();
    for await (const [row, tenant] of this.rows(period)) {
      const { charges, charged } = written.get(row.unit) ?? NOTHING;
      const own = row.reason === null ? 1 : 0;
      written.set(row.unit, { charges: charges + own, charged: charged + row.amount });
      yield focusRecord(row, tenant);
    }
    for (const unit of UNITS) tieToLedger(written.get(unit) ?? NOTHING, expected.get(unit) ?? NOTHING);
  }

  /** What the ledger charged, to which the report of the same period ties. */
  private async totals(period: Omit<ChargePeriod, 'unit'>): Promise<ReadonlyMap<Unit, Total>> {
    const totals = new Map<Unit, Total>();
    for (const unit of UNITS) {
      const request = { period: { ...period, unit }, groupings: [], calendar: null, sample: null };
      totals.set(unit, totalOf(await this.reading.chargeback.report(request)));
    }
    return totals;
  }

  private async *rows(
    period: Omit<ChargePeriod, 'unit'>,
  ): AsyncGenerator<readonly [row: BilledRow, tenant: BilledTenant]> {
    const { billed } = this.reading;
    for (const tenant of await billed.tenants(period.tenantId)) {
      for (const unit of UNITS) {
        const of = { ...period, tenantId: tenant.tenantId, unit };
        for await (const row of billed.charges(of)) yield [row, tenant];
        for await (const row of billed.corrections(of)) yield [row, tenant];
      }
    }
  }
}
