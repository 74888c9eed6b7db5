/** Bodies of /v1/auth (cycles-governance-admin-v0.1.25: ApiKeyValidationRequest, AuthIntrospectResponse). */

import { IsBoolean, IsIn, IsString, MaxLength, MinLength } from 'class-validator';
import { JSONSchema } from 'class-validator-jsonschema';
import { Of, Optional, TextList } from '../fields.js';

export class KeyValidationRequestDto {
  @MinLength(1)
  @MaxLength(512)
  readonly key_secret!: string;
}

export class KeyValidationDto {
  @IsBoolean()
  readonly valid!: boolean;

  /** Empty when the key is not known. */
  @IsString()
  readonly tenant_id!: string;

  @Optional()
  @IsString()
  readonly key_id?: string;

  @Optional()
  @TextList()
  readonly permissions?: readonly string[];

  @Optional()
  @TextList()
  readonly scope_filter?: readonly string[];

  @Optional()
  @IsString()
  readonly expires_at?: string;

  /** Why it is not valid: UNKNOWN, REVOKED, EXPIRED, TENANT_SUSPENDED or TENANT_CLOSED. */
  @Optional()
  @IsString()
  readonly reason?: string;
}

/** What a dashboard may show, by name. */
@JSONSchema({ additionalProperties: { type: 'boolean' } })
export class CapabilitiesDto {
  @IsBoolean()
  readonly view_overview!: boolean;
}

export class IntrospectionDto {
  @IsBoolean()
  readonly authenticated!: boolean;

  @IsIn(['admin', 'tenant'])
  readonly auth_type!: 'admin' | 'tenant';

  @TextList()
  readonly permissions!: readonly string[];

  @Of(CapabilitiesDto)
  readonly capabilities!: Readonly<Record<string, boolean>>;

  @Optional()
  @IsString()
  readonly tenant_id?: string;

  @Optional()
  @TextList()
  readonly scope_filter?: readonly string[];
}
