/** Whose charges, of when and in which unit a report is about. */

import { IsString, MaxLength } from 'class-validator';
import { UNITS, type Unit } from '../../domain/amount.js';
import type { ChargePeriod } from '../../projections/charges/chargeback.queries.js';
import { HttpFailure } from '../failure.js';
import { DateTime, Optional } from '../fields.js';

const MINUTE_MS = 60_000;
/** Ten years. */
const LONGEST_MS = 3_653 * 86_400_000;

export class PeriodQueryDto {
  /** All tenants when left out. */
  @Optional()
  @IsString()
  @MaxLength(64)
  readonly tenant_id?: string;

  /** From this moment on, a whole minute. */
  @Optional()
  @DateTime()
  readonly from?: string;

  /** Up to, not including, this moment, a whole minute. */
  @Optional()
  @DateTime()
  readonly to?: string;
}

export class ChargePeriodQueryDto extends PeriodQueryDto {
  /** One unit, `USD_MICROCENTS` when left out: units cannot be added up. */
  @Optional()
  @IsString()
  @MaxLength(128)
  readonly unit?: string;
}

/** @throws HttpFailure 400 that names the field */
export function chargePeriodOf(query: ChargePeriodQueryDto): ChargePeriod {
  const fromMs = minuteOf('from', query.from);
  const untilMs = minuteOf('to', query.to);
  if (fromMs >= untilMs) throw invalid('from', 'from must lie before to.');
  if (untilMs - fromMs > LONGEST_MS) throw invalid('from', 'from must lie at most ten years before to.');
  return { tenantId: query.tenant_id ?? null, unit: unitOf(query.unit ?? 'USD_MICROCENTS'), fromMs, untilMs };
}

function minuteOf(field: 'from' | 'to', text: string | undefined): number {
  if (text === undefined) throw invalid(field, `${field} is required: a report is about a period.`);
  const ms = Date.parse(text);
  if (ms % MINUTE_MS !== 0) throw invalid(field, `${field} must be a whole minute.`);
  return ms;
}

/** @throws HttpFailure 400 that names the field */
export function unitOf(text: string): Unit {
  const unit = UNITS.find((known) => known === text);
  if (unit === undefined) {
    throw invalid('unit', `unit must be one of ${UNITS.join(', ')}: units cannot be added up.`);
  }
  return unit;
}

export const invalid = (field: string, message: string): HttpFailure =>
  new HttpFailure(400, 'INVALID_REQUEST', message, { field });

/**
 * A whole number of the query string.
 * @throws HttpFailure 400 that names the field
 */
export function wholeOf(
  field: string,
  text: string | undefined,
  { from, to, otherwise }: { readonly from: number; readonly to: number; readonly otherwise: number },
): number {
  if (text === undefined) return otherwise;
  const number = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN;
  if (number >= from && number <= to) return number;
  throw invalid(field, `${field} must be a whole number from ${from} to ${to}.`);
}
