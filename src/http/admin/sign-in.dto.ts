/** Bodies of /auth: signing in, and who one is. */

import { IsIn, IsString, MaxLength, MinLength } from 'class-validator';
import { ROLES, type Role } from '../../domain/system/system.events.js';
import { ListOfOneOf, Optional, TextList } from '../fields.js';

const PASSWORD_LENGTH_MAX = 256;

export class SignInRequestDto {
  @MinLength(1)
  @MaxLength(128)
  readonly name!: string;

  @MinLength(1)
  @MaxLength(PASSWORD_LENGTH_MAX)
  readonly password!: string;

  /** The password from now on; needed when the present one is good for one sign-in. */
  @Optional()
  @MinLength(1)
  @MaxLength(PASSWORD_LENGTH_MAX)
  readonly new_password?: string;
}

export class PersonDto {
  @IsString()
  readonly operator_id!: string;

  @IsString()
  readonly name!: string;

  @ListOfOneOf(ROLES)
  readonly roles!: readonly Role[];

  /** Left out for all. */
  @Optional()
  @TextList()
  readonly tenants?: readonly string[];

  @TextList()
  readonly groups!: readonly string[];
}

export class SignedInDto extends PersonDto {
  @IsString()
  readonly token!: string;

  @IsIn(['Bearer'])
  readonly token_type!: 'Bearer';

  /** When it ends, however much it is used. Unused for an hour it ends sooner. */
  @IsString()
  readonly expires_at!: string;
}
