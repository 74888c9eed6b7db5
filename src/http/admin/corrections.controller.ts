/** /admin/budgets/correct and /admin/charges: operators put right what was charged, and what a budget has. */

import { Body, Controller, HttpCode, Inject, Param, Post, Req, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AdjustChargeCommand } from '../../commands/adjust-charge.command.js';
import { CorrectBudgetCommand } from '../../commands/correct-budget.command.js';
import type { SettledCharge } from '../../domain/commands.js';
import type { Adjusted, Corrected, RecordedEvent } from '../../domain/events.js';
import type { TenantId } from '../../domain/ids.js';
import { originOf } from '../correlation.js';
import { HttpFailure } from '../failure.js';
import { READING, type Reading } from '../reading.js';
import { type Settled, sendAnswer } from '../reply.js';
import { OPERATOR, Route } from '../route.js';
import { balanceOf, balancesOf } from '../runtime/render.js';
import {
  AdjustmentAnswerDto,
  AdjustmentRequestDto,
  CorrectionAnswerDto,
  CorrectionRequestDto,
} from './correction.dto.js';
import { requireUnit, tenantOfScope } from './place.js';
import { tenantNamed } from './state.js';

@Controller('admin')
export class CorrectionsController {
  constructor(
    private readonly commands: CommandBus,
    @Inject(READING) private readonly reading: Reading,
  ) {}

  /** The same key answers the same again, and corrects nothing twice. */
  @Post('budgets/correct')
  @HttpCode(200)
  @Route({
    access: OPERATOR,
    body: CorrectionRequestDto,
    answer: CorrectionAnswerDto,
    summary: 'Set the amounts of a budget to what they should have been.',
  })
  async correct(
    @Body() body: CorrectionRequestDto,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { scope, unit, allocated, spent, debt, uncovered, reason } = body;
    for (const [field, amount] of Object.entries({ allocated, spent, debt, uncovered })) {
      if (amount !== undefined) requireUnit(amount, unit, field);
    }
    const tenantId = tenantNamed(body.tenant_id ?? tenantOfScope(scope), reply);
    const command = new CorrectBudgetCommand(tenantId, originOf(request, body), {
      scope,
      unit,
      allocated: BigInt(allocated.amount),
      spent: BigInt(spent.amount),
      debt: BigInt(debt.amount),
      uncovered: BigInt(uncovered?.amount ?? 0),
      reason,
    });
    sendAnswer(request, reply, await this.commands.execute(command), correctionAnswer(tenantId));
  }

  /** Corrects a charge at every scope that bore it; the same key answers the same again. */
  @Post('charges/:charge_id/adjust')
  @HttpCode(200)
  @Route({
    access: OPERATOR,
    body: AdjustmentRequestDto,
    answer: AdjustmentAnswerDto,
    summary: 'Add to a charge that is over, or give a part of it back.',
  })
  async adjust(
    @Param('charge_id') chargeId: string,
    @Body() body: AdjustmentRequestDto,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const found = await this.chargeOf(chargeId);
    if (found === null) {
      const message = `No charge has the id ${chargeId}: it names neither a commit nor a charge without a hold.`;
      throw new HttpFailure(404, 'NOT_FOUND', message, { field: 'charge_id' });
    }
    const { tenantId, charge } = found;
    requireUnit(body.delta, charge.unit, 'delta');
    reply.header('X-Cycles-Tenant', tenantId);
    const command = new AdjustChargeCommand(tenantId, originOf(request, body), {
      charge,
      delta: BigInt(body.delta.amount),
      reason: body.reason,
      metadata: body.metadata ?? {},
    });
    sendAnswer(request, reply, await this.commands.execute(command), adjustmentAnswer);
  }

  /** A charge as it was recorded: no later event changes it, so that it may be read before the decision. */
  private async chargeOf(
    chargeId: string,
  ): Promise<{ readonly tenantId: TenantId; readonly charge: SettledCharge } | null> {
    const found = await this.reading.directory.charge(chargeId);
    if (found === null || 'charge' in found) return found;
    const event = await this.reading.eventAt(found.tenantId, found.revision);
    if (event?.type !== 'Debited') throw new Error('a charge without its event');
    const { debitId, unit, charged, chargedScopes } = event.data;
    return { tenantId: found.tenantId, charge: { chargeId: debitId, unit, charged, scopes: chargedScopes } };
  }
}

const correctionAnswer =
  (tenantId: TenantId) =>
  (settled: Settled): CorrectionAnswerDto => {
    const event = settled.kind === 'replayed' ? settled.event : settled.events.find(isCorrected);
    if (event === undefined || !isCorrected(event)) throw new Error('a correction without its event');
    const { unit, reason, balances } = event.data;
    const [balance] = balances;
    if (balance === undefined) throw new Error('a correction without its balance');
    const { occurredAt: timestamp } = event.metadata;
    return { tenant_id: tenantId, ...balanceOf(balance), unit, reason, timestamp };
  };

const isCorrected = (event: RecordedEvent): event is RecordedEvent<Corrected> => event.type === 'Corrected';

function adjustmentAnswer(settled: Settled): AdjustmentAnswerDto {
  const event = settled.kind === 'replayed' ? settled.event : settled.events.find(isAdjusted);
  if (event === undefined || !isAdjusted(event)) throw new Error('an adjustment without its event');
  const { chargeId, unit, delta, charged, balances } = event.data;
  return {
    charge_id: chargeId,
    delta: { unit, amount: delta },
    charged: { unit, amount: charged },
    ...balancesOf(balances),
  };
}

const isAdjusted = (event: RecordedEvent): event is RecordedEvent<Adjusted> => event.type === 'Adjusted';
