/** /audit/tenants/{tenant_id}/state: a tenant as it was at any revision or moment, folded from its stream. */

import { Controller, Get, Inject, Param, Query, Res } from '@nestjs/common';
import { IsString, MaxLength } from 'class-validator';
import type { FastifyReply } from 'fastify';
import type { TenantId } from '../../domain/ids.js';
import { type PastState, stateAt } from '../../replay/past.js';
import type { Place } from '../../replay/stream.js';
import { TENANT_ID } from '../admin/tenant.dto.js';
import { HttpFailure } from '../failure.js';
import { Optional } from '../fields.js';
import { printExact } from '../json.js';
import { isoOf } from '../ledger.dto.js';
import { READING, type Reading } from '../reading.js';
import { AUDITOR, Route } from '../route.js';
import { invalidPlace, placeOf } from './place.js';
import { headAnswer, partsAnswer } from './state.js';
import { jsonList, sendLong } from './streaming.js';

export class StateQueryDto {
  /** A revision of the tenant's ledger, or a moment (RFC 3339); its end when left out. */
  @Optional()
  @IsString()
  @MaxLength(40)
  readonly at?: string;
}

@Controller('audit/tenants')
export class StateController {
  constructor(@Inject(READING) private readonly reading: Reading) {}

  @Get(':tenant_id/state')
  @Route({
    access: AUDITOR,
    query: StateQueryDto,
    summary: 'A tenant as it was: budgets, reservations, policies, keys and all else.',
  })
  async state(
    @Param('tenant_id') tenantId: string,
    @Query() { at }: StateQueryDto,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const place = placeOf(at);
    if (!TENANT_ID.test(tenantId)) throw unknownThen(tenantId);
    await sendLong(reply, this.parts(tenantId as TenantId, place));
  }

  private async *parts(tenantId: TenantId, place: Place | null): AsyncGenerator<string> {
    const past = await stateAt(this.reading.ledger, tenantId, place);
    if (past === null) throw unknownThen(tenantId);
    refuseBeyond(past, place);
    const { revision, atMs, hash, state } = past;
    const ledger = { revision, at: isoOf(atMs), hash };
    yield `{"tenant_id":${printExact(tenantId)},"ledger":${printExact(ledger)}`;
    yield `,"tenant":${printExact(headAnswer(state))}`;
    for (const [name, items] of Object.entries(partsAnswer(state, tenantId, atMs))) {
      yield `,${JSON.stringify(name)}:`;
      yield* jsonList(items);
    }
    yield ',"complete":true}';
  }
}

function refuseBeyond({ revision }: PastState, place: Place | null): void {
  if (place === null || !('revision' in place) || place.revision <= revision) return;
  throw invalidPlace(`at lies beyond the ledger, whose last revision is ${revision}.`);
}

const unknownThen = (tenantId: string): HttpFailure =>
  new HttpFailure(404, 'NOT_FOUND', `There is no tenant ${tenantId}, or there was none then.`);
