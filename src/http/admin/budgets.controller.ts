/** /v1/admin/budgets: budgets written by operators, and by keys that may. */

import { Body, Controller, Get, HttpCode, Inject, Patch, Post, Query, Req, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CreateBudgetCommand } from '../../commands/create-budget.command.js';
import { FreezeBudgetCommand } from '../../commands/freeze-budget.command.js';
import { FundBudgetCommand } from '../../commands/fund-budget.command.js';
import { UnfreezeBudgetCommand } from '../../commands/unfreeze-budget.command.js';
import { UpdateBudgetCommand } from '../../commands/update-budget.command.js';
import { type Answer, WRITERS, type Writers } from '../../commands/writers.js';
import type { StatedPeriod } from '../../domain/commands.js';
import type { BudgetFunded, RecordedEvent } from '../../domain/events.js';
import type { ScopePath, TenantId } from '../../domain/ids.js';
import { isRefusal, type Refusal, refusal } from '../../domain/refusals.js';
import { remainingOf } from '../../domain/state.js';
import { budgetKey } from '../../domain/subject.js';
import { amountOf } from '../amounts.js';
import { originOf } from '../correlation.js';
import { HttpFailure } from '../failure.js';
import { LedgerDto, ledgerOf } from '../ledger.dto.js';
import { checkScope, cursorOf, pageOf, READING, type Reading } from '../reading.js';
import { type Settled, sendAnswer, sendRefusal } from '../reply.js';
import { OPERATOR, operatorOrKeyThatMay, operatorOrKeyThatWrites, Route } from '../route.js';
import {
  BudgetChangesDto,
  BudgetQueryDto,
  BudgetRequestDto,
  BudgetsQueryDto,
  BudgetTransitionDto,
  FundingAnswerDto,
  FundingRequestDto,
  LedgerListDto,
} from './budget.dto.js';
import { budgetFilterOf } from './budget-list.js';
import { sendCreationRefusal } from './creation.js';
import { defined } from './given.js';
import { requireUnit, tenantOfScope } from './place.js';
import { orderOf } from './sorting.js';
import { inTenant, ownerOf, tenantNamed } from './state.js';

const LIMIT_MAX = 100;

@Controller('v1/admin/budgets')
export class BudgetsController {
  constructor(
    private readonly commands: CommandBus,
    @Inject(WRITERS) private readonly writers: Writers,
    @Inject(READING) private readonly reading: Reading,
  ) {}

  @Post()
  @Route({
    access: operatorOrKeyThatWrites('budgets:write'),
    body: BudgetRequestDto,
    answer: LedgerDto,
    summary: 'Create a budget.',
  })
  async create(
    @Body() body: BudgetRequestDto,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const period = periodOf(body);
    requireUnit(body.allocated, body.unit, 'allocated');
    if (body.overdraft_limit) requireUnit(body.overdraft_limit, body.unit, 'overdraft_limit');
    const tenantId = ownerOf(body.tenant_id, request, reply);
    const command = new CreateBudgetCommand(tenantId, originOf(request, body), {
      scope: body.scope,
      unit: body.unit,
      allocated: BigInt(body.allocated.amount),
      overdraftLimit: BigInt(body.overdraft_limit?.amount ?? 0),
      overagePolicy: body.commit_overage_policy ?? null,
      rolloverPolicy: body.rollover_policy ?? 'NONE',
      period,
      metadata: body.metadata ?? {},
    });
    const answer = await this.commands.execute(command);
    if (answer.kind === 'refused') sendCreationRefusal(request, reply, answer.refusal);
    else await this.show(tenantId, body, { request, reply, status: 201 });
  }

  @Get()
  @Route({
    access: operatorOrKeyThatMay('budgets:read'),
    query: BudgetsQueryDto,
    answer: LedgerListDto,
    summary: 'List budgets.',
  })
  async list(
    @Query() query: BudgetsQueryDto,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const refused = refusalOfList(query, request);
    if (refused) {
      sendRefusal(request, reply, refused);
      return;
    }
    const { caller } = request;
    const tenantId = caller?.type === 'api_key' ? caller.tenantId : query.tenant_id;
    const filter = budgetFilterOf(query, tenantId);
    const page = pageOf(query, LIMIT_MAX);
    await this.reading.catchUp();
    const { items, nextCursor } = await this.reading.balances.list(filter, page, orderOf(query));
    const ledgers = items.map((budget) => ledgerOf(budget, budget.tenantId as TenantId));
    reply.send({ ledgers, ...cursorOf(nextCursor) });
  }

  /** One budget by its exact scope and unit. */
  @Get('lookup')
  @Route({
    access: operatorOrKeyThatMay('budgets:read'),
    query: BudgetQueryDto,
    answer: LedgerDto,
    summary: 'The budget of a scope in a unit.',
  })
  async lookUp(
    @Query() query: BudgetQueryDto,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { caller, key } = request;
    const tenantId = tenantOfScope(query.scope);
    const isForeign = caller?.type === 'api_key' && caller.tenantId !== tenantId;
    const refused = isForeign
      ? refusal('scope_forbidden', 'The scope belongs to another tenant.', { field: 'scope' })
      : checkScope(key, query.scope.toLowerCase() as ScopePath);
    if (refused) sendRefusal(request, reply, refused);
    else await this.show(tenantNamed(tenantId, reply, 'scope'), query, { request, reply, status: 200 });
  }

  /** Changes the overdraft limit, the overage policy or the metadata; of a frozen budget, too. */
  @Patch()
  @Route({
    access: OPERATOR,
    query: BudgetQueryDto,
    body: BudgetChangesDto,
    answer: LedgerDto,
    summary: 'Changes what a budget allows.',
  })
  async change(
    @Query() query: BudgetQueryDto,
    @Body() body: BudgetChangesDto,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { scope, unit } = query;
    if (body.overdraft_limit) requireUnit(body.overdraft_limit, unit, 'overdraft_limit');
    const tenantId = tenantNamed(tenantOfScope(scope), reply, 'scope');
    const command = new UpdateBudgetCommand(tenantId, originOf(request, body), {
      scope,
      unit,
      overdraftLimit: body.overdraft_limit ? BigInt(body.overdraft_limit.amount) : null,
      changes: defined({ overagePolicy: body.commit_overage_policy, metadata: body.metadata }),
    });
    const answer: Answer = await this.commands.execute(command);
    if (answer.kind === 'refused') sendRefusal(request, reply, answer.refusal);
    else await this.show(tenantId, query, { request, reply, status: 200 });
  }

  @Post('freeze')
  @HttpCode(200)
  @Route({
    access: OPERATOR,
    query: BudgetQueryDto,
    body: BudgetTransitionDto,
    bodyOptional: true,
    answer: LedgerDto,
    summary: 'Refuse new holds on a budget.',
  })
  freeze(
    @Query() query: BudgetQueryDto,
    @Body() body: BudgetTransitionDto | undefined,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.transition(FreezeBudgetCommand, query, body, { request, reply });
  }

  @Post('unfreeze')
  @HttpCode(200)
  @Route({
    access: OPERATOR,
    query: BudgetQueryDto,
    body: BudgetTransitionDto,
    bodyOptional: true,
    answer: LedgerDto,
    summary: 'Take a frozen budget back.',
  })
  unfreeze(
    @Query() query: BudgetQueryDto,
    @Body() body: BudgetTransitionDto | undefined,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.transition(UnfreezeBudgetCommand, query, body, { request, reply });
  }

  @Post('fund')
  @HttpCode(200)
  @Route({
    access: operatorOrKeyThatWrites('budgets:write'),
    query: BudgetQueryDto,
    body: FundingRequestDto,
    answer: FundingAnswerDto,
    summary: 'Credit, debit or reset a budget, repay its debt, or reset what is spent.',
  })
  async fund(
    @Query() query: BudgetQueryDto,
    @Body() body: FundingRequestDto,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    requireUnit(body.amount, query.unit, 'amount');
    if (body.spent) requireUnit(body.spent, query.unit, 'spent');
    const tenantId = ownerOf(query.tenant_id, request, reply);
    const command = new FundBudgetCommand(tenantId, originOf(request, body), {
      scope: query.scope,
      unit: query.unit,
      operation: body.operation,
      amount: BigInt(body.amount.amount),
      spent: body.spent ? amountOf(body.spent).amount : null,
      reason: body.reason ?? null,
      metadata: body.metadata ?? {},
    });
    sendAnswer(request, reply, await this.commands.execute(command), fundingAnswer);
  }

  private async transition(
    Transition: typeof FreezeBudgetCommand | typeof UnfreezeBudgetCommand,
    query: BudgetQueryDto,
    body: BudgetTransitionDto | undefined,
    { request, reply }: { request: FastifyRequest; reply: FastifyReply },
  ): Promise<void> {
    const tenantId = tenantNamed(tenantOfScope(query.scope), reply, 'scope');
    const { scope, unit } = query;
    const command = new Transition(tenantId, originOf(request, body ?? {}), {
      scope,
      unit,
      reason: body?.reason ?? null,
    });
    const answer: Answer = await this.commands.execute(command);
    if (answer.kind === 'refused') sendRefusal(request, reply, answer.refusal);
    else await this.show(tenantId, query, { request, reply, status: 200 });
  }

  /** Shows a budget as it stands in the folded state. */
  private async show(
    tenantId: TenantId,
    { scope, unit }: Pick<BudgetQueryDto, 'scope' | 'unit'>,
    { request, reply, status }: { request: FastifyRequest; reply: FastifyReply; status: number },
  ): Promise<void> {
    const key = budgetKey(scope.toLowerCase() as ScopePath, unit);
    const shown = await inTenant(this.writers, tenantId, (state) => {
      const budget = state.budgets.get(key);
      return budget
        ? ledgerOf(budget, tenantId)
        : refusal('budget_not_found', `No budget in ${unit} exists at ${scope}.`);
    });
    if (isRefusal(shown)) sendRefusal(request, reply, shown);
    else reply.code(status).send(shown);
  }
}

/** @throws HttpFailure 400 when one end of the period is given without the other */
function periodOf({ period_start: start, period_end: end }: BudgetRequestDto): StatedPeriod | null {
  if (start === undefined && end === undefined) return null;
  if (start !== undefined && end !== undefined) return { startMs: Date.parse(start), endMs: Date.parse(end) };
  const field = start === undefined ? 'period_start' : 'period_end';
  throw new HttpFailure(400, 'INVALID_REQUEST', `${field} is missing beside the other end of the period.`, {
    field,
  });
}

function refusalOfList(query: BudgetsQueryDto, { caller, key }: FastifyRequest): Refusal | null {
  if (caller?.type !== 'api_key') return null;
  if (query.tenant_id !== undefined && query.tenant_id !== caller.tenantId) {
    return refusal('scope_forbidden', 'tenant_id is not the tenant of the API key.', { field: 'tenant_id' });
  }
  const path = query.scope_prefix?.toLowerCase() ?? `tenant:${caller.tenantId}`;
  return checkScope(key, path as ScopePath);
}

function fundingAnswer(settled: Settled): FundingAnswerDto {
  const event = (
    settled.kind === 'replayed' ? settled.event : settled.events[0]
  ) as RecordedEvent<BudgetFunded>;
  const { unit, operation, before, balances } = event.data;
  const [after = before] = balances;
  const amount = (value: bigint) => ({ unit, amount: value });
  return {
    operation,
    previous_allocated: amount(before.allocated),
    new_allocated: amount(after.allocated),
    previous_remaining: amount(remainingOf(before)),
    new_remaining: amount(remainingOf(after)),
    previous_debt: amount(before.debt),
    new_debt: amount(after.debt),
    previous_spent: amount(before.spent),
    new_spent: amount(after.spent),
    timestamp: event.metadata.occurredAt,
  };
}
