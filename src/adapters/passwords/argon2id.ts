/** What one hash costs, and how its text names that: both threads speak of it. */

/** OWASP's parameters for argon2id: memory in KiB, passes, lanes. */
export const COST = { m: 19_456, t: 2, p: 1 } as const;

/** What the hashing thread is asked. Salt is base64url; the cost is the one the hash was made with. */
export interface HashingJob {
  readonly password: string;
  readonly salt: string;
  readonly cost: { readonly m: number; readonly t: number; readonly p: number };
}

/** Hex of 32 bytes, or why there is none. */
export type HashingAnswer = { readonly digest: string } | { readonly error: string };

const ENCODED = /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,3}),p=(\d{1,2})\$([\w-]{16,64})\$([0-9a-f]{64})$/;

/** The parts of a stored hash; null for anything else. */
export function decodeHash(encoded: string): (Omit<HashingJob, 'password'> & { digest: string }) | null {
  const [, m, t, p, salt, digest] = ENCODED.exec(encoded) ?? [];
  if (salt === undefined || digest === undefined) return null;
  return { cost: { m: Number(m), t: Number(t), p: Number(p) }, salt, digest };
}

export const encodeHash = (salt: string, digest: string): string =>
  `$argon2id$v=19$m=${COST.m},t=${COST.t},p=${COST.p}$${salt}$${digest}`;
