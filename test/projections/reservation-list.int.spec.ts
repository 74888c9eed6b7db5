/** Lists of reservations: filters, windows, orders and the cursors between their pages. */

import type { SortDirection } from '../../src/projections/ordering.js';
import {
  RESERVATION_SORTS,
  type ReservationListRequest,
} from '../../src/projections/reservations/reservation-list.queries.js';
import {
  ReservationQueries,
  type ReservationView,
} from '../../src/projections/reservations/reservations.queries.js';
import { type Acme, openAcme, TENANT } from './acme.js';
import { onEveryDatabase } from './databases.js';
import { toolCall } from './gate-calls.js';
import { createBudget, START_MS } from './ledger.js';

const IN_ACME = { filter: { tenantId: 'acme' } };
const YEAR_MS = 365 * 86_400_000;

onEveryDatabase(() => {
  describe('lists of reservations', () => {
    let acme: Acme;
    let queries: ReservationQueries;

    beforeEach(async () => {
      acme = await openAcme();
      acme.ledger.run('acme', createBudget(TENANT, 1_000_000n));
      queries = new ReservationQueries(acme.models.db);
    });
    afterEach(() => acme.models.close());

    /** Reserves at a subject, a second after whatever was before. */
    const reserveAt = (subject: Record<string, string>, amount = 1n, key: string | null = null): string => {
      acme.ledger.nowMs += 1_000;
      const reservationId = acme.ledger.reservationId();
      acme.ledger.run(
        'acme',
        {
          type: 'Reserve',
          reservationId,
          decisionId: acme.ledger.decisionId(),
          subject: { tenant: 'acme', ...subject },
          action: { kind: 'llm.completion', name: 'gpt' },
          estimate: { unit: 'TOKENS', amount },
          ttlMs: 60_000,
          gracePeriodMs: 5_000,
          overagePolicy: null,
          metadata: null,
        },
        { idempotencyKey: key },
      );
      return reservationId;
    };

    const list = async (asked: ReservationListRequest, nowMs = acme.ledger.nowMs) => {
      await acme.models.caughtUp();
      const { items } = await queries.list(asked, { limit: 200 }, nowMs);
      return items.map(({ reservationId }) => reservationId);
    };

    const where = (filter: Partial<ReservationListRequest['filter']>, nowMs?: number) =>
      list({ filter: { tenantId: 'acme', ...filter } }, nowMs);

    /** Every page in turn; `between` runs after each, as a ledger goes on while it is read. */
    const pages = async (asked: ReservationListRequest, limit: number, between = () => {}) => {
      const seen: ReservationView[] = [];
      let cursor: string | null = null;
      do {
        await acme.models.caughtUp();
        const page: Awaited<ReturnType<ReservationQueries['list']>> = await queries.list(
          asked,
          { limit, cursor },
          acme.ledger.nowMs,
        );
        seen.push(...page.items);
        cursor = page.nextCursor;
        if (seen.length > 1_000) throw new Error('the pages come to no end');
        between();
      } while (cursor !== null);
      return seen;
    };

    it('find the one reservation of an idempotency key, and never a hold of the gate', async () => {
      const lost = reserveAt({}, 1n, 'key-1');
      reserveAt({}, 1n, 'key-2');
      acme.ledger.run('acme', createBudget(TENANT, 1_000n, { unit: 'RISK_POINTS' }));
      acme.ledger.run('acme', toolCall(acme.ledger, { sessionId: 's1', points: 20 }), {
        idempotencyKey: 'key-1',
      });
      expect(await list(IN_ACME)).toHaveLength(3);
      expect(await where({ idempotencyKey: 'key-1' })).toEqual([lost]);
      expect(await where({ idempotencyKey: 'key' })).toEqual([]);
    });

    it('match the values of levels whole and in any case, wherever they stand', async () => {
      const deep = reserveAt({ workspace: 'prod', app: 'IDE', agent: 'a_b' });
      const flat = reserveAt({ app: 'ide', agent: 'axb' });
      reserveAt({ app: 'ide-2' });
      expect(await where({ levels: { app: 'Ide' } })).toEqual([flat, deep]);
      expect(await where({ levels: { agent: 'a_b' } })).toEqual([deep]);
      expect(await where({ levels: { app: 'ide', workspace: 'prod' } })).toEqual([deep]);
      expect(await where({ levels: { workflow: 'ide' } })).toEqual([]);
    });

    it('show what lies within any of a key’s scopes', async () => {
      const one = reserveAt({ app: 'ide', agent: 'bot' });
      const two = reserveAt({ app: 'web' });
      reserveAt({ agent: 'bot' });
      const within = (...entries: string[]) => list({ ...IN_ACME, within: entries });
      expect(await within('app:ide', 'APP:web')).toEqual([two, one]);
      expect(await within('app:*')).toEqual([two, one]);
      expect(await within('tenant:acme/app:ide/agent:*')).toEqual([one]);
      expect(await within('app:none')).toEqual([]);
      expect(await within()).toHaveLength(3);
    });

    it('tell the statuses apart, an expiry before it is recorded included', async () => {
      const expired = reserveAt({});
      const expiredAtMs = acme.ledger.nowMs + 65_000;
      const committed = reserveAt({});
      acme.commit(committed as never, 1n);
      const released = reserveAt({});
      acme.release(released as never);
      acme.ledger.nowMs = expiredAtMs;
      const active = reserveAt({});
      for (const settle of [() => {}, () => acme.ledger.settleDue('acme')]) {
        settle();
        expect(await where({ status: 'ACTIVE' })).toEqual([active]);
        expect(await where({ status: 'EXPIRED' })).toEqual([expired]);
        expect(await where({ status: 'COMMITTED' })).toEqual([committed]);
        expect(await where({ status: 'RELEASED' })).toEqual([released]);
      }
      expect(await where({ status: 'ACTIVE' }, START_MS + YEAR_MS)).toEqual([]);
    });

    it('keep to inclusive windows of creation, expiry and end', async () => {
      const one = reserveAt({});
      const two = reserveAt({});
      const three = reserveAt({});
      const atMs = (nth: number) => START_MS + nth * 1_000;
      expect(await where({ created: { fromMs: atMs(2) } })).toEqual([three, two]);
      expect(await where({ created: { toMs: atMs(2) } })).toEqual([two, one]);
      expect(await where({ created: { fromMs: atMs(2), toMs: atMs(2) } })).toEqual([two]);
      expect(await where({ expires: { fromMs: atMs(63) } })).toEqual([three]);
      expect(await where({ expires: { toMs: atMs(61) } })).toEqual([one]);
      acme.ledger.nowMs = atMs(10);
      acme.commit(two as never, 1n);
      acme.ledger.nowMs = START_MS + 90_000;
      acme.ledger.settleDue('acme');
      expect(await where({ finalized: { fromMs: 0 } })).toEqual([two]);
      expect(await where({ finalized: { fromMs: atMs(10), toMs: atMs(10) } })).toEqual([two]);
      expect(await where({ finalized: { toMs: atMs(9) } })).toEqual([]);
      expect(await where({ created: { fromMs: atMs(3) }, finalized: { fromMs: 0 } })).toEqual([]);
    });

    it('come in the order asked for, the same on any length of page', async () => {
      const amounts = [3n, 9_007_199_254n, 1n, 3n, 2n, 3n];
      for (const [nth, amount] of amounts.entries()) {
        const made = reserveAt({ app: `a${(nth * 7) % 4}` }, amount);
        if (nth % 2 === 0) acme.commit(made as never, 1n);
      }
      const sortedBy = (view: ReservationView, sort: (typeof RESERVATION_SORTS)[number]) =>
        ({
          reservation_id: view.reservationId,
          tenant: view.tenantId,
          scope_path: view.scopePath,
          status: view.status,
          reserved: view.reserved,
          created_at_ms: view.createdAtMs,
          expires_at_ms: view.expiresAtMs,
        })[sort];
      for (const sortBy of RESERVATION_SORTS) {
        for (const direction of ['asc', 'desc'] satisfies SortDirection[]) {
          const asked = { ...IN_ACME, sortBy, direction };
          const whole = await pages(asked, 200);
          const values = whole.map((view) => sortedBy(view, sortBy));
          const sign = direction === 'asc' ? 1 : -1;
          expect(values).toEqual([...values].sort((a, b) => (a < b ? -sign : a > b ? sign : 0)));
          expect(await pages(asked, 1)).toEqual(whole);
          expect(await pages(asked, 4)).toEqual(whole);
        }
      }
    });

    it('neither repeat nor miss anything while reservations are added', async () => {
      const there = Array.from({ length: 5 }, (_, nth) => reserveAt({}, BigInt(nth % 2)));
      for (const sortBy of ['created_at_ms', 'reserved'] as const) {
        const seen = await pages({ ...IN_ACME, sortBy }, 2, () => reserveAt({}, 1n));
        const ids = seen.map(({ reservationId }) => reservationId);
        expect(new Set(ids).size).toBe(ids.length);
        expect(ids).toEqual(expect.arrayContaining(there));
      }
    });

    it('give out cursors that are good for the same question only', async () => {
      reserveAt({ app: 'ide' });
      reserveAt({ app: 'ide' });
      await acme.models.caughtUp();
      const cursorOf = async (asked: ReservationListRequest) =>
        (await queries.list(asked, { limit: 1 }, acme.ledger.nowMs)).nextCursor;
      const cursor = await cursorOf(IN_ACME);
      expect(cursor).not.toBeNull();
      const others: ReservationListRequest[] = [
        { filter: { tenantId: 'globex' } },
        { filter: { tenantId: 'acme', levels: { app: 'ide' } } },
        { filter: { tenantId: 'acme', status: 'ACTIVE' } },
        { filter: { tenantId: 'acme', created: { fromMs: 0 } } },
        { ...IN_ACME, sortBy: 'reserved' },
        { ...IN_ACME, direction: 'asc' },
      ];
      for (const asked of others) {
        await expect(queries.list(asked, { limit: 1, cursor }, acme.ledger.nowMs)).rejects.toThrow('cursor');
      }
      const again = { ...IN_ACME, sortBy: 'created_at_ms', direction: 'desc' } as const;
      expect((await queries.list(again, { limit: 5, cursor }, acme.ledger.nowMs)).items).toHaveLength(1);
    });

    it('take no cursor that was made up', async () => {
      reserveAt({});
      reserveAt({});
      await acme.models.caughtUp();
      const asked = { ...IN_ACME, sortBy: 'reserved' } as const;
      const { nextCursor } = await queries.list(asked, { limit: 1 }, acme.ledger.nowMs);
      const [question] = JSON.parse(Buffer.from(nextCursor ?? '', 'base64url').toString()) as string[];
      const forged = [[question], [question, 'x', '1'], [question, '1', 'x'], [question, '', ''], 'x', null];
      for (const key of forged) {
        const cursor = Buffer.from(JSON.stringify(key)).toString('base64url');
        await expect(queries.list(asked, { limit: 1, cursor }, acme.ledger.nowMs)).rejects.toThrow('cursor');
      }
    });
  });
});
