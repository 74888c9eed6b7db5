/** Which generation of each read model is live, and the checkpoint each has reached. */

import { CompiledQuery, type Kysely } from 'kysely';
import { flavourOf } from './dialect.js';
import type { Projection } from './projection.js';
import { type AnyTables, createTable, type Row, type TableDefinition, tableName } from './table.js';

const GENERATIONS = 'read_models';

/** One row a generation; the live one is what the views show, another one is being built beside it. */
export const generationsTable = {
  name: GENERATIONS,
  columns: {
    name: 'text',
    generation: 'integer',
    version: 'integer',
    position: 'integer',
    event_id: 'text?',
    live: 'integer',
  },
  primaryKey: ['name', 'generation'],
  indexes: [],
} as const satisfies TableDefinition;

/** Where a projection stands: the last event it has applied. */
export interface Checkpoint {
  readonly position: number;
  readonly eventId: string | null;
}
export interface Generation extends Checkpoint {
  readonly name: string;
  readonly generation: number;
  readonly version: number;
  readonly live: boolean;
}

const START: Checkpoint = { position: 0, eventId: null };

export class Generations {
  constructor(private readonly db: Kysely<AnyTables>) {}

  async createSchema(): Promise<void> {
    await this.db.schema
      .createTable(GENERATIONS)
      .ifNotExists()
      .addColumn('name', 'text', (col) => col.notNull())
      .addColumn('generation', 'bigint', (col) => col.notNull())
      .addColumn('version', 'bigint', (col) => col.notNull())
      .addColumn('position', 'bigint', (col) => col.notNull())
      .addColumn('event_id', 'text')
      .addColumn('live', 'bigint', (col) => col.notNull())
      .addPrimaryKeyConstraint(`${GENERATIONS}_key`, ['name', 'generation'])
      .execute();
  }

  async of(name: string): Promise<Generation[]> {
    const rows = await this.db.selectFrom(GENERATIONS).selectAll().where('name', '=', name).execute();
    return (rows as unknown as Row<typeof generationsTable>[]).map(generationOf);
  }

  /** Every generation of every read model. */
  async all(): Promise<Generation[]> {
    const rows = await this.db.selectFrom(GENERATIONS).selectAll().execute();
    return (rows as unknown as Row<typeof generationsTable>[]).map(generationOf);
  }

  /** Creates the tables of a new generation, empty, and live at once when it is the first. */
  async create(projection: Projection): Promise<Generation> {
    const { name, version, tables } = projection;
    const others = await this.of(name);
    const generation = 1 + Math.max(0, ...others.map((other) => other.generation));
    const live = !others.some((other) => other.live);
    await this.db.transaction().execute(async (trx) => {
      for (const table of tables) await createTable(trx, table, generation);
      if (live) await showTables(trx, tables, generation);
      await trx
        .insertInto(GENERATIONS)
        .values({ name, generation, version, position: 0, event_id: null, live: live ? 1 : 0 })
        .execute();
    });
    return { name, generation, version, live, ...START };
  }

  /** Drops a generation that is not live. Its tables may be those of an older version of the projection. */
  async drop(projection: Projection, { generation }: Generation): Promise<void> {
    await this.db.transaction().execute((trx) => dropTables(trx, projection, generation));
  }

  /** Makes a generation the live one and drops the one it replaces, in one transaction. */
  async swapIn(projection: Projection, next: Generation): Promise<Generation> {
    const { name, tables } = projection;
    const replaced = (await this.of(name)).filter((other) => other.generation !== next.generation);
    await this.db.transaction().execute(async (trx) => {
      await showTables(trx, tables, next.generation);
      for (const old of replaced) await dropTables(trx, projection, old.generation);
      await trx
        .updateTable(GENERATIONS)
        .set({ live: 1 })
        .where('name', '=', name)
        .where('generation', '=', next.generation)
        .execute();
    });
    return { ...next, live: true };
  }
}

const generationOf = (row: Row<typeof generationsTable>): Generation => ({
  name: row.name,
  generation: Number(row.generation),
  version: Number(row.version),
  position: Number(row.position),
  eventId: row.event_id,
  live: row.live === 1n,
});

/** Points the plain names at the tables of a generation. */
async function showTables(
  db: Kysely<AnyTables>,
  tables: readonly TableDefinition[],
  generation: number,
): Promise<void> {
  for (const { name } of tables) {
    await db.schema.dropView(name).ifExists().execute();
    await db.schema
      .createView(name)
      .as(db.selectFrom(tableName(name, generation)).selectAll())
      .execute();
  }
}

async function dropTables(
  db: Kysely<AnyTables>,
  { name, tables }: Projection,
  generation: number,
): Promise<void> {
  for (const table of tables)
    await db.schema.dropTable(tableName(table.name, generation)).ifExists().execute();
  await db.deleteFrom(GENERATIONS).where('name', '=', name).where('generation', '=', generation).execute();
}

/** Written out, since to compile it with every batch would cost more than to run it. */
const advanceSql = (sign: '?' | '$'): string =>
  `update "${GENERATIONS}" set position = ${sign}1, event_id = ${sign}2 where name = ${sign}3 and generation = ${sign}4 and position = ${sign}5`;
const ADVANCE = { sqlite: advanceSql('?'), postgres: advanceSql('$') } as const;

/** How an attempt to advance a checkpoint ended. */
export type Advance =
  /** It stood where it was expected and has moved. */
  | 'stored'
  /** It stands at the new place already: the batch was applied before. */
  | 'ignored'
  /** It stands somewhere else: somebody else advances it. */
  | 'mismatch';

/**
 * Advances a checkpoint by compare-and-set. To be called first in the transaction that writes the rows, which
 * must be rolled back unless the answer is `stored`.
 */
export async function advance(
  db: Kysely<AnyTables>,
  at: Pick<Generation, 'name' | 'generation'>,
  { from, to }: { readonly from: Checkpoint; readonly to: Checkpoint },
): Promise<Advance> {
  const { numAffectedRows } = await db.executeQuery(
    CompiledQuery.raw(ADVANCE[flavourOf(db)], [
      to.position,
      to.eventId,
      at.name,
      at.generation,
      from.position,
    ]),
  );
  if (numAffectedRows === 1n) return 'stored';
  return (await checkpointOf(db, at))?.position === to.position ? 'ignored' : 'mismatch';
}

/** The stored checkpoint of a generation; undefined when the generation is gone. */
export async function checkpointOf(
  db: Kysely<AnyTables>,
  { name, generation }: Pick<Generation, 'name' | 'generation'>,
): Promise<Checkpoint | undefined> {
  const row = await db
    .selectFrom(GENERATIONS)
    .select(['position', 'event_id'])
    .where('name', '=', name)
    .where('generation', '=', generation)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  return { position: Number(row['position']), eventId: row['event_id'] as string | null };
}
