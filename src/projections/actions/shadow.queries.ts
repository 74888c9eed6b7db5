/** The shadow report: what enforcing would have refused of what was only observed. */

import { sql } from 'kysely';
import type { ReadDatabase } from '../database.js';

export interface ShadowPeriod {
  readonly tenantId: string;
  /** From this moment on, up to, not including, the other; ms since the epoch. */
  readonly fromMs: number;
  readonly untilMs: number;
}

/** Observed decisions, repeats counted each; `denied` is how many of them enforcing would have refused. */
export interface ShadowCount {
  readonly observed: number;
  readonly denied: number;
}
export interface ShadowLine extends ShadowCount {
  /** The policy, kind, agent, reason, or hour (ms since the epoch, as text); null where there was none. */
  readonly name: string | null;
}

export interface ShadowReport {
  readonly total: ShadowCount;
  readonly byPolicy: readonly ShadowLine[];
  readonly byKind: readonly ShadowLine[];
  readonly byAgent: readonly ShadowLine[];
  readonly byReason: readonly ShadowLine[];
  readonly byHour: readonly ShadowLine[];
}

/** Lines of a breakdown; those with the most denials are kept. A month has 744 hours. */
const LINES_MAX = 1_000;
const HOUR_MS = 3_600_000;

const NAMES = {
  byPolicy: sql<string | null>`policy_id`,
  byKind: sql<string | null>`action_kind`,
  byAgent: sql<string | null>`agent`,
  byReason: sql<string | null>`reason_code`,
  byHour: sql<string | null>`proposed_at_ms - proposed_at_ms % ${sql.lit(HOUR_MS)}`,
} as const;

export class ShadowQueries {
  constructor(private readonly db: ReadDatabase) {}

  async report(period: ShadowPeriod): Promise<ShadowReport> {
    const [total] = await this.count(period, sql<string | null>`null`);
    const [byPolicy, byKind, byAgent, byReason, byHour] = await Promise.all([
      this.count(period, NAMES.byPolicy),
      this.count(period, NAMES.byKind),
      this.count(period, NAMES.byAgent),
      this.count(period, NAMES.byReason),
      this.count(period, NAMES.byHour),
    ]);
    return {
      total: { observed: total?.observed ?? 0, denied: total?.denied ?? 0 },
      byPolicy,
      byKind,
      byAgent,
      byReason: byReason.filter(({ name }) => name !== null),
      byHour: [...byHour].sort((a, b) => Number(a.name) - Number(b.name)),
    };
  }

  private async count(
    { tenantId, fromMs, untilMs }: ShadowPeriod,
    by: typeof NAMES.byKind,
  ): Promise<ShadowLine[]> {
    const rows = await this.db
      .selectFrom('actions')
      .select([
        by.as('name'),
        sql<bigint>`cast(sum(repeats) as bigint)`.as('observed'),
        sql<bigint>`cast(sum(case when decision = 'DENY' then repeats else 0 end) as bigint)`.as('denied'),
      ])
      .where('tenant_id', '=', tenantId)
      .where('observed', '=', 1n)
      .where('proposed_at_ms', '>=', BigInt(fromMs))
      .where('proposed_at_ms', '<', BigInt(untilMs))
      .groupBy(sql`1`)
      .orderBy('denied', 'desc')
      .orderBy('observed', 'desc')
      .orderBy('name', (order) => order.asc().nullsFirst())
      .limit(LINES_MAX)
      .execute();
    return rows.map(({ name, observed, denied }) => ({
      name: name === null ? null : String(name),
      observed: Number(observed),
      denied: Number(denied),
    }));
  }
}
