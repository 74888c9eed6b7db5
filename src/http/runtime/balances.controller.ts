/** GET /v1/balances: what a tenant's budgets have, read after everything this server has answered for. */

import { Controller, Get, Inject, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ScopePath, TenantId } from '../../domain/ids.js';
import { isRefusal, type Refusal, refusal } from '../../domain/refusals.js';
import { LEVELS } from '../../domain/subject.js';
import { HttpFailure } from '../failure.js';
import { ledgerOf } from '../ledger.dto.js';
import {
  checkScope,
  cursorOf,
  pageOf,
  placeRead,
  READING,
  type Reading,
  tenantOfCaller,
} from '../reading.js';
import { sendExact, sendRefusal } from '../reply.js';
import { keyThatMay, Route } from '../route.js';
import { type BalancesAnswerDto, BalancesQueryDto, type LedgerBalancesAnswerDto } from './balances.dto.js';
import { balanceOf } from './render.js';

const RUNTIME_LIMIT_MAX = 200;
const LEDGER_LIMIT_MAX = 100;

@Controller('v1/balances')
export class BalancesController {
  constructor(@Inject(READING) private readonly reading: Reading) {}

  /** The operators' form when it is asked in their terms, else the runtime's. */
  @Get()
  @Route({
    access: keyThatMay('balances:read'),
    query: BalancesQueryDto,
    summary: 'What is left of a subject’s budgets.',
  })
  async balances(
    @Query() query: BalancesQueryDto,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const tenantId = tenantOfCaller(request);
    const asksForLedgers = [query.tenant_id, query.scope_prefix, query.unit].some(
      (given) => given !== undefined,
    );
    const answer = asksForLedgers
      ? await this.ledgers(query, tenantId, request)
      : await this.containing(query, tenantId, request);
    if (isRefusal(answer)) sendRefusal(request, reply, answer);
    else sendExact(reply, answer);
  }

  private async containing(
    query: BalancesQueryDto,
    tenantId: TenantId,
    { key }: FastifyRequest,
  ): Promise<BalancesAnswerDto | Refusal> {
    if (!LEVELS.some((level) => query[level] !== undefined)) {
      const message = `Name at least one of ${LEVELS.join(', ')}.`;
      throw new HttpFailure(400, 'INVALID_REQUEST', message, { field: 'tenant' });
    }
    if (query.tenant !== undefined && query.tenant !== tenantId) return otherTenant('tenant');
    const { workspace, app, workflow, agent, toolset } = query;
    const given = Object.entries({ workspace, app, workflow, agent, toolset }).filter(
      ([, value]) => value !== undefined,
    );
    const placed = placeRead(Object.fromEntries(given), tenantId, key);
    if (isRefusal(placed)) return placed;
    const page = pageOf(query, RUNTIME_LIMIT_MAX);
    await this.reading.catchUp();
    const { items, nextCursor } = await this.reading.balances.containing(tenantId, placed, page);
    return { balances: items.map(balanceOf), ...cursorOf(nextCursor) };
  }

  private async ledgers(
    query: BalancesQueryDto,
    tenantId: TenantId,
    { key }: FastifyRequest,
  ): Promise<LedgerBalancesAnswerDto | Refusal> {
    if (query.tenant_id !== undefined && query.tenant_id !== tenantId) return otherTenant('tenant_id');
    const scopePrefix = query.scope_prefix?.toLowerCase();
    const forbidden = checkScope(key, (scopePrefix ?? `tenant:${tenantId}`) as ScopePath);
    if (forbidden) return forbidden;
    const page = pageOf(query, LEDGER_LIMIT_MAX);
    await this.reading.catchUp();
    const { items, nextCursor } = await this.reading.balances.list(
      { tenantId, scopePrefix, unit: query.unit },
      page,
    );
    return { balances: items.map((budget) => ledgerOf(budget, tenantId)), ...cursorOf(nextCursor) };
  }
}

const otherTenant = (field: string): Refusal =>
  refusal('scope_forbidden', `${field} is not the tenant of the API key.`, { field });
