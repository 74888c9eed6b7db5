/** Bodies of /auth: signing in, and who one is. */

import { IsIn, IsString, Matches, MaxLength, MinLength } from 'class-validator';
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

/** A path of this server and no other, however a browser reads it. */
const OWN_PATH = /^\/(?!\/)[!-[\]-~]*$/;

export class SessionRequestDto extends SignInRequestDto {
  /** The page to go on to, for forms: the answer is then a redirect. */
  @Optional()
  @MaxLength(512)
  @Matches(OWN_PATH)
  readonly return_to?: string;
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

export class SessionDto extends PersonDto {
  /** For pages, whose session is in a cookie: sent as `X-CSRF-Token` with every request that changes something. */
  @Optional()
  @IsString()
  readonly csrf_token?: string;
}
