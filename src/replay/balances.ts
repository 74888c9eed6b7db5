/** The balances before and after each event of a stretch of a tenant's stream. */

import { type BalanceAfter, type RecordedEvent, streamOf } from '../domain/events.js';
import type { BudgetKey, TenantId } from '../domain/ids.js';
import { budgetKey } from '../domain/subject.js';
import type { LedgerSource } from './stream.js';

/** A line of a budget's statement, with the one before it; null before the budget was opened. */
export interface Move {
  readonly before: BalanceAfter | null;
  readonly after: BalanceAfter;
}

/** Events looked through at once on the way back to a budget's last move. */
const PAGE_EVENTS = 512;

/** Follows a stream in order, from any revision on. */
export class Balances {
  private readonly standing = new Map<BudgetKey, BalanceAfter>();
  private readonly shown = new Set<BudgetKey>();

  constructor(
    private readonly source: LedgerSource,
    private readonly tenantId: TenantId,
  ) {}

  /** Takes note of an event that is not shown. */
  follow(event: RecordedEvent): void {
    for (const after of statedBy(event)) this.standing.set(keyOf(after), after);
  }

  /**
   * What an event moved, budget by budget, and takes note of it.
   * @throws whatever the source throws when it has to be read back and cannot be
   */
  async movesOf(event: RecordedEvent): Promise<Move[]> {
    if (event.type === 'TenantClosed') return this.closing();
    const moves: Move[] = [];
    for (const after of statedBy(event)) {
      moves.push({ before: await this.before(event, after), after });
      this.shown.add(keyOf(after));
    }
    this.follow(event);
    return moves;
  }

  /** Every hold ends with its tenant; of the budgets, those that were shown before are shown. */
  private closing(): Move[] {
    const known = [...this.shown].flatMap((key) => this.standing.get(key) ?? []);
    const held = known.filter(({ reserved }) => reserved > 0n);
    return held.map((before) => ({ before, after: { ...before, reserved: 0n } }));
  }

  private async before(event: RecordedEvent, after: BalanceAfter): Promise<BalanceAfter | null> {
    if (event.type === 'BudgetCreated') return null;
    const standing = this.standing.get(keyOf(after));
    if (standing !== undefined) return standing;
    if (event.type === 'Reserved') return { ...after, reserved: after.reserved - event.data.amount };
    if (event.type === 'BudgetFunded' || event.type === 'Corrected') return event.data.before;
    return this.lastMove(keyOf(after), after.scope, event.revision);
  }

  /** Reads back from a revision, exclusive, to the last event that stated a budget's balance. */
  private async lastMove(key: BudgetKey, scope: string, revision: number): Promise<BalanceAfter | null> {
    const stream = streamOf(this.tenantId);
    const mention = `"${scope}"`;
    for (let end = revision; end > 0; ) {
      const start = Math.max(0, end - PAGE_EVENTS);
      const page = await this.source.reader.readStream(stream, { revision: start, limit: end - start });
      for (const stored of page.reverse()) {
        if (!stored.data.includes(mention)) continue;
        const stated = statedBy(this.source.codec.decode(stored));
        const found = stated.find((after) => keyOf(after) === key);
        if (found !== undefined) return found;
      }
      end = start;
    }
    return null;
  }
}

const keyOf = ({ scope, unit }: BalanceAfter): BudgetKey => budgetKey(scope, unit);

/** The balances as an event leaves them; a decision states those that it was taken on, which are no statement. */
const statedBy = ({ data }: RecordedEvent): readonly BalanceAfter[] =>
  'balances' in data && !('decision' in data) ? data.balances : [];
