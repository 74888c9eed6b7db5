/** /v1/admin/action-quota-counters: what counts against quotas as it stands, and setting it back to nothing. */

import { Body, Controller, Get, HttpCode, Inject, Post, Query, Req, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ResetQuotaCounterCommand } from '../../commands/reset-quota-counter.command.js';
import { type Answer, WRITERS, type Writers } from '../../commands/writers.js';
import type { RecordedEvent } from '../../domain/events.js';
import type { ScopePath } from '../../domain/ids.js';
import type { Counted, CounterName, QuotaCounterReset } from '../../domain/policy.events.js';
import { isRefusal, refusal } from '../../domain/refusals.js';
import type { Counter } from '../../domain/state.js';
import { originOf } from '../correlation.js';
import { HttpFailure } from '../failure.js';
import { listPage } from '../list-page.js';
import { checkScope, cursorOf, pageOf } from '../reading.js';
import { sendRefusal } from '../reply.js';
import { OPERATOR, operatorOrKeyThatMay, Route } from '../route.js';
import {
  QuotaCounterListDto,
  QuotaCounterResetAnswerDto,
  QuotaCounterResetDto,
  QuotaCountersQueryDto,
  RISK,
} from './quota-counter.dto.js';
import { isQuotaCounter, quotaCounterOf } from './quota-counters.js';
import { inTenant, readTenantOf, tenantNamed } from './state.js';

const LIMIT_MAX = 200;

@Controller('v1/admin/action-quota-counters')
export class QuotaCountersController {
  constructor(
    private readonly commands: CommandBus,
    @Inject(WRITERS) private readonly writers: Writers,
  ) {}

  /** From the state that decides, so that nothing is missing. */
  @Get()
  @Route({
    access: { ...operatorOrKeyThatMay('action_quotas:read'), formerly: 'balances:read' },
    query: QuotaCountersQueryDto,
    answer: QuotaCounterListDto,
    summary: 'List the quota counters of a tenant as they stand.',
  })
  async list(
    @Query() query: QuotaCountersQueryDto,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const tenantId = readTenantOf(query.tenant_id, request, reply);
    const page = pageOf(query, LIMIT_MAX);
    const { limit: _limit, cursor: _cursor, ...asked } = query;
    const path = query.scope?.toLowerCase() ?? `tenant:${tenantId}`;
    const found =
      checkScope(request.key, path as ScopePath) ??
      (await inTenant(this.writers, tenantId, (state, { nowMs }) => {
        const counters = [...state.counters.entries()].filter(
          ([, counter]) => counter.expiresAtMs > nowMs && isAskedFor(counter, query),
        );
        const question = { ...asked, tenant_id: tenantId };
        const { items, nextCursor } = listPage(counters, ([key]) => key, page, question);
        return {
          counters: items.map(([, counter]) => quotaCounterOf(counter, state.policies)),
          ...cursorOf(nextCursor),
        };
      }));
    if (isRefusal(found)) sendRefusal(request, reply, found);
    else reply.send(found);
  }

  @Post('reset')
  @HttpCode(200)
  @Route({
    access: OPERATOR,
    body: QuotaCounterResetDto,
    answer: QuotaCounterResetAnswerDto,
    summary: 'Set a quota counter back to nothing; holds stay.',
  })
  async reset(
    @Body() body: QuotaCounterResetDto,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const tenantId = tenantNamed(body.tenant_id, reply);
    const answer = await this.commands.execute(
      new ResetQuotaCounterCommand(tenantId, originOf(request, body), {
        scope: body.scope as ScopePath,
        counted: countedIn(body),
        window: body.window,
        windowKey: body.window_key,
        reason: body.reason ?? null,
      }),
    );
    if (answer.kind === 'refused') {
      sendRefusal(request, reply, answer.refusal);
      return;
    }
    const before = mostUsed(resetIn(answer));
    const shown = await inTenant(this.writers, tenantId, ({ counters, policies }) => {
      const counter = [...counters.values()].find((each) => isSame(each, before));
      return counter === undefined
        ? refusal('counter_not_found', 'The counter has ended since.')
        : { counter: quotaCounterOf(counter, policies), previous_used: before.used };
    });
    if (isRefusal(shown)) sendRefusal(request, reply, shown);
    else reply.send(shown);
  }
}

function isAskedFor(counter: Counter, query: QuotaCountersQueryDto): boolean {
  const { scope, action_kind: kind, window, run_id: runId, include_zero: zero } = query;
  const below = scope?.toLowerCase();
  return (
    isQuotaCounter(counter) &&
    (zero === 'true' || counter.used > 0) &&
    (below === undefined || counter.scope === below || counter.scope.startsWith(`${below}/`)) &&
    (kind === undefined ||
      (kind === RISK ? counter.counted.startsWith('risk:') : counter.counted === `kind:${kind}`)) &&
    (window === undefined || counter.window === window) &&
    (runId === undefined || (counter.window === 'per_run' && counter.windowKey === runId))
  );
}

/** @throws HttpFailure 400 when the risk class is missing, or stands beside a kind */
function countedIn({ action_kind: kind, risk_class: riskClass }: QuotaCounterResetDto): Counted {
  if (kind === RISK && riskClass !== undefined) return `risk:${riskClass}`;
  if (kind !== RISK && riskClass === undefined) return `kind:${kind}`;
  const message =
    kind === RISK
      ? `risk_class is missing beside the action_kind ${RISK}.`
      : `risk_class is for the action_kind ${RISK} only.`;
  throw new HttpFailure(400, 'INVALID_REQUEST', message, { field: 'risk_class' });
}

type Reset = QuotaCounterReset['data'];

const isSame = (counter: CounterName, other: CounterName): boolean =>
  counter.scope === other.scope &&
  counter.counted === other.counted &&
  counter.window === other.window &&
  counter.windowKey === other.windowKey &&
  counter.filter === other.filter;

function resetIn(answer: Exclude<Answer, { kind: 'refused' }>): Reset {
  const events: readonly RecordedEvent[] = answer.kind === 'replayed' ? [answer.event] : answer.events;
  const reset = events.find((event) => event.type === 'QuotaCounterReset');
  if (reset?.type !== 'QuotaCounterReset') throw new Error('a reset counter without its event');
  return reset.data;
}

/** Quotas that are narrowed differently have a counter each under one name; the fullest stands for all. */
function mostUsed({ counters }: Reset): Reset['counters'][number] {
  return counters.reduce((most, each) => (each.used > most.used ? each : most));
}
