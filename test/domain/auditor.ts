/** An auditor with a ledger of its own: naive arithmetic from the protocol's text, sharing no code with the decider. */

import type { Command } from '../../src/domain/commands.js';
import { Book, type Line, least, MAX, type Policy, positive, remaining } from './book.js';

type CommandOf<T extends Command['type']> = Extract<Command, { type: T }>;

interface Hold {
  readonly places: string[];
  readonly amount: bigint;
  readonly unit: string;
  readonly dueMs: number;
  readonly policy: Policy;
  readonly call: string | null;
}

/** What a command should come to: `accepted`, `replayed`, `DENY <code>` or `refused <code>`. */
export type Verdict = string;

export class Auditor extends Book {
  readonly holds = new Map<string, Hold>();
  private readonly ended = new Map<string, string>();
  private readonly answers = new Map<string, string>();
  private readonly calls = new Map<string, { open: boolean; denied: boolean; holds: string[] }>();
  private status: 'ACTIVE' | 'SUSPENDED' | 'CLOSED' = 'ACTIVE';

  wait(durationMs: number): void {
    const untilMs = this.nowMs + durationMs;
    for (;;) {
      const next = this.soonest(untilMs);
      if (next === null) break;
      this.nowMs = Math.max(this.nowMs, next.atMs);
      next.happen();
    }
    this.nowMs = untilMs;
  }

  /** The verdict on a command, with its effect on the balances when it is accepted. */
  judge(command: Command, key: string | null, body: string): Verdict {
    switch (command.type) {
      case 'ChangeTenantStatus':
        return this.changeStatus(command.status);
      case 'CreateBudget':
        return this.createBudget(command);
      case 'FundBudget':
        return this.once(
          `fund ${command.scope} ${command.unit}`,
          key,
          body,
          () => this.fund(command),
          this.isThere(command),
        );
      case 'FreezeBudget':
      case 'UnfreezeBudget':
        return this.freeze(command);
      case 'DefineBudgetTemplate':
        return this.define(command);
      case 'RetireBudgetTemplate':
        return this.retire(command.templateId);
      case 'Reserve':
        return this.once('reserve', key, body, () => this.reserve(command));
      case 'Decide':
        return this.once(command.operation === 'decide' ? 'decide' : 'reserve', key, body, () =>
          this.weigh(command),
        );
      case 'Commit':
      case 'Release':
        return this.end(command, key, body);
      case 'SubmitToolCall':
        return this.submit(command, key, body);
      case 'RecordOutcome':
        return this.outcome(command, body);
      default:
        return 'accepted';
    }
  }

  /** An answer is given once per key; refusals do not burn it. */
  private once(
    what: string,
    key: string | null,
    body: string,
    act: () => Verdict,
    missing: Verdict | null = null,
  ): Verdict {
    if (missing !== null) return missing;
    const claim = `${what} ${key}`;
    const earlier = key === null ? undefined : this.answers.get(claim);
    if (earlier !== undefined) return earlier === body ? 'replayed' : 'refused idempotency_mismatch';
    const verdict = act();
    if (key !== null && !verdict.startsWith('refused')) this.answers.set(claim, body);
    return verdict;
  }

  private changeStatus(status: 'ACTIVE' | 'SUSPENDED' | 'CLOSED'): Verdict {
    if (this.status === 'CLOSED') return status === 'CLOSED' ? 'accepted' : 'refused tenant_closed';
    this.status = status;
    if (status === 'CLOSED') {
      for (const id of this.holds.keys()) this.ended.set(id, 'RELEASED');
      this.holds.clear();
      for (const call of this.calls.values()) call.open = false;
      for (const line of this.lines.values()) Object.assign(line, { reserved: 0n, closed: true });
    }
    return 'accepted';
  }

  private createBudget({
    scope,
    unit,
    allocated,
    overdraftLimit,
    overagePolicy,
  }: CommandOf<'CreateBudget'>): Verdict {
    if (this.status === 'CLOSED') return 'refused tenant_closed';
    if (this.status === 'SUSPENDED') return 'refused tenant_suspended';
    const place = `${scope}|${unit}`;
    if (this.lines.has(place) || this.retired.has(place)) return 'refused budget_exists';
    this.open(place, { allocated, limit: overdraftLimit, policy: overagePolicy });
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

  private define(command: CommandOf<'DefineBudgetTemplate'>): Verdict {
    if (this.status === 'CLOSED') return 'refused tenant_closed';
    const { templateId: id, scopePattern: pattern, unit, allocated, period } = command;
    const same = this.templates.find((known) => known.pattern === pattern && known.unit === unit);
    const daily = period === 'daily';
    if (same)
      return same.allocated === allocated && same.daily === daily ? 'accepted' : 'refused template_exists';
    const hasStanding = this.templates.some(
      (known) => known.unit === 'RISK_POINTS' && /(workflow|app):[^/]*$/.test(known.pattern),
    );
    this.templates.push({ id, pattern, unit, allocated, daily });
    if (unit === 'RISK_POINTS' && /workflow:[^/]*$/.test(pattern) && !hasStanding) {
      const standing = { pattern: 'tenant:acme/**/app:*', unit, allocated: 500n, daily: true };
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

  private reserve(command: CommandOf<'Reserve'>): Verdict {
    if (this.status !== 'ACTIVE') return `refused tenant_${this.status.toLowerCase()}`;
    const { unit, amount } = command.estimate;
    const hold = this.tryHold(this.scopes(command.subject), unit, amount);
    if (typeof hold === 'string') return `refused ${hold}`;
    const places = hold();
    const dueMs =
      this.nowMs + Math.min(command.ttlMs ?? 60_000, 3_600_000) + (command.gracePeriodMs ?? 5_000);
    const policy = this.policyOf(places, command.overagePolicy);
    this.holds.set(command.reservationId, { places, amount, unit, dueMs, policy, call: null });
    return 'accepted';
  }

  private weigh(command: CommandOf<'Decide'>): Verdict {
    if (this.status !== 'ACTIVE') return `DENY tenant_${this.status.toLowerCase()}`;
    const hold = this.tryHold(this.scopes(command.subject), command.estimate.unit, command.estimate.amount);
    if (hold === 'unit_mismatch') return 'refused unit_mismatch';
    return typeof hold === 'string' ? `DENY ${hold}` : 'accepted';
  }

  private end(command: CommandOf<'Commit' | 'Release'>, key: string | null, body: string): Verdict {
    const id = command.reservationId;
    const hold = this.holds.get(id);
    if (!hold && !this.ended.has(id)) return 'refused reservation_not_found';
    return this.once(`${command.type} ${id}`, key, body, () => {
      if (this.status === 'CLOSED') return 'refused tenant_closed';
      if (!hold)
        return this.ended.get(id) === 'EXPIRED'
          ? 'refused reservation_expired'
          : 'refused reservation_finalized';
      if (hold.call !== null) return 'refused gate_hold';
      if (command.type === 'Release') return this.finish(id, hold, 'RELEASED');
      if (command.actual.unit !== hold.unit) return 'refused unit_mismatch';
      return this.settle(id, hold, command.actual.amount);
    });
  }

  private finish(id: string, hold: Hold, how: string): Verdict {
    for (const place of hold.places) {
      const line = this.line(place);
      if (how !== 'COMMITTED') line.reserved -= hold.amount;
      line.touchedMs = this.nowMs;
    }
    this.holds.delete(id);
    this.ended.set(id, how);
    const call = hold.call === null ? undefined : this.calls.get(hold.call);
    if (call) {
      call.holds = call.holds.filter((other) => other !== id);
      if (call.holds.length === 0) call.open = false;
    }
    return 'accepted';
  }

  private settle(id: string, hold: Hold, actual: bigint): Verdict {
    const lines = hold.places.map((place) => this.line(place));
    const delta = positive(actual - hold.amount);
    const free = (line: Line) => (line.frozen ? 0n : positive(remaining(line)));
    const isCapped = (line: Line) =>
      hold.policy === 'ALLOW_IF_AVAILABLE' || (hold.policy === 'ALLOW_WITH_OVERDRAFT' && line.limit === 0n);
    if (hold.policy === 'REJECT' && lines.some((line) => free(line) < delta))
      return 'refused budget_exceeded';
    const covered = lines.filter(isCapped).map(free).reduce(least, delta);
    const debts = lines.map((line) =>
      hold.policy === 'ALLOW_WITH_OVERDRAFT' ? positive(covered - free(line)) : 0n,
    );
    if (lines.some((line, at) => (debts[at] ?? 0n) > 0n && line.debt + (debts[at] ?? 0n) > line.limit)) {
      return 'refused overdraft_limit_exceeded';
    }
    const charged = least(actual, hold.amount) + covered;
    const after = lines.map((line, at) => {
      const debt = debts[at] ?? 0n;
      const missing = isCapped(line) ? positive(delta - free(line)) : 0n;
      const moved = {
        reserved: line.reserved - hold.amount,
        spent: line.spent + charged - debt,
        debt: line.debt + debt,
      };
      return { ...line, ...moved, uncovered: least(line.uncovered + missing, MAX) };
    });
    if (after.some((line) => line.spent > MAX || remaining(line) < -MAX - 1n))
      return 'refused amount_overflow';
    lines.forEach((line, at) => {
      Object.assign(line, after[at]);
    });
    return this.finish(id, hold, 'COMMITTED');
  }

  private submit(command: CommandOf<'SubmitToolCall'>, key: string | null, body: string): Verdict {
    const claim = `call ${command.record.sessionId.toLowerCase()} ${key}`;
    const earlier = key === null ? undefined : this.answers.get(claim);
    if (earlier !== undefined) {
      const [id = '', said] = earlier.split('\n');
      if (said !== body) return 'refused idempotency_mismatch';
      return this.calls.get(id)?.open ? 'replayed' : 'refused tool_call_settled';
    }
    const verdict = this.allow(command);
    if (verdict.startsWith('DENY'))
      this.calls.set(command.toolCallId, { open: false, denied: true, holds: [] });
    if (verdict === 'accepted' && key !== null) this.answers.set(claim, `${command.toolCallId}\n${body}`);
    return verdict;
  }

  private allow(command: CommandOf<'SubmitToolCall'>): Verdict {
    if (this.status !== 'ACTIVE') return `DENY tenant_${this.status.toLowerCase()}`;
    const { assessment, estimate, subject, record, toolset } = command;
    const scopes = this.scopes({ ...subject, workflow: record.sessionId, toolset });
    const points = BigInt(assessment.riskPoints);
    const risk = this.tryHold(scopes, 'RISK_POINTS', points);
    const deniesFree = ['unit_mismatch', 'budget_not_found', 'budget_closed', 'budget_frozen'];
    if (typeof risk === 'string' && (points > 0n || deniesFree.includes(risk))) return this.denial(risk);
    const money =
      estimate && estimate.amount > 0n ? this.tryHold(scopes, estimate.unit, estimate.amount) : null;
    if (typeof money === 'string') return this.denial(money);
    if (assessment.tier === 4) return 'DENY approval_unavailable';
    const holds: string[] = [];
    const keep = (id: string, take: () => string[], unit: string, amount: bigint) => {
      const places = take();
      const policy = unit === 'RISK_POINTS' ? 'ALLOW_IF_AVAILABLE' : this.policyOf(places, null);
      this.holds.set(id, {
        places,
        amount,
        unit,
        dueMs: this.nowMs + command.holdMs,
        policy,
        call: command.toolCallId,
      });
      holds.push(id);
    };
    if (typeof risk !== 'string' && points > 0n) keep(command.riskReservationId, risk, 'RISK_POINTS', points);
    if (money && estimate) keep(command.moneyReservationId, money, estimate.unit, estimate.amount);
    this.calls.set(command.toolCallId, { open: true, denied: false, holds });
    return 'accepted';
  }

  private denial(code: string): Verdict {
    return `DENY ${code === 'unit_mismatch' ? 'budget_not_found' : code}`;
  }

  private outcome({ toolCallId, actual }: CommandOf<'RecordOutcome'>, body: string): Verdict {
    const call = this.calls.get(toolCallId);
    if (!call) return 'refused tool_call_not_found';
    const earlier = this.answers.get(`outcome ${toolCallId}`);
    if (earlier !== undefined) return earlier === body ? 'replayed' : 'refused tool_call_settled';
    if (this.status === 'CLOSED') return 'refused tenant_closed';
    if (call.denied) return 'refused tool_call_settled';
    const verdict = this.settleAll(call.holds, actual);
    if (verdict !== 'accepted') return verdict;
    this.answers.set(`outcome ${toolCallId}`, body);
    call.open = false;
    return 'accepted';
  }

  /** Both holds settle or neither does, so money, whose unit may be wrong, goes first. */
  private settleAll(ids: string[], cost: { unit: string; amount: bigint } | null): Verdict {
    for (const id of [...ids].reverse()) {
      const hold = this.holds.get(id);
      if (!hold) continue;
      const stated = hold.unit === 'RISK_POINTS' ? null : cost;
      if (stated && stated.unit !== hold.unit) return 'refused unit_mismatch';
      const actual = stated?.amount ?? hold.amount;
      const verdict = this.settle(id, hold, actual);
      // The call has run, so what the policy forbids is charged as far as it goes.
      if (verdict !== 'accepted') this.settle(id, { ...hold, policy: 'ALLOW_IF_AVAILABLE' }, actual);
    }
    return 'accepted';
  }

  /** The next thing that time brings about, holds before periods before idle sessions. */
  private soonest(untilMs: number): { atMs: number; happen: () => void } | null {
    if (this.status === 'CLOSED') return null;
    const due: { atMs: number; happen: () => void }[] = [];
    for (const [id, hold] of this.holds) {
      const happen = () => {
        if (hold.call === null) this.finish(id, hold, 'EXPIRED');
        else this.settle(id, hold, hold.amount);
      };
      due.push({ atMs: hold.dueMs, happen });
    }
    for (const [place, line] of this.lines) due.push(...this.dueOf(place, line));
    return due.filter(({ atMs }) => atMs <= untilMs).sort((a, b) => a.atMs - b.atMs)[0] ?? null;
  }
}
