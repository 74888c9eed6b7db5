/** Several nodes over one PostgreSQL: one projects, all read, and another takes over. */

import { createEventCodec } from '../../src/adapters/event-codec/codec.js';
import { SharedReadService } from '../../src/adapters/read-store/shared.js';
import type { ProjectionStatus } from '../../src/ports/read-store.port.js';
import { PROJECTIONS } from '../../src/projections/catalogue.js';
import { exclusiveDatabase } from '../../src/projections/dialect.js';
import { progressOf } from '../../src/projections/progress.js';
import { Projector } from '../../src/projections/projector.js';
import type { AnyTables } from '../../src/projections/table.js';
import { eventually } from '../event-store/eventually.js';
import { Cut } from '../postgres/cut.js';
import { addressOf, dropSchema, freshSchema, hasPostgres } from '../postgres/postgres.js';
import { createBudget, openTenant, TestLedger } from './ledger.js';

const NAMES = PROJECTIONS.map(({ name }) => name);

interface Node {
  readonly service: SharedReadService;
  readonly troubles: string[];
  /** How often it has begun to project. */
  readonly leads: () => number;
  readonly status: () => readonly ProjectionStatus[];
}

const nodes: Node[] = [];

async function nodeOver(ledger: TestLedger, url: string): Promise<Node> {
  const troubles: string[] = [];
  let leads = 0;
  let status: readonly ProjectionStatus[] = [];
  let head = 0;
  const service = new SharedReadService({
    address: addressOf(url),
    names: NAMES,
    pullInto: (connection, onProgress) => {
      leads += 1;
      const db = exclusiveDatabase<AnyTables>(connection);
      return new Projector({
        db,
        reader: ledger,
        codec: createEventCodec(),
        projections: PROJECTIONS,
        onProgress,
        mayBeOthers: true,
      });
    },
    progress: (connection) => progressOf(connection, PROJECTIONS, head),
    onAppended: (listener) =>
      ledger.onAppended((position) => {
        head = position;
        listener();
      }),
    report: (projections) => {
      status = projections;
    },
    onTrouble: (message) => troubles.push(message),
  });
  const node = { service, troubles, leads: () => leads, status: () => status };
  nodes.push(node);
  await service.open();
  return node;
}

const scopesSeenBy = async ({ service }: Node): Promise<unknown[]> => {
  const sql = 'select scope from balances order by scope';
  const { rows } = await service.queries.execute({ sql, parameters: [] });
  return rows.map((row) => row['scope']);
};

const describing = hasPostgres() ? describe : describe.skip;

describing('nodes that share a PostgreSQL', () => {
  let url: string;
  let ledger: TestLedger;
  beforeEach(async () => {
    url = await freshSchema();
    ledger = new TestLedger();
    ledger.run('acme', openTenant('acme'));
    ledger.run('acme', createBudget('tenant:acme', 100n));
  });
  afterEach(async () => {
    for (const { service } of nodes.splice(0)) await service.close();
    await dropSchema(url);
  });

  it('has one of them project, while all of them read what it wrote', async () => {
    const [one, other] = [await nodeOver(ledger, url), await nodeOver(ledger, url)];
    for (const app of ['a', 'b', 'c']) ledger.run('acme', createBudget(`tenant:acme/app:${app}`, 1n));
    for (const node of [one, other]) {
      await eventually(async () => expect(await scopesSeenBy(node)).toHaveLength(4));
      await eventually(async () => expect(node.status().map(({ lag }) => lag)).toEqual(NAMES.map(() => 0)));
    }
    expect([one.leads(), other.leads()]).toEqual([1, 0]);
    await expect(other.service.rebuild('all', () => undefined)).rejects.toThrow('another node');
    await one.service.rebuild('all', () => undefined);
    expect(await scopesSeenBy(other)).toHaveLength(4);
  });

  it('has another go on where one ended', async () => {
    const [one, other] = [await nodeOver(ledger, url), await nodeOver(ledger, url)];
    await eventually(async () => expect(await scopesSeenBy(one)).toHaveLength(1));
    await one.service.close();
    ledger.run('acme', createBudget('tenant:acme/app:late', 1n));
    await eventually(async () => expect(await scopesSeenBy(other)).toHaveLength(2));
    expect(other.leads()).toBe(1);
  });

  it('turns queries away at once while it is gone, says so once, and goes on when it is back', async () => {
    const way = await Cut.before(url);
    const node = await nodeOver(ledger, way.url);
    await eventually(async () => expect(await scopesSeenBy(node)).toHaveLength(1));
    way.cut();
    await eventually(async () => expect(node.troubles).toHaveLength(1));
    await expect(scopesSeenBy(node)).rejects.toMatchObject({ kind: 'fault' });
    expect(node.status().every(({ fault }) => fault !== null)).toBe(true);
    ledger.run('acme', createBudget('tenant:acme/app:meanwhile', 1n));
    way.mend();
    await eventually(async () => expect(await scopesSeenBy(node)).toHaveLength(2));
    await eventually(async () => expect(node.status().every(({ fault }) => fault === null)).toBe(true));
    expect(node.troubles).toHaveLength(2);
    expect(node.troubles[1]).toMatch(/is back$/);
    expect(node.troubles.join()).not.toContain('postgres://');
    way.close();
  });

  it('waits at its start for one that is not there yet', async () => {
    const way = await Cut.before(url);
    way.cut();
    const opening = nodeOver(ledger, way.url);
    await eventually(async () => expect(nodes[0]?.troubles).toHaveLength(1));
    way.mend();
    const node = await opening;
    await eventually(async () => expect(await scopesSeenBy(node)).toHaveLength(1));
    way.close();
  });

  it('makes the read models anew when their schema is dropped under them', async () => {
    const node = await nodeOver(ledger, url);
    await eventually(async () => expect(await scopesSeenBy(node)).toHaveLength(1));
    await dropSchema(url);
    ledger.run('acme', createBudget('tenant:acme/app:after', 1n));
    await eventually(async () => expect(await scopesSeenBy(node)).toHaveLength(2));
  });

  it('leaves the read models of another ledger alone, and does not start', async () => {
    const node = await nodeOver(ledger, url);
    await eventually(async () => expect(await scopesSeenBy(node)).toHaveLength(1));
    await node.service.close();
    const others = new TestLedger();
    others.mint('other');
    others.nowMs += 1;
    others.run('beta', openTenant('beta'));
    others.run('beta', createBudget('tenant:beta', 1n));
    await expect(nodeOver(others, url)).rejects.toThrow('of another ledger');
    const again = await nodeOver(ledger, url);
    expect(await scopesSeenBy(again)).toEqual(['tenant:acme']);
  });
});
