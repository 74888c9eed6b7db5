/** Bodies of /v1/admin/tenants (cycles-governance-admin-v0.1.25: Tenant, TenantCreateRequest). */

import { IsIn, IsInt, IsString, Matches, Max, MaxLength, Min, MinLength } from 'class-validator';
import { JSONSchema } from 'class-validator-jsonschema';
import type { ObserveMode, OveragePolicy, TenantChanges, TenantSettings } from '../../domain/events.js';
import type { Tenant, TenantStatus } from '../../domain/state.js';
import { TENANT_SORTS, type TenantSort } from '../../projections/directory/directory.queries.js';
import { HttpFailure } from '../failure.js';
import { ListOf, Optional, Texts } from '../fields.js';
import { isoOf } from '../ledger.dto.js';
import { PageDto } from '../page.dto.js';
import { OBSERVE_MODES, OVERAGE_POLICIES } from '../runtime/reservation.dto.js';
import { defined } from './given.js';
import { SearchQueryDto } from './search.dto.js';

export const TENANT_ID = /^[a-z0-9-]{3,64}$/;
const EXPIRY_POLICIES = ['AUTO_RELEASE', 'MANUAL_CLEANUP', 'GRACE_ONLY'] as const;
const STATUSES = ['ACTIVE', 'SUSPENDED', 'CLOSED'] as const;

/** What a tenant is given when it is opened, and what may be changed later. */
class TenantSettingsDto {
  @Optional()
  @Texts({ membersMax: 32, valueLengthMax: 1024 })
  readonly metadata?: Record<string, string>;

  @Optional()
  @IsIn(OVERAGE_POLICIES)
  readonly default_commit_overage_policy?: OveragePolicy;

  @Optional()
  @IsInt()
  @Min(1000)
  @Max(86_400_000)
  readonly default_reservation_ttl_ms?: number;

  @Optional()
  @IsInt()
  @Min(1000)
  @Max(86_400_000)
  readonly max_reservation_ttl_ms?: number;

  @Optional()
  @IsInt()
  @Min(0)
  @Max(1_000_000)
  readonly max_reservation_extensions?: number;

  @Optional()
  @IsIn(EXPIRY_POLICIES)
  readonly reservation_expiry_policy?: TenantSettings['expiryPolicy'];

  @Optional()
  @IsIn(OBSERVE_MODES)
  readonly observe_mode?: ObserveMode;
}

export class TenantRequestDto extends TenantSettingsDto {
  @Matches(TENANT_ID)
  readonly tenant_id!: string;

  @MinLength(1)
  @MaxLength(256)
  readonly name!: string;

  @Optional()
  @Matches(TENANT_ID)
  readonly parent_tenant_id?: string;
}

/** What may be changed; what is left out stays as it is. */
export class TenantChangesDto extends TenantSettingsDto {
  @Optional()
  @MinLength(1)
  @MaxLength(256)
  readonly name?: string;

  @Optional()
  @IsIn(STATUSES)
  readonly status?: TenantStatus;
}

@JSONSchema({ additionalProperties: true })
export class TenantsQueryDto extends SearchQueryDto {
  @Optional()
  @IsIn(STATUSES)
  readonly status?: TenantStatus;

  @Optional()
  @IsString()
  @MaxLength(128)
  readonly parent_tenant_id?: string;

  @Optional()
  @IsIn(OBSERVE_MODES)
  readonly observe_mode?: ObserveMode;

  @Optional()
  @IsIn(TENANT_SORTS)
  readonly sort_by?: TenantSort;
}

export class TenantDto {
  @IsString()
  readonly tenant_id!: string;

  @IsString()
  readonly name!: string;

  @IsString()
  readonly status!: TenantStatus;

  @Optional()
  @IsString()
  readonly parent_tenant_id?: string;

  @IsString()
  readonly default_commit_overage_policy!: OveragePolicy;

  @IsInt()
  readonly default_reservation_ttl_ms!: number;

  @IsInt()
  readonly max_reservation_ttl_ms!: number;

  @IsInt()
  readonly max_reservation_extensions!: number;

  @IsString()
  readonly reservation_expiry_policy!: string;

  @IsIn(OBSERVE_MODES)
  readonly observe_mode!: ObserveMode;

  @Texts()
  readonly metadata!: Readonly<Record<string, string>>;

  @IsString()
  readonly created_at!: string;

  @IsString()
  readonly updated_at!: string;

  @Optional()
  @IsString()
  readonly suspended_at?: string;

  @Optional()
  @IsString()
  readonly closed_at?: string;
}

export class TenantListDto extends PageDto {
  @ListOf(TenantDto)
  readonly tenants!: readonly TenantDto[];
}

/**
 * Every hold ends by itself, so that nobody can forget one: after its expiry a client can no more release it
 * (cycles-protocol-v0, RESERVATION_EXPIRED), and what nobody can release must not be held.
 * @throws HttpFailure 400 when a tenant is to clean up by hand
 */
export function requireExpiry({ reservation_expiry_policy: policy }: TenantSettingsDto): void {
  if (policy !== 'MANUAL_CLEANUP') return;
  const field = 'reservation_expiry_policy';
  const message = `${field} MANUAL_CLEANUP is not supported: an expired hold is released by the server. AUTO_RELEASE and GRACE_ONLY are.`;
  throw new HttpFailure(400, 'INVALID_REQUEST', message, { field });
}

/** What a tenant has when its creator does not say (cycles-governance-admin-v0.1.25, Tenant). */
export const settingsOf = (body: TenantRequestDto): TenantSettings => ({
  overagePolicy: body.default_commit_overage_policy ?? 'ALLOW_IF_AVAILABLE',
  defaultTtlMs: body.default_reservation_ttl_ms ?? 60_000,
  maxTtlMs: body.max_reservation_ttl_ms ?? 3_600_000,
  maxExtensions: body.max_reservation_extensions ?? 10,
  expiryPolicy: body.reservation_expiry_policy ?? 'AUTO_RELEASE',
  ...(body.observe_mode !== undefined && { observeMode: body.observe_mode }),
});

/** The changes that a body asks for. */
export function changesOf(body: TenantChangesDto): TenantChanges {
  const settings: Partial<TenantSettings> = defined({
    overagePolicy: body.default_commit_overage_policy,
    defaultTtlMs: body.default_reservation_ttl_ms,
    maxTtlMs: body.max_reservation_ttl_ms,
    maxExtensions: body.max_reservation_extensions,
    observeMode: body.observe_mode,
    expiryPolicy: body.reservation_expiry_policy,
  });
  const others = defined({ name: body.name, metadata: body.metadata });
  return Object.keys(settings).length === 0 ? others : { ...others, settings };
}

export const tenantOf = (tenant: Tenant): TenantDto => ({
  tenant_id: tenant.tenantId,
  name: tenant.name,
  status: tenant.status,
  ...(tenant.parentTenantId !== null && { parent_tenant_id: tenant.parentTenantId }),
  default_commit_overage_policy: tenant.settings.overagePolicy,
  default_reservation_ttl_ms: tenant.settings.defaultTtlMs,
  max_reservation_ttl_ms: tenant.settings.maxTtlMs,
  max_reservation_extensions: tenant.settings.maxExtensions,
  reservation_expiry_policy: tenant.settings.expiryPolicy,
  observe_mode: tenant.settings.observeMode ?? 'ENFORCE',
  metadata: tenant.metadata,
  created_at: isoOf(tenant.createdAtMs),
  updated_at: isoOf(tenant.updatedAtMs),
  ...(tenant.suspendedAtMs !== null && { suspended_at: isoOf(tenant.suspendedAtMs) }),
  ...(tenant.closedAtMs !== null && { closed_at: isoOf(tenant.closedAtMs) }),
});
