/** /admin/budget-templates: which budgets open by themselves, and with how much. */

import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  Inject,
  Param,
  Post,
  Query,
  Req,
  Res,
} from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DefineBudgetTemplateCommand } from '../../commands/define-budget-template.command.js';
import { RetireBudgetTemplateCommand } from '../../commands/retire-budget-template.command.js';
import { WRITERS, type Writers } from '../../commands/writers.js';
import type { TemplateId } from '../../domain/ids.js';
import { isRefusal, refusal } from '../../domain/refusals.js';
import { originOf } from '../correlation.js';
import { HttpFailure } from '../failure.js';
import { sendRefusal } from '../reply.js';
import { OPERATOR, READER, Route } from '../route.js';
import {
  BudgetTemplateDto,
  BudgetTemplateListDto,
  BudgetTemplateRequestDto,
  TemplateQueryDto,
  templateOf,
} from './budget-template.dto.js';
import { sendCreationRefusal } from './creation.js';
import { inTenant, tenantNamed } from './state.js';

@Controller('admin/budget-templates')
export class BudgetTemplatesController {
  constructor(
    private readonly commands: CommandBus,
    @Inject(WRITERS) private readonly writers: Writers,
  ) {}

  /**
   * 201 for a new template, 200 for the same again, 409 for another of its pattern and unit that does not say that it
   * takes the place of the one there is.
   */
  @Post()
  @Route({
    access: OPERATOR,
    body: BudgetTemplateRequestDto,
    answer: BudgetTemplateDto,
    summary: 'Open a budget at every scope of a pattern when it is first used.',
  })
  async define(
    @Body() body: BudgetTemplateRequestDto,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    requireUnits(body);
    const tenantId = tenantNamed(body.tenant_id, reply);
    const { scope_pattern: scopePattern, unit } = body;
    const command = new DefineBudgetTemplateCommand(tenantId, originOf(request, body), {
      scopePattern,
      unit,
      allocated: BigInt(body.allocated.amount),
      overdraftLimit: BigInt(body.overdraft_limit?.amount ?? 0),
      rolloverPolicy: body.rollover_policy ?? 'NONE',
      period: body.period ?? null,
      ...(body.replaces !== undefined && { replaces: body.replaces as TemplateId }),
    });
    const answer = await this.commands.execute(command);
    if (answer.kind === 'refused') {
      sendCreationRefusal(request, reply, answer.refusal);
      return;
    }
    const defined = await inTenant(this.writers, tenantId, (state) => {
      const found = [...state.templates.values()].find(
        (t) => t.scopePattern === scopePattern && t.unit === unit,
      );
      return found
        ? templateOf(found, tenantId)
        : refusal('template_not_found', 'The template has been retired.');
    });
    if (isRefusal(defined)) sendRefusal(request, reply, defined);
    else reply.code(answer.kind === 'accepted' && answer.events.length > 0 ? 201 : 200).send(defined);
  }

  @Get()
  @Route({
    access: READER,
    query: TemplateQueryDto,
    answer: BudgetTemplateListDto,
    summary: 'List the budget templates of a tenant.',
  })
  async list(
    @Query() query: TemplateQueryDto,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const tenantId = tenantNamed(query.tenant_id, reply);
    const templates = await inTenant(this.writers, tenantId, (state) =>
      [...state.templates.values()].map((template) => templateOf(template, tenantId)),
    );
    if (isRefusal(templates)) sendRefusal(request, reply, templates);
    else reply.send({ templates });
  }

  /** Retires a template; the budgets that it has opened stay. */
  @Delete(':template_id')
  @HttpCode(200)
  @Route({
    access: OPERATOR,
    query: TemplateQueryDto,
    answer: BudgetTemplateDto,
    summary: 'Retire a budget template; the budgets it has opened stay.',
  })
  async retire(
    @Param('template_id') id: string,
    @Query() query: TemplateQueryDto,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const tenantId = tenantNamed(query.tenant_id, reply);
    const templateId = id as TemplateId;
    const known = await inTenant(this.writers, tenantId, (state) => {
      const template = state.templates.get(templateId);
      return template
        ? templateOf(template, tenantId)
        : refusal('template_not_found', `The budget template ${id} does not exist.`);
    });
    if (isRefusal(known)) {
      sendRefusal(request, reply, known);
      return;
    }
    const answer = await this.commands.execute(
      new RetireBudgetTemplateCommand(tenantId, originOf(request), { templateId }),
    );
    if (answer.kind === 'refused') sendRefusal(request, reply, answer.refusal);
    else reply.send(known);
  }
}

function requireUnits({ unit, allocated, overdraft_limit: overdraftLimit }: BudgetTemplateRequestDto): void {
  for (const [field, amount] of Object.entries({ allocated, overdraft_limit: overdraftLimit })) {
    if (amount === undefined || amount.unit === unit) continue;
    const message = `${field}.unit must be ${unit}, the unit of the template.`;
    throw new HttpFailure(400, 'UNIT_MISMATCH', message, { field: `${field}.unit` });
  }
}
