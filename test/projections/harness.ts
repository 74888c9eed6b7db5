/** Runs the real projector over a test ledger, on an empty read database. */

import type { Kysely } from 'kysely';
import { createEventCodec } from '../../src/adapters/event-codec/codec.js';
import type { EventCodec } from '../../src/ports/event-codec.port.js';
import type { EventReader } from '../../src/ports/event-store.port.js';
import type { SqlConnection } from '../../src/ports/read-store.port.js';
import { PROJECTIONS } from '../../src/projections/catalogue.js';
import type { ReadTables } from '../../src/projections/database.js';
import { exclusiveDatabase } from '../../src/projections/dialect.js';
import type { Projection } from '../../src/projections/projection.js';
import { Projector } from '../../src/projections/projector.js';
import type { AnyTables, Row, TableDefinition } from '../../src/projections/table.js';
import { openDatabase } from './databases.js';

export interface TestReadModels {
  readonly connection: SqlConnection;
  readonly db: Kysely<ReadTables>;
  projector: Projector;
  /** Resolves once every read model has applied everything, or has stopped. */
  caughtUp(): Promise<void>;
  /** All rows of a read model's table, in order of its key. */
  rows<T extends TableDefinition>(table: T): Promise<Row<T>[]>;
  close(): Promise<void>;
}

export interface TestOptions {
  readonly projections?: readonly Projection[];
  readonly pageEvents?: number;
  readonly codec?: EventCodec;
  /** An earlier database to go on with. */
  readonly connection?: SqlConnection;
}

export async function project(reader: EventReader, options: TestOptions = {}): Promise<TestReadModels> {
  const connection = options.connection ?? (await openDatabase());
  const tables = exclusiveDatabase<AnyTables>(connection);
  let progressed: () => void = () => {};
  const projector = new Projector({
    db: tables,
    reader,
    codec: options.codec ?? createEventCodec(),
    projections: options.projections ?? PROJECTIONS,
    onProgress: () => progressed(),
    ...(options.pageEvents === undefined ? {} : { pageEvents: options.pageEvents }),
  });
  const isDone = async () => {
    const head = await reader.headPosition();
    return projector
      .status()
      .every((each) => each.stopped !== null || (each.position >= head && each.rebuilding === null));
  };
  await projector.start();
  return {
    connection,
    db: tables as unknown as Kysely<ReadTables>,
    projector,
    async caughtUp() {
      while (!(await isDone())) {
        await new Promise<void>((resolve) => {
          progressed = resolve;
        });
      }
    },
    async rows<T extends TableDefinition>(table: T) {
      let select = tables.selectFrom(table.name).selectAll();
      for (const column of table.primaryKey) select = select.orderBy(column);
      return (await select.execute()) as unknown as Row<T>[];
    },
    close: () => projector.stop(),
  };
}
