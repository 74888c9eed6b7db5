/** Amounts: int64 in bigint, always beside their unit. */

/** Units of the protocol (cycles-protocol-v0, UnitEnum). */
export const UNITS = ['USD_MICROCENTS', 'TOKENS', 'CREDITS', 'RISK_POINTS'] as const;
export type Unit = (typeof UNITS)[number];

export interface Amount {
  readonly unit: Unit;
  /** 0 to 2^63 − 1. */
  readonly amount: bigint;
}

export const INT64_MAX = 9_223_372_036_854_775_807n;
export const INT64_MIN = -9_223_372_036_854_775_808n;

/** Whether a sum still fits the wire's int64. */
export const fitsInt64 = (value: bigint): boolean => value >= INT64_MIN && value <= INT64_MAX;

export const minOf = (a: bigint, b: bigint): bigint => (a < b ? a : b);
export const maxOf = (a: bigint, b: bigint): bigint => (a > b ? a : b);
