/** The auditor's clerk: budgets, templates, charges and corrections, everything that no hold is needed for. */

import type { Command, StatedPeriod } from '../../src/domain/commands.js';
import { Book, type Line, least, MAX, type Policy, positive, remaining } from './book.js';

export type CommandOf<T extends Command['type']> = Extract<Command, { type: T }>;

/** What a command should come to: `accepted`, `replayed`, `DENY <code>` or `refused <code>`. */
export type Verdict = string;

export class Clerk extends Book {
  protected readonly answers = new Map<string, string>();
  private readonly corrected = new Map<string, bigint>();

  protected book(command: Command, key: string | null, body: string): Verdict {
    switch (command.type) {
      case 'CreateBudget':
        return this.createBudget(command);
      case 'FundBudget': {
        const missing = this.isThere(command);
        const what = `fund ${command.scope} ${command.unit}`;
        return missing ?? this.once(what, key, body, () => this.fund(command));
      }
      case 'UpdateBudget':
        return this.updateBudget(command);
      case 'FreezeBudget':
      case 'UnfreezeBudget':
        return this.freeze(command);
      case 'DefineBudgetTemplate':
        return this.define(command);
      case 'RetireBudgetTemplate':
        return this.retire(command.templateId);
      case 'Debit':
        return this.once('debit', key, body, () => this.debit(command));
      case 'AdjustCharge':
        return this.once(`adjust ${command.charge.chargeId}`, key, body, () => this.adjust(command));
      case 'CorrectBudget':
        return this.correct(command);
      default:
        return 'accepted';
    }
  }

  /** An answer is given once per key; refusals do not burn it. */
  protected once(what: string, key: string | null, body: string, act: () => Verdict): Verdict {
    const claim = `${what} ${key}`;
    const earlier = key === null ? undefined : this.answers.get(claim);
    if (earlier !== undefined) return earlier === body ? 'replayed' : 'refused idempotency_mismatch';
    const verdict = act();
    if (key !== null && !verdict.startsWith('refused')) this.answers.set(claim, body);
    return verdict;
  }

  /** Properties and status change together or not at all. */
  protected updateTenant(
    { changes, status }: CommandOf<'UpdateTenant'>,
    change: (status: CommandOf<'ChangeTenantStatus'>['status']) => Verdict,
  ): Verdict {
    const { overagePolicy: policy, maxTtlMs, maxExtensions: extensions } = changes.settings ?? {};
    const asked = { name: changes.name, policy, maxTtlMs, extensions };
    const given = Object.entries(asked).filter(([, value]) => value !== undefined);
    const known: Record<string, unknown> = this.settings;
    const isNew = given.some(([name, value]) => known[name] !== value);
    if (this.status === 'CLOSED' && (isNew || (status !== null && status !== 'CLOSED'))) {
      return 'refused tenant_closed';
    }
    Object.assign(this.settings, Object.fromEntries(given));
    return status === null ? 'accepted' : change(status);
  }

  private isAhead(period: StatedPeriod | null | undefined): boolean {
    return !period || (period.endMs - period.startMs >= 60_000 && period.endMs > this.nowMs);
  }

  private createBudget({
    scope,
    unit,
    allocated,
    overdraftLimit,
    overagePolicy,
    rolloverPolicy,
    period,
  }: CommandOf<'CreateBudget'>): Verdict {
    if (this.status === 'CLOSED') return 'refused tenant_closed';
    if (this.status === 'SUSPENDED') return 'refused tenant_suspended';
    if (!this.isAhead(period)) return 'refused request_invalid';
    const place = `${scope}|${unit}`;
    if (this.lines.has(place) || this.retired.has(place)) return 'refused budget_exists';
    const opened = { allocated, limit: overdraftLimit, policy: overagePolicy, rollover: rolloverPolicy };
    this.open(place, { ...opened, ...spanOf(period) });
    return 'accepted';
  }

  private fund({ scope, unit, operation, amount, spent }: CommandOf<'FundBudget'>): Verdict {
    const line = this.line(`${scope}|${unit}`);
    if (this.status === 'CLOSED') return 'refused tenant_closed';
    if (line.frozen) return 'refused budget_frozen';
    const after = { ...line };
    if (operation === 'CREDIT' || operation === 'REPAY_DEBT') {
      const repaid = least(amount, line.debt);
      after.debt -= repaid;
      after.allocated += amount - repaid;
    } else if (operation === 'DEBIT') {
      if (remaining(line) < amount) return 'refused budget_exceeded';
      after.allocated -= amount;
    } else {
      after.allocated = amount;
      if (operation === 'RESET_SPENT') after.spent = spent ?? 0n;
    }
    const isTooBig =
      after.allocated > MAX || after.spent + after.reserved > MAX || remaining(after) < -MAX - 1n;
    if (isTooBig) return 'refused amount_overflow';
    after.uncovered =
      operation === 'RESET_SPENT'
        ? 0n
        : positive(line.uncovered - positive(remaining(after) - remaining(line)));
    const isReset = operation === 'RESET' || operation === 'RESET_SPENT';
    after.carried = isReset ? 0n : least(line.carried, after.allocated);
    Object.assign(line, after, { touchedMs: this.nowMs });
    return 'accepted';
  }

  private freeze({ type, scope, unit }: CommandOf<'FreezeBudget' | 'UnfreezeBudget'>): Verdict {
    const missing = this.isThere({ scope, unit });
    if (missing !== null) return missing;
    if (this.status === 'CLOSED') return 'refused tenant_closed';
    const line = this.line(`${scope}|${unit}`);
    const wanted = type === 'FreezeBudget';
    if (line.frozen === wanted) return wanted ? 'refused budget_frozen' : 'refused budget_not_frozen';
    Object.assign(line, { frozen: wanted, touchedMs: this.nowMs });
    return 'accepted';
  }

  private updateBudget(command: CommandOf<'UpdateBudget'>): Verdict {
    const missing = this.isThere(command);
    if (missing !== null) return missing;
    if (this.status === 'CLOSED') return 'refused tenant_closed';
    const { overagePolicy, rolloverPolicy, period } = command.changes;
    if (!this.isAhead(period)) return 'refused request_invalid';
    const line = this.line(`${command.scope}|${command.unit}`);
    const after = {
      limit: command.overdraftLimit ?? line.limit,
      policy: overagePolicy === undefined ? line.policy : overagePolicy,
      rollover: rolloverPolicy ?? line.rollover,
      ...(period === undefined ? { endMs: line.endMs, lengthMs: line.lengthMs } : spanOf(period)),
    };
    const isSame = Object.entries(after).every(([name, value]) => line[name as keyof Line] === value);
    if (!isSame) Object.assign(line, after, { touchedMs: this.nowMs });
    return 'accepted';
  }

  private define(command: CommandOf<'DefineBudgetTemplate'>): Verdict {
    if (this.status === 'CLOSED') return 'refused tenant_closed';
    const {
      templateId: id,
      scopePattern: pattern,
      unit,
      allocated,
      period,
      rolloverPolicy: rollover,
    } = command;
    const same = this.templates.find((known) => known.pattern === pattern && known.unit === unit);
    const daily = period === 'daily';
    if (same)
      return same.allocated === allocated && same.daily === daily && same.rollover === rollover
        ? 'accepted'
        : 'refused template_exists';
    const hasStanding = this.templates.some(
      (known) => known.unit === 'RISK_POINTS' && /(workflow|app):[^/]*$/.test(known.pattern),
    );
    this.templates.push({ id, pattern, unit, allocated, daily, rollover });
    if (unit === 'RISK_POINTS' && /workflow:[^/]*$/.test(pattern) && !hasStanding) {
      const standing = {
        pattern: 'tenant:acme/**/app:*',
        unit,
        allocated: 500n,
        daily: true,
        rollover: 'NONE',
      };
      this.templates.push({ id: command.dailyTemplateId, ...standing });
    }
    return 'accepted';
  }

  private retire(id: string): Verdict {
    if (!this.templates.some((known) => known.id === id)) return 'refused template_not_found';
    if (this.status === 'CLOSED') return 'refused tenant_closed';
    this.templates = this.templates.filter((known) => known.id !== id);
    return 'accepted';
  }

  private debit(command: CommandOf<'Debit'>): Verdict {
    if (this.status !== 'ACTIVE') return `refused tenant_${this.status.toLowerCase()}`;
    const { unit, amount } = command.actual;
    const found = this.find(this.scopes(command.subject), unit);
    if (typeof found === 'string') return `refused ${found}`;
    const places = found.map(({ place }) => place);
    const policy = this.policyOf(places, command.overagePolicy as Policy | null);
    const lines = found.map(({ line, template }) => (template ? { ...line } : line));
    const charged = this.bear(lines, { held: 0n, actual: amount, policy });
    if (typeof charged === 'string') return `refused ${charged}`;
    found.forEach(({ place, template }, at) => {
      this.openFrom(template, place);
      const { spent, debt, uncovered } = lines[at] as Line;
      Object.assign(this.line(place), { spent, debt, uncovered });
    });
    return 'accepted';
  }

  /** A charge grows at will, and gives back no more than it is. */
  private adjust({ charge, delta }: CommandOf<'AdjustCharge'>): Verdict {
    if (this.status === 'CLOSED') return 'refused tenant_closed';
    const before = this.corrected.get(charge.chargeId) ?? 0n;
    const total = charge.charged + before + delta;
    if (total < 0n) return 'refused request_invalid';
    const lines = charge.scopes.flatMap((scope) => this.lines.get(`${scope}|${charge.unit}`) ?? []);
    const after = lines.map((line) => {
      const repaid = delta < 0n ? least(-delta, line.debt) : 0n;
      const spent = positive(line.spent + delta + repaid);
      const moved = { ...line, spent, debt: line.debt - repaid };
      return { ...moved, uncovered: positive(line.uncovered - positive(remaining(moved) - remaining(line))) };
    });
    const isTooBig = after.some((line) => line.spent + line.reserved > MAX || remaining(line) < -MAX - 1n);
    if (total > MAX || isTooBig) return 'refused amount_overflow';
    lines.forEach((line, at) => {
      Object.assign(line, after[at], { touchedMs: this.nowMs });
    });
    this.corrected.set(charge.chargeId, before + delta);
    return 'accepted';
  }

  private correct(command: CommandOf<'CorrectBudget'>): Verdict {
    const missing = this.isThere(command);
    if (missing !== null) return missing;
    if (this.status === 'CLOSED') return 'refused tenant_closed';
    const line = this.line(`${command.scope}|${command.unit}`);
    const { allocated, spent, debt, uncovered } = command;
    const after = { ...line, allocated, spent, debt, uncovered };
    if (allocated > MAX || spent + line.reserved > MAX || remaining(after) < -MAX - 1n) {
      return 'refused amount_overflow';
    }
    const carried = least(line.carried, allocated);
    Object.assign(line, after, { carried, touchedMs: this.nowMs });
    return 'accepted';
  }
}

const spanOf = (period: StatedPeriod | null) => ({
  endMs: period?.endMs ?? null,
  lengthMs: period === null ? 0 : period.endMs - period.startMs,
});
