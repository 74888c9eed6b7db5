/** /admin/operators: the people who operate the server. For administrators of every tenant, and the admin key. */

import { Body, Controller, Delete, Get, Inject, Param, Patch, Post, Query, Req, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type AddedOperator, AddOperatorCommand } from '../../commands/add-operator.command.js';
import { ChangeOperatorCommand } from '../../commands/change-operator.command.js';
import { DisableOperatorCommand } from '../../commands/disable-operator.command.js';
import { ResetOperatorCommand } from '../../commands/reset-operator.command.js';
import { SYSTEM, type SystemAnswer, type SystemWriter } from '../../commands/writers.js';
import type { OperatorId } from '../../domain/ids.js';
import { systemRefusal } from '../../domain/system/system.refusals.js';
import { originOf } from '../correlation.js';
import { HttpFailure } from '../failure.js';
import { cursorOf, pageOf } from '../reading.js';
import { OPERATOR, operatorWith, Route } from '../route.js';
import {
  DisableQueryDto,
  NewOperatorDto,
  OperatorChangesDto,
  OperatorDto,
  OperatorListDto,
  OperatorRequestDto,
  OperatorsQueryDto,
  operatorOf,
} from './operator.dto.js';
import { failureOf } from './operator-failure.js';

const LIMIT_MAX = 100;

@Controller('admin/operators')
export class OperatorsController {
  constructor(
    private readonly commands: CommandBus,
    @Inject(SYSTEM) private readonly system: SystemWriter,
  ) {}

  @Post()
  @Route({
    access: OPERATOR,
    body: OperatorRequestDto,
    answer: NewOperatorDto,
    answers: 201,
    summary: 'Add a person; their one-time password is answered this once.',
  })
  async add(
    @Body() body: OperatorRequestDto,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { name, roles, tenants = null, groups = [] } = body;
    const asked = { name: name.toLowerCase(), roles, tenants, groups };
    const added = await this.commands.execute(new AddOperatorCommand(originOf(request), asked));
    this.showWithPassword(added, reply.code(201));
  }

  @Get()
  @Route({
    access: operatorWith('auditor'),
    query: OperatorsQueryDto,
    answer: OperatorListDto,
    summary: 'People who operate the server.',
  })
  async list(@Query() query: OperatorsQueryDto, @Res() reply: FastifyReply): Promise<void> {
    const { limit, cursor } = pageOf(query, LIMIT_MAX);
    await this.system.refresh();
    const listed = [...this.system.current.operators.values()]
      .map(operatorOf)
      .filter(({ operator_id, status }) => {
        const isNext = cursor === null || operator_id > cursor;
        return isNext && (query.status === undefined || status === query.status);
      });
    const operators = listed.slice(0, limit);
    const nextCursor = listed.length > limit ? (operators.at(-1)?.operator_id ?? null) : null;
    reply.send({ operators, ...cursorOf(nextCursor) });
  }

  @Get(':operator_id')
  @Route({
    access: operatorWith('auditor'),
    answer: OperatorDto,
    summary: 'A person who operates the server.',
  })
  async get(@Param('operator_id') operatorId: string, @Res() reply: FastifyReply): Promise<void> {
    await this.system.refresh();
    this.show(operatorId, reply);
  }

  /** Binds the sessions that are open, too. */
  @Patch(':operator_id')
  @Route({
    access: OPERATOR,
    body: OperatorChangesDto,
    answer: OperatorDto,
    summary: 'Changes a person’s name, roles, tenants and groups.',
  })
  async change(
    @Param('operator_id') operatorId: string,
    @Body() body: OperatorChangesDto,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { all_tenants: forAll = false, ...changes } = body;
    if (forAll && changes.tenants !== undefined) {
      const message = 'all_tenants and tenants cannot be given together.';
      throw new HttpFailure(400, 'INVALID_REQUEST', message, { field: 'all_tenants' });
    }
    const asked = { ...changes, ...(forAll && { tenants: null }) };
    const command = new ChangeOperatorCommand(operatorId as OperatorId, originOf(request), asked);
    accepted(await this.commands.execute(command));
    this.show(operatorId, reply);
  }

  /** For good. The person's tokens are nobody's from the answer on. */
  @Delete(':operator_id')
  @Route({
    access: OPERATOR,
    query: DisableQueryDto,
    answer: OperatorDto,
    summary: 'Disables a person: their sessions end at once.',
  })
  async disable(
    @Param('operator_id') operatorId: string,
    @Query() query: DisableQueryDto,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const reason = query.reason ?? null;
    const command = new DisableOperatorCommand(operatorId as OperatorId, originOf(request), reason);
    accepted(await this.commands.execute(command));
    this.show(operatorId, reply);
  }

  /** Ends the person's sessions; the new password is answered this once. */
  @Post(':operator_id/reset')
  @Route({ access: OPERATOR, answer: NewOperatorDto, summary: 'Give a person a new one-time password.' })
  async reset(
    @Param('operator_id') operatorId: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const command = new ResetOperatorCommand(operatorId as OperatorId, originOf(request));
    this.showWithPassword(await this.commands.execute(command), reply.code(200));
  }

  private show(operatorId: string, reply: FastifyReply): void {
    reply.send(this.find(operatorId));
  }

  private showWithPassword(added: AddedOperator, reply: FastifyReply): void {
    accepted(added.answer);
    const { operatorId, oneTimePassword } = added;
    reply.header('Cache-Control', 'no-store');
    reply.send({ ...this.find(operatorId), one_time_password: oneTimePassword });
  }

  private find(operatorId: string): OperatorDto {
    const operator = this.system.current.operators.get(operatorId as OperatorId);
    if (operator !== undefined) return operatorOf(operator);
    throw failureOf(
      systemRefusal('operator_not_found', `The operator ${operatorId.slice(0, 64)} does not exist.`),
    );
  }
}

/** @throws HttpFailure when it was refused */
function accepted(answer: SystemAnswer): void {
  if (answer.kind === 'refused') throw failureOf(answer.refusal);
}
