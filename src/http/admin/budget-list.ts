/** Reads what GET /v1/admin/budgets asks for out of its query string. */

import type { BudgetFilter } from '../../projections/balances/balances.queries.js';
import {
  type Fraction,
  UTILIZATION_DECIMALS,
  WHOLE,
} from '../../projections/balances/utilization.queries.js';
import { HttpFailure } from '../failure.js';
import type { BudgetsQueryDto } from './budget.dto.js';

/**
 * The filter of a list of budgets.
 * @param tenantId undefined for those of every tenant
 * @throws HttpFailure 400 when a bound of utilization is no fraction, or the lower one is above the upper one
 */
export function budgetFilterOf(query: BudgetsQueryDto, tenantId: string | undefined): BudgetFilter {
  const utilizationMin = fractionOf(query, 'utilization_min');
  const utilizationMax = fractionOf(query, 'utilization_max');
  if (utilizationMin !== undefined && utilizationMax !== undefined && utilizationMin > utilizationMax) {
    throw invalid('utilization_min', 'utilization_min must not be above utilization_max.');
  }
  return {
    tenantId,
    scopePrefix: query.scope_prefix?.toLowerCase(),
    unit: query.unit,
    status: query.status,
    hasDebt: truthOf(query.has_debt),
    isOverLimit: truthOf(query.over_limit),
    utilizationMin,
    utilizationMax,
    search: query.search,
  };
}

const truthOf = (text: 'true' | 'false' | undefined): boolean | undefined =>
  text === undefined ? undefined : text === 'true';

/** As numbers are printed: digits, a point among them, and an exponent such as `5e-07`. */
const NUMBER = /^(\d{1,24})(?:\.(\d{1,24}))?(?:[eE]([+-]?\d{1,2}))?$/;

/** A number from 0 to 1, exactly as it is written. */
function fractionOf(
  query: BudgetsQueryDto,
  field: 'utilization_min' | 'utilization_max',
): Fraction | undefined {
  const text = query[field];
  if (text === undefined) return undefined;
  const [matched, whole = '', decimals = '', exponent = '0'] = NUMBER.exec(text) ?? [];
  if (matched === undefined) throw invalid(field, `${field} must be a number from 0 to 1.`);
  const digits = BigInt(whole + decimals);
  const shift = UTILIZATION_DECIMALS - decimals.length + Number(exponent);
  const divisor = 10n ** BigInt(Math.max(-shift, 0));
  if (digits % divisor !== 0n) {
    throw invalid(field, `${field} must have at most ${UTILIZATION_DECIMALS} decimals.`);
  }
  const fraction = (digits * 10n ** BigInt(Math.max(shift, 0))) / divisor;
  if (fraction > WHOLE) throw invalid(field, `${field} must be a number from 0 to 1.`);
  return fraction;
}

const invalid = (field: string, message: string): HttpFailure =>
  new HttpFailure(400, 'INVALID_REQUEST', message, { field });
