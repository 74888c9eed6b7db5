/** What a budget's scope and unit say about the request that names them. */

import { HttpFailure } from '../failure.js';

/** The tenant that a scope path begins with. */
export const tenantOfScope = (scope: string): string | undefined =>
  /^tenant:([^/]*)/i.exec(scope)?.[1]?.toLowerCase();

/** @throws HttpFailure 400 UNIT_MISMATCH when an amount is in another unit than it is about */
export function requireUnit(amount: { readonly unit: string }, unit: string, field: string): void {
  if (amount.unit === unit) return;
  const message = `${field}.unit must be ${unit}, the unit of what it changes.`;
  throw new HttpFailure(400, 'UNIT_MISMATCH', message, { field: `${field}.unit` });
}
