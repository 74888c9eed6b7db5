/** Query and answer of GET /v1/reservations (cycles-protocol-v0: listReservations). */

import { IsIn, IsString, MaxLength, MinLength } from 'class-validator';
import { JSONSchema } from 'class-validator-jsonschema';
import type { ReservationStatus } from '../../domain/state.js';
import {
  RESERVATION_SORTS,
  type ReservationSort,
  type SortDirection,
} from '../../projections/reservations/reservation-list.queries.js';
import { DateTime, ListOf, Optional, SubjectLevel } from '../fields.js';
import { PageDto } from '../page.dto.js';
import { LevelsDto } from './common.dto.js';
import { RESERVATION_STATUSES, ReservationDetailDto } from './reservation.dto.js';

const CURSOR_LENGTH_MAX = 4096;

@JSONSchema({ additionalProperties: true })
export class ReservationListQueryDto extends LevelsDto {
  @Optional()
  @MinLength(1)
  @MaxLength(256)
  readonly idempotency_key?: string;

  @Optional()
  @IsIn(RESERVATION_STATUSES)
  readonly status?: ReservationStatus;

  @SubjectLevel()
  readonly tenant?: string;

  @Optional()
  @DateTime()
  readonly from?: string;

  @Optional()
  @DateTime()
  readonly to?: string;

  @Optional()
  @DateTime()
  readonly expires_from?: string;

  @Optional()
  @DateTime()
  readonly expires_to?: string;

  @Optional()
  @DateTime()
  readonly finalized_from?: string;

  @Optional()
  @DateTime()
  readonly finalized_to?: string;

  @Optional()
  @IsIn(RESERVATION_SORTS)
  readonly sort_by?: ReservationSort;

  @Optional()
  @IsIn(['asc', 'desc'])
  readonly sort_dir?: SortDirection;

  /** Heavy fields to show, separated by commas; unknown ones are ignored. */
  @Optional()
  @IsString()
  readonly include?: string;

  @Optional()
  @IsString()
  readonly limit?: string;

  @Optional()
  @IsString()
  @MaxLength(CURSOR_LENGTH_MAX)
  readonly cursor?: string;
}

export class ReservationListAnswerDto extends PageDto {
  @ListOf(ReservationDetailDto)
  readonly reservations!: readonly ReservationDetailDto[];
}
