/** Query strings of the sessions, and a session on the wire. */

import { IsIn, IsString, Matches, MaxLength } from 'class-validator';
import type { SessionFilter, SessionView } from '../../projections/sessions/sessions.queries.js';
import { DateTime, Optional } from '../fields.js';
import { isoOf } from '../ledger.dto.js';
import { PageQueryDto } from '../page.dto.js';
import { windowOf } from './action.dto.js';

export class SessionListQueryDto extends PageQueryDto {
  @Optional()
  @IsString()
  @MaxLength(64)
  readonly tenant_id?: string;

  @Optional()
  @IsString()
  @MaxLength(256)
  readonly harness?: string;

  @Optional()
  @IsString()
  @MaxLength(128)
  readonly agent?: string;

  @Optional()
  @IsString()
  @MaxLength(64)
  readonly key_id?: string;

  /** Only sessions in which something was decided so. */
  @Optional()
  @IsIn(['ALLOW', 'ALLOW_WITH_CAPS', 'DENY', 'PENDING'])
  readonly decision?: 'ALLOW' | 'ALLOW_WITH_CAPS' | 'DENY' | 'PENDING';

  /** Only sessions in which this tier or a higher one was proposed. */
  @Optional()
  @Matches(/^[0-4]$/)
  readonly tier_min?: string;

  /** Only sessions that proposed something from this moment on. */
  @Optional()
  @DateTime()
  readonly from?: string;

  /** Only sessions that began before this moment. */
  @Optional()
  @DateTime()
  readonly to?: string;
}

/** A session is named by its tenant, too. */
export class SessionQueryDto {
  @IsString()
  @MaxLength(64)
  readonly tenant_id!: string;
}

/** A place in a tenant's ledger: a revision, or a moment (RFC 3339). */
export class ReplayQueryDto extends SessionQueryDto {
  @Optional()
  @IsString()
  @MaxLength(40)
  readonly at?: string;
}

/** @throws HttpFailure 400 when `from` does not lie before `to` */
export const sessionFilterOf = (query: SessionListQueryDto): SessionFilter => ({
  tenantId: query.tenant_id,
  harness: query.harness,
  agent: query.agent,
  keyId: query.key_id,
  decision: query.decision,
  tierMin: query.tier_min === undefined ? undefined : Number(query.tier_min),
  ...windowOf(query),
});

export const sessionAnswer = (view: SessionView): object => ({
  tenant_id: view.tenantId,
  session_id: view.sessionId,
  first_at: isoOf(view.firstAtMs),
  last_at: isoOf(view.lastAtMs),
  subject: view.subject,
  harness: view.harness,
  key_id: view.keyId,
  proposals: {
    total: view.proposals.total,
    allowed: view.proposals.allowed,
    allowed_with_caps: view.proposals.allowedWithCaps,
    denied: view.proposals.denied,
    pending: view.proposals.pending,
    observed: view.proposals.observed,
  },
  highest_tier: view.highestTier,
  risk_points_proposed: view.pointsProposed,
  used: view.used.map(({ unit, held, charged, released }) => ({ unit, held, charged, released })),
  open_approvals: view.openApprovals,
});
