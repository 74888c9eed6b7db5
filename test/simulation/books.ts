/** An auditor's own books of one tenant: plain arithmetic from the protocol's text over the bytes in the log. */

import type { StoredEvent } from '../../src/ports/event-store.port.js';
import { type Account, type Charge, chargeOf, dueOf, type Hold, remaining } from './charge.js';
import { demand, Violation } from './demand.js';
import { adjust, correct, debit, extend, fund, renew, updateBudget, updateTenant } from './entries.js';
import { type Asking, Rulebook } from './rulebook.js';

export { demand, Violation } from './demand.js';

export interface Call {
  readonly allowed: boolean;
  readonly holds: readonly string[];
  outcome: string | null;
}

export interface Key {
  readonly permissions: readonly string[];
  isRevoked: boolean;
}

interface Template {
  readonly pattern: string;
  readonly covers: RegExp;
  readonly unit: string;
  readonly allocated: bigint;
  readonly limit: bigint;
}

export type Data = Readonly<Record<string, string>>;
export interface Line {
  readonly scope: string;
  readonly unit: string;
  readonly allocated: string;
  readonly spent: string;
  readonly reserved: string;
  readonly debt: string;
  readonly overdraftLimit: string;
  readonly uncovered: string;
}

/** An event's payload as it stands in the log. */
export type Payload = Data & { readonly balances?: readonly Line[] };

const DAY_MS = 86_400_000;

export class Books {
  status: 'NONE' | 'ACTIVE' | 'SUSPENDED' | 'CLOSED' = 'NONE';
  policy = 'ALLOW_IF_AVAILABLE';
  maxTtlMs = 0;
  maxExtensions = 0;
  readonly accounts = new Map<string, Account>();
  readonly retired = new Set<string>();
  readonly holds = new Map<string, Hold>();
  readonly calls = new Map<string, Call>();
  readonly keys = new Map<string, Key>();
  readonly templates = new Map<string, Template>();
  readonly rules = new Rulebook();
  /** The holds that are active, so that looking for the overdue stays cheap. */
  readonly active = new Set<Hold>();

  account(scope: string, unit: string): Account | undefined {
    return this.accounts.get(`${scope}|${unit}`);
  }

  /** Enters one event with its payload, checking it against the arithmetic. @throws Violation */
  enter(event: StoredEvent, data: Payload, atMs: number): void {
    const account = this.move(event.type, data, atMs);
    for (const line of data.balances ?? []) if (event.type !== 'Decided') this.agree(line, event);
    demand(account === undefined || account.reserved >= 0n, 'a balance became negative');
  }

  /** What settling a hold at an amount charges; the refusal's code when it cannot. */
  settle(hold: Hold, actual: bigint): Charge | string {
    const accounts = hold.scopes.map((scope) => this.mustHave(scope, hold.unit));
    return chargeOf(accounts, hold, actual);
  }

  /** The same for a call that has run: what a policy forbids is charged as far as it goes. */
  private settleWhatRan(hold: Hold, actual: bigint): Charge | string {
    const charge = this.settle(hold, actual);
    return typeof charge === 'string'
      ? this.settle({ ...hold, policy: 'ALLOW_IF_AVAILABLE' }, actual)
      : charge;
  }

  /** The most specific template that covers a scope, longest pattern first. */
  templateFor(scope: string, unit: string): Template | undefined {
    const matching = [...this.templates.values()].filter(
      (t) => t.unit === unit && t.covers.test(`${scope}/`),
    );
    return matching.reduce<Template | undefined>(
      (best, t) => (best === undefined || t.pattern.length > best.pattern.length ? t : best),
      undefined,
    );
  }

  /** Whether nothing about a call is settled yet. */
  isOpenCall(id: string): boolean {
    const call = this.calls.get(id);
    if (call === undefined || !call.allowed || call.outcome !== null || this.status === 'CLOSED')
      return false;
    return call.holds.length === 0 || call.holds.some((hold) => this.holds.get(hold)?.status === 'ACTIVE');
  }

  mustHave(scope: string, unit: string): Account {
    const account = this.account(scope, unit);
    demand(account !== undefined, `there is no budget ${scope} in ${unit}`);
    return account;
  }

  private agree(line: Line, event: StoredEvent): void {
    const a = this.mustHave(line.scope, line.unit);
    const mine = [a.allocated, a.spent, a.reserved, a.debt, a.limit, a.uncovered].join(' ');
    const theirs = [
      line.allocated,
      line.spent,
      line.reserved,
      line.debt,
      line.overdraftLimit,
      line.uncovered,
    ].join(' ');
    demand(mine === theirs, `${event.type} ${event.id} states ${theirs} for ${line.scope}, it is ${mine}`);
  }

  private move(type: string, data: Payload, atMs: number): Account | undefined {
    switch (type) {
      case 'TenantOpened':
        demand(this.status === 'NONE', 'a tenant opened twice');
        this.status = 'ACTIVE';
        return updateTenant(this, data);
      case 'TenantUpdated':
        return updateTenant(this, data);
      case 'TenantSuspended':
        this.status = 'SUSPENDED';
        return;
      case 'TenantReactivated':
        this.status = 'ACTIVE';
        return;
      case 'TenantClosed':
        return this.close();
      case 'ApiKeyIssued': {
        const { permissions } = data as unknown as { permissions: string[] };
        this.keys.set(data['keyId'] ?? '', { permissions, isRevoked: false });
        return;
      }
      case 'ApiKeyRevoked': {
        const key = this.keys.get(data['keyId'] ?? '');
        if (key !== undefined) key.isRevoked = true;
        return;
      }
      case 'BudgetTemplateDefined':
        this.templates.set(data['templateId'] ?? '', {
          pattern: data['scopePattern'] ?? '',
          covers: asExpression(data['scopePattern'] ?? ''),
          unit: data['unit'] ?? '',
          allocated: BigInt(data['allocated'] ?? ''),
          limit: BigInt(data['overdraftLimit'] ?? ''),
        });
        return;
      case 'BudgetTemplateRetired':
        this.templates.delete(data['templateId'] ?? '');
        return;
      case 'PolicyCreated':
      case 'PolicyUpdated':
      case 'PolicyDeleted':
        this.rules.enter(type, data, atMs);
        return;
      case 'Reserved':
        this.rules.hold(data, askingOf(data, atMs));
        return this.hold(data, atMs);
      case 'Extended':
        return extend(this, data, atMs);
      case 'Debited':
        return debit(this, data, atMs);
      case 'Adjusted':
        return adjust(this, data, atMs);
      case 'Committed':
        return this.commit(data, atMs);
      case 'Released':
        this.rules.release(data['reservationId'] ?? '', atMs);
        return this.release(data, atMs);
      case 'Decided':
        return this.decided(data);
      case 'OutcomeRecorded': {
        const call = this.calls.get(data['toolCallId'] ?? '');
        demand(call?.outcome === null, 'an outcome is recorded once, of a known call');
        call.outcome = data['status'] ?? '';
        return;
      }
      default:
        return this.moveBudget(type, data, atMs);
    }
  }

  private moveBudget(type: string, data: Data, atMs: number): Account | undefined {
    if (type === 'BudgetCreated') return this.create(data, atMs);
    const account = this.mustHave(data['scope'] ?? '', data['unit'] ?? '');
    const idleMs = atMs - account.touchedMs;
    account.touchedMs = atMs;
    switch (type) {
      case 'BudgetFunded':
        return fund(account, data);
      case 'BudgetUpdated':
        return updateBudget(account, data);
      case 'Corrected':
        return correct(account, data);
      case 'BudgetFrozen':
        account.status = 'FROZEN';
        return account;
      case 'BudgetUnfrozen':
        account.status = 'ACTIVE';
        return account;
      case 'BudgetClosed':
        demand(
          account.reserved === 0n && account.isSession && idleMs >= DAY_MS,
          'a budget in use was closed',
        );
        this.accounts.delete(`${account.scope}|${account.unit}`);
        this.retired.add(`${account.scope}|${account.unit}`);
        return;
      case 'BudgetRolledOver': {
        renew(account, data, atMs);
        return account;
      }
      default:
        throw new Violation(`the books know no event ${type}`);
    }
  }

  private create(data: Data, atMs: number): Account {
    const scope = data['scope'] ?? '';
    const unit = data['unit'] ?? '';
    const template = data['template'] ?? null;
    const { period } = data as unknown as { period: { startMs: number; endMs: number } | null };
    demand(this.account(scope, unit) === undefined, `the budget ${scope} in ${unit} was created twice`);
    demand(!this.retired.has(`${scope}|${unit}`), `the closed budget ${scope} in ${unit} was opened again`);
    const account: Account = {
      scope,
      unit,
      allocated: BigInt(data['allocated'] ?? ''),
      spent: 0n,
      reserved: 0n,
      debt: 0n,
      limit: BigInt(data['overdraftLimit'] ?? ''),
      uncovered: 0n,
      status: 'ACTIVE',
      policy: data['overagePolicy'] ?? null,
      isSession: template !== null && scope.slice(scope.lastIndexOf('/')).startsWith('/workflow:'),
      periodEndMs: period?.endMs ?? null,
      periodMs: period === null ? 0 : period.endMs - period.startMs,
      rollover: data['rolloverPolicy'] ?? '',
      carried: 0n,
      touchedMs: atMs,
    };
    if (template !== null) {
      const best = this.templateFor(scope, unit);
      demand(
        best?.allocated === account.allocated && best.limit === account.limit,
        'a template opened the wrong budget',
      );
    }
    this.accounts.set(`${scope}|${unit}`, account);
    return account;
  }

  private hold(data: Data, atMs: number): undefined {
    const { affectedScopes, heldScopes, expiresAtMs, gracePeriodMs } = data as unknown as {
      affectedScopes: string[];
      heldScopes: string[];
      expiresAtMs: number;
      gracePeriodMs: number;
    };
    const unit = data['unit'] ?? '';
    const amount = BigInt(data['amount'] ?? '');
    const budgeted = affectedScopes.filter((scope) => this.account(scope, unit) !== undefined);
    demand(budgeted.length > 0 && budgeted.join() === heldScopes.join(), 'a hold left a budget out');
    for (const scope of heldScopes) {
      const account = this.mustHave(scope, unit);
      demand(account.status === 'ACTIVE', `a hold on the ${account.status} budget ${scope}`);
      demand(account.debt === 0n && account.uncovered === 0n, `a hold on the indebted budget ${scope}`);
      demand(remaining(account) >= amount, `${scope} is oversubscribed`);
      account.reserved += amount;
      account.touchedMs = atMs;
    }
    const id = data['reservationId'] ?? '';
    demand(!this.holds.has(id), 'a reservation was made twice');
    const hold: Hold = {
      id,
      unit,
      amount,
      scopes: heldScopes,
      expiresMs: expiresAtMs,
      graceMs: gracePeriodMs,
      extensions: 0,
      policy: data['overagePolicy'] ?? '',
      call: data['toolCallId'] ?? null,
      status: 'ACTIVE',
    };
    this.holds.set(id, hold);
    this.active.add(hold);
  }

  private commit(data: Data, atMs: number): undefined {
    const hold = this.end(data, 'COMMITTED');
    if (data['reason'] === 'timeout')
      demand(dueOf(hold) <= atMs && hold.call !== null, 'a timeout came early');
    const actual = BigInt(data['actual'] ?? '');
    const charge =
      data['reason'] === 'outcome' ? this.settleWhatRan(hold, actual) : this.settle(hold, actual);
    demand(typeof charge !== 'string', 'a charge that should have been refused');
    demand(
      charge.charged === BigInt(data['charged'] ?? ''),
      `${data['charged']} charged, not ${charge.charged}`,
    );
    hold.scopes.forEach((scope, i) => {
      const account = this.mustHave(scope, hold.unit);
      const debt = charge.debts[i] ?? 0n;
      account.reserved -= hold.amount;
      account.spent += charge.charged - debt;
      account.debt += debt;
      account.uncovered += charge.uncovered[i] ?? 0n;
      account.touchedMs = atMs;
    });
  }

  private release(data: Data, atMs: number): undefined {
    const isExpiry = data['reason'] === 'expired';
    const hold = this.end(data, isExpiry ? 'EXPIRED' : 'RELEASED');
    demand(!isExpiry || (dueOf(hold) <= atMs && hold.call === null), 'an expiry came early');
    for (const scope of hold.scopes) {
      const account = this.mustHave(scope, hold.unit);
      account.reserved -= hold.amount;
      account.touchedMs = atMs;
    }
  }

  private end(data: Data, status: Hold['status']): Hold {
    const hold = this.holds.get(data['reservationId'] ?? '');
    demand(hold?.status === 'ACTIVE', `${data['reservationId']} ended twice`);
    hold.status = status;
    this.active.delete(hold);
    return hold;
  }

  private decided(data: Data): undefined {
    const { gate, answered } = data as unknown as {
      gate: { holds: { reservationId: string }[] } | null;
      answered: boolean;
    };
    if (gate === null || !answered) return;
    const holds = gate.holds.map((held) => held.reservationId);
    this.calls.set(data['decisionId'] ?? '', { allowed: data['decision'] !== 'DENY', holds, outcome: null });
  }

  private close(): undefined {
    this.status = 'CLOSED';
    for (const hold of this.active) hold.status = 'RELEASED';
    this.active.clear();
    for (const account of this.accounts.values()) {
      account.status = 'CLOSED';
      account.reserved = 0n;
    }
  }
}

/** `*` stands for one value, `**` for any number of levels. Each level of a scope ends in a slash. */
/** What a hold asked of the policies. */
function askingOf(data: object, atMs: number): Asking {
  const { affectedScopes, action, subject } = data as {
    affectedScopes: readonly string[];
    action: { kind: string };
    subject: { dimensions?: Readonly<Record<string, string>> };
  };
  return { scopes: affectedScopes, kind: action.kind, runId: subject.dimensions?.['run_id'] ?? null, atMs };
}

function asExpression(pattern: string): RegExp {
  const parts = pattern.split('/').map((part) => {
    if (part === '**') return '(?:[^/]+/)*';
    return `${part.replace(/[.]/g, '\\.').replace('*', '[^/]+')}/`;
  });
  return new RegExp(`^${parts.join('')}$`);
}
