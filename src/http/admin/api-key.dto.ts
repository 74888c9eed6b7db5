/** Bodies of /v1/admin/api-keys (cycles-governance-admin-v0.1.25: ApiKey), and with ours of /admin/api-keys. */

import { IsBoolean, IsIn, IsString, MaxLength, MinLength } from 'class-validator';
import { JSONSchema } from 'class-validator-jsonschema';
import { PERMISSIONS, type Permission } from '../../domain/access.js';
import type { ApiKeyChanges, FixedSubject, JsonObject } from '../../domain/events.js';
import type { ApiKey } from '../../domain/state.js';
import {
  type ApiKeyView,
  KEY_SORTS,
  type KeySort,
  type KeyStatus,
} from '../../projections/directory/directory.queries.js';
import { DateTime, FreeForm, ListOf, ListOfOneOf, Of, Optional, TextList } from '../fields.js';
import { isoOf } from '../ledger.dto.js';
import { PageDto } from '../page.dto.js';
import { LevelsDto } from '../runtime/common.dto.js';
import { defined } from './given.js';
import { SearchQueryDto } from './search.dto.js';

const KEY_STATUSES = ['ACTIVE', 'REVOKED', 'EXPIRED'] as const;

/** What a key is given when it is issued, and what may be changed later. */
class ApiKeySettingsDto {
  @Optional()
  @IsString()
  @MaxLength(1024)
  readonly description?: string;

  @Optional()
  @ListOfOneOf(PERMISSIONS)
  readonly permissions?: readonly Permission[];

  @Optional()
  @TextList({ itemsMax: 64, lengthMax: 1024 })
  readonly scope_filter?: readonly string[];

  @Optional()
  @FreeForm()
  readonly metadata?: JsonObject;
}

export class ApiKeyRequestDto extends ApiKeySettingsDto {
  @MinLength(1)
  @MaxLength(64)
  readonly tenant_id!: string;

  @MinLength(1)
  @MaxLength(256)
  readonly name!: string;

  @Optional()
  @DateTime()
  readonly expires_at?: string;
}

export class HarnessKeyRequestDto extends ApiKeyRequestDto {
  /** The subject levels that the key fixes: what it asks for cannot leave them. */
  @Optional()
  @Of(LevelsDto)
  readonly fixed_subject?: FixedSubject;

  /** Whether its word that a call failed gives risk points back. */
  @Optional()
  @IsBoolean()
  readonly trusted?: boolean;

  @Optional()
  @MinLength(1)
  @MaxLength(128)
  readonly owner_operator_id?: string;
}

/** What may be changed; the secret, the tenant and the expiry are for a new key. */
export class ApiKeyChangesDto extends ApiKeySettingsDto {
  @Optional()
  @MinLength(1)
  @MaxLength(256)
  readonly name?: string;
}

export class HarnessKeyChangesDto extends ApiKeyChangesDto {
  /** Replaces all levels that the key fixes. */
  @Optional()
  @Of(LevelsDto)
  readonly fixed_subject?: FixedSubject;

  @Optional()
  @IsBoolean()
  readonly trusted?: boolean;

  @Optional()
  @MinLength(1)
  @MaxLength(128)
  readonly owner_operator_id?: string;
}

@JSONSchema({ additionalProperties: true })
export class ApiKeysQueryDto extends SearchQueryDto {
  @Optional()
  @IsString()
  @MaxLength(128)
  readonly tenant_id?: string;

  @Optional()
  @IsIn(KEY_STATUSES)
  readonly status?: KeyStatus;

  @Optional()
  @IsIn(KEY_SORTS)
  readonly sort_by?: KeySort;
}

@JSONSchema({ additionalProperties: true })
export class RevocationQueryDto {
  @Optional()
  @IsString()
  @MaxLength(512)
  readonly reason?: string;
}

export class IssuedKeyDto {
  @IsString()
  readonly key_id!: string;

  @IsString()
  readonly key_secret!: string;

  @IsString()
  readonly key_prefix!: string;

  @IsString()
  readonly tenant_id!: string;

  @TextList()
  readonly permissions!: readonly string[];

  @IsString()
  readonly created_at!: string;

  @IsString()
  readonly expires_at!: string;
}

export class ApiKeyDto {
  @IsString()
  readonly key_id!: string;

  @IsString()
  readonly tenant_id!: string;

  @IsString()
  readonly key_prefix!: string;

  @IsString()
  readonly name!: string;

  @Optional()
  @IsString()
  readonly description?: string;

  @TextList()
  readonly permissions!: readonly string[];

  @TextList()
  readonly scope_filter!: readonly string[];

  @IsIn(KEY_STATUSES)
  readonly status!: KeyStatus;

  @IsString()
  readonly created_at!: string;

  @IsString()
  readonly expires_at!: string;

  @Optional()
  @IsString()
  readonly revoked_at?: string;

  @Optional()
  @IsString()
  readonly revoked_reason?: string;

  @FreeForm()
  readonly metadata!: JsonObject;
}

export class HarnessKeyDto extends ApiKeyDto {
  @Of(LevelsDto)
  readonly fixed_subject!: FixedSubject;

  @IsBoolean()
  readonly trusted!: boolean;

  @Optional()
  @IsString()
  readonly owner_operator_id?: string;
}

export class ApiKeyListDto extends PageDto {
  @ListOf(ApiKeyDto)
  readonly keys!: readonly ApiKeyDto[];
}

export class HarnessKeyListDto extends PageDto {
  @ListOf(HarnessKeyDto)
  readonly keys!: readonly HarnessKeyDto[];
}

/** The changes that a body asks for. */
export const keyChangesOf = (body: HarnessKeyChangesDto): ApiKeyChanges =>
  defined({
    name: body.name,
    description: body.description,
    permissions: body.permissions,
    scopeFilter: body.scope_filter,
    fixedSubject: body.fixed_subject,
    trusted: body.trusted,
    ownerOperatorId: body.owner_operator_id,
    metadata: body.metadata,
  });

export const statusOfKey = (key: ApiKey, nowMs: number): KeyStatus => {
  if (key.revokedAtMs !== null) return 'REVOKED';
  return key.expiresAtMs <= nowMs ? 'EXPIRED' : 'ACTIVE';
};

/** A key with everything that either plane shows; the route's answer says which part. */
export const keyOf = (key: Omit<ApiKeyView, 'status'>, status: KeyStatus): HarnessKeyDto => ({
  key_id: key.keyId,
  tenant_id: key.tenantId,
  key_prefix: key.prefix,
  name: key.name,
  ...(key.description !== null && { description: key.description }),
  permissions: key.permissions,
  scope_filter: key.scopeFilter,
  status,
  created_at: isoOf(key.createdAtMs),
  expires_at: isoOf(key.expiresAtMs),
  ...(key.revokedAtMs !== null && { revoked_at: isoOf(key.revokedAtMs) }),
  ...(key.revokedReason !== null && { revoked_reason: key.revokedReason }),
  metadata: key.metadata,
  fixed_subject: key.fixedSubject,
  trusted: key.trusted,
  ...(key.ownerOperatorId !== null && { owner_operator_id: key.ownerOperatorId }),
});
