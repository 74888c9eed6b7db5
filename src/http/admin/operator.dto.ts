/** Bodies of /admin/operators. */

import { IsBoolean, IsIn, IsString, MaxLength, MinLength } from 'class-validator';
import { JSONSchema } from 'class-validator-jsonschema';
import { ROLES, type Role } from '../../domain/system/system.events.js';
import type { Operator } from '../../domain/system/system.state.js';
import { ListOf, ListOfOneOf, Optional, TextList } from '../fields.js';
import { isoOf } from '../ledger.dto.js';
import { PageDto } from '../page.dto.js';
import { PersonDto } from './sign-in.dto.js';

const STATUSES = ['ACTIVE', 'DISABLED'] as const;

/** What may be changed; what is left out stays. */
export class OperatorChangesDto {
  @Optional()
  @ListOfOneOf(ROLES)
  readonly roles?: readonly Role[];

  @Optional()
  @TextList({ itemsMax: 256, lengthMax: 64 })
  readonly tenants?: readonly string[];

  /** Takes the limit to some tenants away. */
  @Optional()
  @IsBoolean()
  readonly all_tenants?: boolean;

  @Optional()
  @TextList({ itemsMax: 64, lengthMax: 128 })
  readonly groups?: readonly string[];
}

export class OperatorRequestDto {
  @MinLength(1)
  @MaxLength(128)
  readonly name!: string;

  @ListOfOneOf(ROLES)
  readonly roles!: readonly Role[];

  /** All when left out. */
  @Optional()
  @TextList({ itemsMax: 256, lengthMax: 64 })
  readonly tenants?: readonly string[];

  @Optional()
  @TextList({ itemsMax: 64, lengthMax: 128 })
  readonly groups?: readonly string[];
}

@JSONSchema({ additionalProperties: true })
export class DisableQueryDto {
  @Optional()
  @IsString()
  @MaxLength(512)
  readonly reason?: string;
}

@JSONSchema({ additionalProperties: true })
export class OperatorsQueryDto {
  @Optional()
  @IsIn(STATUSES)
  readonly status?: (typeof STATUSES)[number];

  @Optional()
  @IsString()
  readonly limit?: string;

  @Optional()
  @IsString()
  @MaxLength(128)
  readonly cursor?: string;
}

export class OperatorDto extends PersonDto {
  @IsIn(STATUSES)
  readonly status!: (typeof STATUSES)[number];

  /** Whether the next sign-in needs the one-time password. */
  @IsBoolean()
  readonly awaits_first_sign_in!: boolean;

  @IsString()
  readonly created_at!: string;

  @Optional()
  @IsString()
  readonly last_sign_in_at?: string;

  @Optional()
  @IsString()
  readonly disabled_at?: string;
}

/** With the password that is shown this one time. */
export class NewOperatorDto extends OperatorDto {
  @IsString()
  readonly one_time_password!: string;
}

export class OperatorListDto extends PageDto {
  @ListOf(OperatorDto)
  readonly operators!: readonly OperatorDto[];
}

export const operatorOf = (operator: Operator): OperatorDto => ({
  operator_id: operator.operatorId,
  name: operator.name,
  roles: operator.roles,
  ...(operator.tenants && { tenants: operator.tenants }),
  groups: operator.groups,
  status: operator.disabledAtMs === null ? 'ACTIVE' : 'DISABLED',
  awaits_first_sign_in: operator.password.oneTime,
  created_at: isoOf(operator.createdAtMs),
  ...(operator.lastSignInAtMs !== null && { last_sign_in_at: isoOf(operator.lastSignInAtMs) }),
  ...(operator.disabledAtMs !== null && { disabled_at: isoOf(operator.disabledAtMs) }),
});
