/** Body and answer of POST /v1/reservations/{id}/extend (cycles-protocol-v0: extendReservation). */

import { IsIn, IsInt, Max, MaxLength, Min, MinLength } from 'class-validator';
import { FreeForm, Int64, Optional } from '../fields.js';

export class ExtendRequestDto {
  @MinLength(1)
  @MaxLength(256)
  readonly idempotency_key!: string;

  @IsInt()
  @Min(1)
  @Max(86_400_000)
  readonly extend_by_ms!: number;

  @Optional()
  @FreeForm()
  readonly metadata?: Record<string, unknown>;
}

export class ExtendAnswerDto {
  @IsIn(['ACTIVE'])
  readonly status!: 'ACTIVE';

  @Int64({ minimum: 0 })
  readonly expires_at_ms!: number;

  @Optional()
  @Int64({ minimum: 0 })
  readonly remaining_ttl_ms?: number;
}
