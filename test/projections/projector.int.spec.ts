/** The projector: checkpoints, batches, rebuilds, and events that do not apply. */

import fc from 'fast-check';
import { createEventCodec } from '../../src/adapters/event-codec/codec.js';
import type { EventCodec } from '../../src/ports/event-codec.port.js';
import { ReadStoreFault, type SqlConnection } from '../../src/ports/read-store.port.js';
import { balancesProjection } from '../../src/projections/balances/balances.projection.js';
import { balancesTable } from '../../src/projections/balances/balances.table.js';
import { PROJECTIONS } from '../../src/projections/catalogue.js';
import { exclusiveDatabase } from '../../src/projections/dialect.js';
import { directoryProjection } from '../../src/projections/directory/directory.projection.js';
import { advance, Generations } from '../../src/projections/generations.js';
import { Lane } from '../../src/projections/lane.js';
import type { Projection } from '../../src/projections/projection.js';
import type { AnyTables } from '../../src/projections/table.js';
import { onEveryDatabase, openDatabase, runsHere } from './databases.js';
import { project, type TestReadModels } from './harness.js';
import { createBudget, openTenant, TestLedger } from './ledger.js';
import { randomLedger } from './random-ledger.js';

const TABLES = PROJECTIONS.flatMap(({ tables }) => tables);

/** Every row of every read model. */
async function everything(models: TestReadModels) {
  const rows: Record<string, unknown> = {};
  for (const table of TABLES) rows[table.name] = await models.rows(table);
  return rows;
}

function smallLedger(): TestLedger {
  const ledger = new TestLedger();
  ledger.run('acme', openTenant('acme'));
  ledger.run('acme', createBudget('tenant:acme', 100n));
  ledger.run('acme', createBudget('tenant:acme/app:ide', 10n));
  return ledger;
}

onEveryDatabase(() => {
  describe('a checkpoint', () => {
    const at = async () => {
      const db = exclusiveDatabase<AnyTables>(await openDatabase());
      const generations = new Generations(db);
      await generations.createSchema();
      return { db, generation: await generations.create(balancesProjection) };
    };
    const place = (position: number) => ({ position, eventId: `event-${position}` });

    it('advances from where it stands, once', async () => {
      const { db, generation } = await at();
      expect(await advance(db, generation, { from: generation, to: place(5) })).toBe('stored');
      expect(await advance(db, generation, { from: generation, to: place(5) })).toBe('ignored');
      expect(await advance(db, generation, { from: generation, to: place(9) })).toBe('mismatch');
      expect(await advance(db, generation, { from: place(5), to: place(9) })).toBe('stored');
    });

    it('keeps a second projector from applying a batch again', async () => {
      const { db, generation } = await at();
      const ledger = smallLedger();
      const codec = createEventCodec();
      const page = ledger.stored.map((stored) => ({ ...stored, event: codec.decode(stored) }));
      const one = new Lane(balancesProjection, generation, db);
      const other = new Lane(balancesProjection, generation, db);
      await one.apply(page);
      const before = await db.selectFrom('balances').selectAll().execute();
      await other.apply(page);
      expect(other).toMatchObject({ position: 3, stopped: null });
      expect(await db.selectFrom('balances').selectAll().execute()).toEqual(before);
      const third = new Lane(balancesProjection, generation, db);
      await third.apply(page.slice(0, 2));
      expect(third).toMatchObject({ position: 3, stopped: null });
    });
  });

  describe('the projector', () => {
    it('makes the same rows whatever the pages are, and when it rebuilds', async () => {
      await fc.assert(
        fc.asyncProperty(fc.integer(), fc.integer({ min: 1, max: 40 }), async (seed, pageEvents) => {
          const ledger = randomLedger(seed, 150);
          const inOne = await project(ledger, { pageEvents: 10_000 });
          const inPages = await project(ledger, { pageEvents });
          await inOne.caughtUp();
          await inPages.caughtUp();
          const rows = await everything(inOne);
          expect(inOne.projector.status().map(({ stopped }) => stopped)).toEqual(PROJECTIONS.map(() => null));
          expect(await everything(inPages)).toEqual(rows);
          await inPages.projector.rebuild(PROJECTIONS.map(({ name }) => name));
          expect(await everything(inPages)).toEqual(rows);
          await inOne.close();
          await inPages.close();
        }),
        { numRuns: runsHere(8) },
      );
    });

    it('agrees with the folded state on every balance', async () => {
      await fc.assert(
        fc.asyncProperty(fc.integer(), async (seed) => {
          const ledger = randomLedger(seed, 200);
          const models = await project(ledger, { projections: [balancesProjection] });
          await models.caughtUp();
          for (const row of await models.rows(balancesTable)) {
            const budget = ledger.state(row.tenant_id).budgets.get(`${row.scope}|${row.unit}` as never);
            if (budget === undefined) expect(row.status).toBe('CLOSED');
            else {
              const { allocated, spent, reserved, debt, uncovered, status } = budget;
              expect(row).toMatchObject({ allocated, spent, reserved, debt, uncovered, status });
            }
          }
          await models.close();
        }),
        { numRuns: runsHere(15) },
      );
    });

    it('goes on from its checkpoint after a restart between two batches', async () => {
      const ledger = smallLedger();
      const first = await project(ledger);
      await first.caughtUp();
      await first.close();
      ledger.run('acme', createBudget('tenant:acme/app:web', 7n));
      const second = await project(ledger, { connection: first.connection });
      await second.caughtUp();
      expect((await second.rows(balancesTable)).map(({ scope }) => scope)).toEqual([
        'tenant:acme',
        'tenant:acme/app:ide',
        'tenant:acme/app:web',
      ]);
      await second.close();
    });

    it('applies nothing of a batch whose transaction is cut short', async () => {
      const ledger = smallLedger();
      const connection = await openDatabase();
      const failing = new FailingOnce(connection, /^update "read_models"/i);
      const models = await project(ledger, { connection: failing });
      await models.caughtUp();
      expect(failing.hasFailed).toBe(true);
      expect(await models.rows(balancesTable)).toHaveLength(2);
      expect(models.projector.status().map(({ fault }) => fault)).toEqual(PROJECTIONS.map(() => null));
      await models.close();
    });

    it('goes on with a rebuild that a stop has cut short, from where it was', async () => {
      const ledger = randomLedger(7, 300);
      const projections = [balancesProjection];
      const first = await project(ledger, { projections, pageEvents: 10 });
      await first.caughtUp();
      const before = await first.rows(balancesTable);
      let seen = 0;
      const rebuilding = first.projector.rebuild(['balances'], ({ position }) => {
        if (position < 100 || seen > 0) return;
        seen = position;
        void first.projector.stop();
      });
      await expect(rebuilding).rejects.toThrow('cut short');
      expect(seen).toBeGreaterThanOrEqual(100);
      const { connection } = first;
      const second = await project(ledger, { projections, connection, pageEvents: 10 });
      expect(second.projector.status()[0]?.rebuilding).toBeGreaterThanOrEqual(seen);
      await second.caughtUp();
      expect(await second.rows(balancesTable)).toEqual(before);
      const stored = await new Generations(exclusiveDatabase<AnyTables>(connection)).of('balances');
      expect(stored).toMatchObject([{ live: true, generation: 2 }]);
      await second.close();
    });

    it('stops exactly in front of an event that contradicts its rows, and names it', async () => {
      const ledger = smallLedger();
      const [, , poisoned] = ledger.stored;
      if (poisoned === undefined) throw new Error('the ledger has three events');
      const again = JSON.parse(poisoned.data) as Record<string, unknown>;
      ledger.stored[2] = { ...poisoned, data: JSON.stringify({ ...again, scope: 'tenant:acme' }) };
      ledger.run('acme', createBudget('tenant:acme/app:web', 7n));
      const models = await project(ledger);
      await models.caughtUp();
      const status = models.projector.status().find(({ name }) => name === 'balances');
      expect(status).toMatchObject({
        position: 2,
        lag: 2,
        stopped: { position: 3, eventId: poisoned.id, eventType: 'BudgetCreated' },
      });
      expect(status?.stopped?.error).toMatch(/unique/i);
      expect(await models.rows(balancesTable)).toHaveLength(1);
      const directory = models.projector.status().find(({ name }) => name === 'directory');
      expect(directory).toMatchObject({ position: 4, stopped: null });
      await expect(models.projector.rebuild(['balances'])).rejects.toThrow(poisoned.id);
      expect(await models.rows(balancesTable)).toHaveLength(1);
      await models.close();
    });

    it('stops at an event that changes a row which is not there', async () => {
      const ledger = smallLedger();
      ledger.run('acme', { type: 'FreezeBudget', scope: 'tenant:acme', unit: 'TOKENS', reason: null });
      ledger.stored.splice(1, 1);
      const models = await project(ledger, { projections: [balancesProjection] });
      await models.caughtUp();
      expect(models.projector.status()[0]?.stopped).toMatchObject({ eventType: 'BudgetFrozen' });
      await models.close();
    });

    it('stops at an event that the codec cannot read', async () => {
      const ledger = smallLedger();
      const unread: EventCodec = {
        decode(stored) {
          if (stored.position === 3) throw new Error('not known here');
          return createEventCodec().decode(stored);
        },
      };
      const models = await project(ledger, { codec: unread });
      await models.caughtUp();
      for (const each of models.projector.status()) {
        expect(each).toMatchObject({ position: 2, stopped: { position: 3, error: 'not known here' } });
      }
      await models.close();
    });

    it('rebuilds a read model of another version beside the old one, and swaps it in', async () => {
      const ledger = smallLedger();
      const first = await project(ledger, { projections: [directoryProjection] });
      await first.caughtUp();
      await first.close();
      const version = directoryProjection.version + 1;
      const renamed: Projection = {
        ...directoryProjection,
        version,
        project(event, changes) {
          const data = event.type === 'TenantOpened' ? { ...event.data, name: 'renamed' } : event.data;
          directoryProjection.project({ ...event, data } as typeof event, changes);
        },
      };
      const second = await project(ledger, { projections: [renamed], connection: first.connection });
      await second.caughtUp();
      expect(second.projector.status()).toMatchObject([{ version, position: 3, rebuilding: null }]);
      const names = await second.db.selectFrom('tenants').select('name').execute();
      expect(names).toEqual([{ name: 'renamed' }]);
      ledger.run('beta', openTenant('beta'));
      await second.caughtUp();
      expect(await second.db.selectFrom('tenants').select('name').execute()).toHaveLength(2);
      await second.close();
    });

    it('begins anew when the log is not the one it has read', async () => {
      const first = await project(smallLedger(), { projections: [directoryProjection] });
      await first.caughtUp();
      await first.close();
      const other = new TestLedger();
      other.mint('any');
      other.run('beta', openTenant('beta'));
      other.run('beta', createBudget('tenant:beta', 1n));
      other.run('beta', createBudget('tenant:beta/app:ide', 1n));
      const second = await project(other, {
        projections: [directoryProjection],
        connection: first.connection,
      });
      await second.caughtUp();
      const tenants = await second.db.selectFrom('tenants').select('tenant_id').execute();
      expect(tenants).toEqual([{ tenant_id: 'beta' }]);
      await second.close();
    });

    it('keeps applying and answering while it rebuilds, one rebuild of a read model at a time', async () => {
      const ledger = randomLedger(7, 300);
      const models = await project(ledger, { pageEvents: 16 });
      await models.caughtUp();
      const seen: number[] = [];
      const rebuilding = models.projector.rebuild(['balances'], ({ position }) => {
        seen.push(position);
        if (seen.length === 3) ledger.run('gamma', openTenant('gamma'));
        if (seen.length === 4) ledger.run('gamma', createBudget('tenant:gamma', 3n));
      });
      await expect(models.projector.rebuild(['balances'])).rejects.toThrow('being rebuilt');
      await expect(models.projector.rebuild(['nothing'])).rejects.toThrow('no read model');
      expect(await models.rows(balancesTable)).not.toHaveLength(0);
      await rebuilding;
      await models.caughtUp();
      expect(seen).toEqual([...seen].sort((a, b) => a - b));
      const found = await models.db
        .selectFrom('balances')
        .selectAll()
        .where('tenant_id', '=', 'gamma')
        .execute();
      expect(found).toMatchObject([{ allocated: 3n }]);
      await models.close();
    });
  });
});

/** Fails one matching statement after it was executed, as a crash in a transaction would. */
class FailingOnce implements SqlConnection {
  readonly flavour: SqlConnection['flavour'];
  hasFailed = false;

  constructor(
    private readonly connection: SqlConnection,
    private readonly pattern: RegExp,
  ) {
    this.flavour = connection.flavour;
  }

  async execute(statement: Parameters<SqlConnection['execute']>[0]) {
    const result = await this.connection.execute(statement);
    if (!this.hasFailed && this.pattern.test(statement.sql)) {
      this.hasFailed = true;
      throw new ReadStoreFault('disk full', 'fault');
    }
    return result;
  }
}
