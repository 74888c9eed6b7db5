/** An auditor with a ledger of its own: naive arithmetic from the protocol's text, sharing no code with the decider. */

import type { Command } from '../../src/domain/commands.js';
import type { Policy } from './book.js';
import { Clerk, type CommandOf, type Verdict } from './clerk.js';

interface Hold {
  readonly places: string[];
  readonly amount: bigint;
  readonly unit: string;
  readonly expiresMs: number;
  readonly graceMs: number;
  readonly extensions: number;
  readonly policy: Policy;
  readonly call: string | null;
}

export class Auditor extends Clerk {
  readonly holds = new Map<string, Hold>();
  private readonly ended = new Map<string, string>();
  private readonly calls = new Map<string, { open: boolean; denied: boolean; holds: string[] }>();

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
      case 'UpdateTenant':
        return this.updateTenant(command, (status) => this.changeStatus(status));
      case 'Reserve':
        return this.once('reserve', key, body, () => this.reserve(command));
      case 'Decide':
        return this.once(command.operation === 'decide' ? 'decide' : 'reserve', key, body, () =>
          this.weigh(command),
        );
      case 'Commit':
      case 'Release':
        return this.end(command, key, body);
      case 'Extend':
        return this.extend(command, key, body);
      case 'SubmitToolCall':
        return this.submit(command, key, body);
      case 'RecordOutcome':
        return this.outcome(command, body);
      default:
        return this.book(command, key, body);
    }
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

  private reserve(command: CommandOf<'Reserve'>): Verdict {
    if (this.status !== 'ACTIVE') return `refused tenant_${this.status.toLowerCase()}`;
    const { unit, amount } = command.estimate;
    const hold = this.tryHold(this.scopes(command.subject), unit, amount);
    if (typeof hold === 'string') return `refused ${hold}`;
    const places = hold();
    const expiresMs = this.nowMs + Math.min(command.ttlMs ?? 60_000, this.settings.maxTtlMs);
    const lasting = { expiresMs, graceMs: command.gracePeriodMs ?? 5_000, extensions: 0 };
    const policy = this.policyOf(places, command.overagePolicy);
    this.holds.set(command.reservationId, { places, amount, unit, ...lasting, policy, call: null });
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
      if (!hold) return this.over(id);
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
    const charged = this.bear(lines, { held: hold.amount, actual, policy: hold.policy });
    return typeof charged === 'string' ? `refused ${charged}` : this.finish(id, hold, 'COMMITTED');
  }

  /** Counted from the expiry, to the tenant's longest lead at most; the grace is not for extending. */
  private extend(command: CommandOf<'Extend'>, key: string | null, body: string): Verdict {
    const id = command.reservationId;
    const hold = this.holds.get(id);
    if (!hold && !this.ended.has(id)) return 'refused reservation_not_found';
    return this.once(`Extend ${id}`, key, body, () => {
      if (this.status === 'CLOSED') return 'refused tenant_closed';
      if (!hold) return this.over(id);
      if (hold.call !== null) return 'refused gate_hold';
      if (this.nowMs > hold.expiresMs) return 'refused reservation_expired';
      if (hold.extensions >= this.settings.extensions) return 'refused max_extensions_exceeded';
      const wanted = Math.min(hold.expiresMs + command.extendByMs, this.nowMs + this.settings.maxTtlMs);
      const expiresMs = Math.max(wanted, hold.expiresMs);
      this.holds.set(id, { ...hold, expiresMs, extensions: hold.extensions + 1 });
      return 'accepted';
    });
  }

  private over(id: string): Verdict {
    return this.ended.get(id) === 'EXPIRED' ? 'refused reservation_expired' : 'refused reservation_finalized';
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
        expiresMs: this.nowMs + command.holdMs,
        graceMs: 0,
        extensions: 0,
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
      due.push({ atMs: hold.expiresMs + hold.graceMs, happen });
    }
    for (const [place, line] of this.lines) due.push(...this.dueOf(place, line));
    return due.filter(({ atMs }) => atMs <= untilMs).sort((a, b) => a.atMs - b.atMs)[0] ?? null;
  }
}
