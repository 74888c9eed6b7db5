/** Entries in the auditor's books for what happens without a hold: charges, corrections, changes, new periods. */

import type { Books, Data, Payload } from './books.js';
import { type Account, chargeOf, least, positive, remaining } from './charge.js';
import { demand } from './demand.js';

const amountOf = (data: Data, name: string): bigint => BigInt(data[name] ?? '');

/** The settings that an opening states in full and an update in part. */
export function updateTenant(books: Books, data: Data): undefined {
  const { settings = {} } = data as unknown as {
    settings?: { overagePolicy?: string; maxTtlMs?: number; maxExtensions?: number };
  };
  books.policy = settings.overagePolicy ?? books.policy;
  books.maxTtlMs = settings.maxTtlMs ?? books.maxTtlMs;
  books.maxExtensions = settings.maxExtensions ?? books.maxExtensions;
}

interface ExtensionData {
  readonly reservationId: string;
  readonly extendByMs: number;
  readonly expiresAtMs: number;
  readonly extension: number;
}

/** When a hold expires that is extended at some moment. */
export function extendedTo(books: Books, id: string, { byMs, atMs }: { byMs: number; atMs: number }): number {
  const expiresMs = books.holds.get(id)?.expiresMs ?? 0;
  return Math.max(expiresMs, Math.min(expiresMs + byMs, atMs + books.maxTtlMs));
}

export function extend(books: Books, data: Data, atMs: number): undefined {
  const { reservationId, extendByMs, expiresAtMs, extension } = data as unknown as ExtensionData;
  const hold = books.holds.get(reservationId);
  demand(hold?.status === 'ACTIVE' && hold.expiresMs >= atMs, 'a hold that is over was extended');
  demand(hold.extensions < books.maxExtensions, 'a hold was extended too often');
  demand(extendedTo(books, reservationId, { byMs: extendByMs, atMs }) === expiresAtMs, 'another expiry');
  hold.extensions += 1;
  demand(hold.extensions === extension, 'an extension was left out');
  hold.expiresMs = expiresAtMs;
}

export function debit(books: Books, data: Data, atMs: number): undefined {
  const { affectedScopes, chargedScopes } = data as unknown as Record<string, string[]>;
  const unit = data['unit'] ?? '';
  const budgeted = (affectedScopes ?? []).filter((scope) => books.account(scope, unit) !== undefined);
  demand(budgeted.length > 0 && budgeted.join() === chargedScopes?.join(), 'a charge left a budget out');
  const accounts = budgeted.map((scope) => books.mustHave(scope, unit));
  demand(
    accounts.every(({ status }) => status === 'ACTIVE'),
    'a charge on a budget that takes none',
  );
  const charge = chargeOf(
    accounts,
    { amount: 0n, policy: data['overagePolicy'] ?? '' },
    amountOf(data, 'actual'),
  );
  demand(typeof charge !== 'string', 'a charge that should have been refused');
  demand(charge.charged === amountOf(data, 'charged'), `${data['charged']} charged, not ${charge.charged}`);
  accounts.forEach((account, i) => {
    const debt = charge.debts[i] ?? 0n;
    account.spent += charge.charged - debt;
    account.debt += debt;
    account.uncovered += charge.uncovered[i] ?? 0n;
    account.touchedMs = atMs;
  });
}

/** Something given back repays debt first. */
export function adjust(books: Books, data: Payload, atMs: number): undefined {
  const delta = amountOf(data, 'delta');
  demand(amountOf(data, 'charged') >= 0n, 'more was given back than had been charged');
  for (const { scope, unit } of data.balances ?? []) {
    const account = books.mustHave(scope, unit);
    const before = remaining(account);
    const repaid = delta < 0n ? least(-delta, account.debt) : 0n;
    account.debt -= repaid;
    account.spent = positive(account.spent + delta + repaid);
    account.uncovered = positive(account.uncovered - positive(remaining(account) - before));
    account.touchedMs = atMs;
  }
}

export function fund(account: Account, data: Data): Account {
  demand(account.status === 'ACTIVE', 'only an active budget is funded');
  const amount = amountOf(data, 'amount');
  const before = remaining(account);
  switch (data['operation']) {
    case 'CREDIT':
    case 'REPAY_DEBT': {
      const repaid = least(amount, account.debt);
      account.debt -= repaid;
      account.allocated += amount - repaid;
      break;
    }
    case 'DEBIT':
      demand(before >= amount, 'more was debited than remained');
      account.allocated -= amount;
      account.carried = least(account.carried, account.allocated);
      return account;
    case 'RESET':
      account.allocated = amount;
      account.carried = 0n;
      break;
    case 'RESET_SPENT':
      account.allocated = amount;
      account.carried = 0n;
      account.spent = BigInt(data['spent'] ?? '0');
      account.uncovered = 0n;
      return account;
  }
  account.uncovered = positive(account.uncovered - positive(remaining(account) - before));
  return account;
}

/** A correction is believed, but for what is held. */
export function correct(account: Account, data: Payload): Account {
  const [line] = data.balances ?? [];
  demand(line !== undefined, 'a correction without amounts');
  account.allocated = BigInt(line.allocated);
  account.spent = BigInt(line.spent);
  account.debt = BigInt(line.debt);
  account.uncovered = BigInt(line.uncovered);
  account.carried = least(account.carried, account.allocated);
  return account;
}

export function updateBudget(account: Account, data: Payload): Account {
  const { changes } = data as unknown as {
    changes: {
      overagePolicy?: string | null;
      rolloverPolicy?: string;
      period?: { startMs: number; endMs: number } | null;
    };
  };
  account.limit = BigInt(data.balances?.[0]?.overdraftLimit ?? '');
  if (changes.overagePolicy !== undefined) account.policy = changes.overagePolicy;
  account.rollover = changes.rolloverPolicy ?? account.rollover;
  if (changes.period === undefined) return account;
  account.periodEndMs = changes.period?.endMs ?? null;
  account.periodMs = changes.period ? changes.period.endMs - changes.period.startMs : 0;
  return account;
}

/** A new period begins where one has ended, with its own and with what the policy carries over. */
export function renew(account: Account, data: Data, atMs: number): void {
  const { period } = data as unknown as { period: { startMs: number; endMs: number } };
  demand(account.periodEndMs !== null && account.periodEndMs <= atMs, 'a period ended early');
  demand(period.startMs <= atMs && atMs < period.endMs, 'the new period is another time’s');
  demand(period.endMs - period.startMs === account.periodMs, 'the new period has another length');
  const own = account.allocated - account.carried;
  const left = positive(account.allocated - account.spent);
  account.carried = { NONE: 0n, CAP_AT_ALLOCATED: least(left, own) }[account.rollover] ?? left;
  account.allocated = own + account.carried;
  account.periodEndMs = period.endMs;
  account.spent = 0n;
  account.uncovered = 0n;
}
