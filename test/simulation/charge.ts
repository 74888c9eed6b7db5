/** The arithmetic of settling a hold, written from the protocol's text and nothing else. */

/** One (scope, unit). What it has left is allocated − spent − reserved − debt. */
export interface Account {
  readonly scope: string;
  readonly unit: string;
  allocated: bigint;
  spent: bigint;
  reserved: bigint;
  debt: bigint;
  limit: bigint;
  /** What capped charges could not cover and nobody has made good. */
  uncovered: bigint;
  status: 'ACTIVE' | 'FROZEN' | 'CLOSED';
  policy: string | null;
  readonly isSession: boolean;
  periodEndMs: number | null;
  /** How long each period is. */
  periodMs: number;
  rollover: string;
  /** What came over from the period before. */
  carried: bigint;
  touchedMs: number;
}

export interface Hold {
  readonly id: string;
  readonly unit: string;
  readonly amount: bigint;
  readonly scopes: readonly string[];
  expiresMs: number;
  readonly graceMs: number;
  extensions: number;
  readonly policy: string;
  readonly call: string | null;
  status: 'ACTIVE' | 'COMMITTED' | 'RELEASED' | 'EXPIRED';
}

/** What is charged, and how the part beyond the hold is borne at each scope. */
export interface Charge {
  readonly charged: bigint;
  readonly debts: readonly bigint[];
  readonly uncovered: readonly bigint[];
}

export const dueOf = (hold: Hold): number => hold.expiresMs + hold.graceMs;

export const remaining = (a: Account): bigint => a.allocated - a.spent - a.reserved - a.debt;
export const positive = (amount: bigint): bigint => (amount > 0n ? amount : 0n);
export const least = (a: bigint, b: bigint): bigint => (a < b ? a : b);

/** The charge for an actual amount, or the code of the refusal (protocol, overage policies). */
export function chargeOf(
  accounts: readonly Account[],
  hold: Pick<Hold, 'amount' | 'policy'>,
  actual: bigint,
): Charge | string {
  const zeros = accounts.map(() => 0n);
  if (actual <= hold.amount) return { charged: actual, debts: zeros, uncovered: zeros };
  const delta = actual - hold.amount;
  const spare = accounts.map((a) => (a.status === 'FROZEN' ? 0n : positive(remaining(a))));
  const missing = spare.map((has) => positive(delta - has));
  if (hold.policy === 'REJECT') {
    if (missing.some((amount) => amount > 0n)) return 'budget_exceeded';
    return { charged: actual, debts: zeros, uncovered: zeros };
  }
  const mayOwe = accounts.map((a) => hold.policy === 'ALLOW_WITH_OVERDRAFT' && a.limit > 0n);
  const covered = spare.reduce((sum, has, i) => (mayOwe[i] ? sum : least(sum, has)), delta);
  const debts = spare.map((has, i) => (mayOwe[i] ? positive(covered - has) : 0n));
  const isBeyond = accounts.some((a, i) => (debts[i] ?? 0n) > 0n && a.debt + (debts[i] ?? 0n) > a.limit);
  if (isBeyond) return 'overdraft_limit_exceeded';
  return {
    charged: hold.amount + covered,
    debts,
    uncovered: missing.map((amount, i) => (mayOwe[i] ? 0n : amount)),
  };
}
