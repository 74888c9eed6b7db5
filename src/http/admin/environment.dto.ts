/** Bodies of /admin/environments: hosts and names that are known to be production or not. */

import { IsIn, IsString, MaxLength, MinLength } from 'class-validator';
import type { EnvironmentName } from '../../domain/events.js';
import type { TenantId } from '../../domain/ids.js';
import type { KnownEnvironment } from '../../domain/registry.js';
import { ListOf } from '../fields.js';
import { isoOf } from '../ledger.dto.js';

const KINDS = ['host', 'name'] as const;
const ENVIRONMENTS = ['production', 'staging', 'development'] as const;

export class EnvironmentRequestDto {
  @IsString()
  @MaxLength(64)
  readonly tenant_id!: string;

  /** A host as addresses have it, or the name of a database, a cluster, a project or the like. */
  @IsIn(KINDS)
  readonly kind!: 'host' | 'name';

  @MinLength(1)
  @MaxLength(253)
  readonly value!: string;

  @IsIn(ENVIRONMENTS)
  readonly environment!: EnvironmentName;
}

export class EnvironmentDto extends EnvironmentRequestDto {
  @IsString()
  readonly environment_id!: string;

  @IsString()
  readonly created_at!: string;

  @IsString()
  readonly updated_at!: string;
}

export class EnvironmentListDto {
  @ListOf(EnvironmentDto)
  readonly environments!: readonly EnvironmentDto[];
}

export const environmentOf = (known: KnownEnvironment, tenantId: TenantId): EnvironmentDto => ({
  environment_id: known.environmentId,
  tenant_id: tenantId,
  kind: known.kind,
  value: known.value,
  environment: known.environment,
  created_at: isoOf(known.createdAtMs),
  updated_at: isoOf(known.updatedAtMs),
});
