/** Kysely over the SQL connection port, so that one query runs here, in a worker, or in another database. */

import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import type { SqlConnection, SqlFlavour } from '../ports/read-store.port.js';

/**
 * A database whose statements run one after another on a connection. A transaction has the connection to
 * itself: whatever else is asked of this database meanwhile waits.
 */
export function exclusiveDatabase<Tables>(connection: SqlConnection): Kysely<Tables> {
  return new Kysely<Tables>({
    dialect: dialectOf(connection.flavour, () => new ExclusiveDriver(connection)),
  });
}

/** A database for single statements, which may overtake one another. Transactions are refused. */
export function sharedDatabase<Tables>(connection: SqlConnection): Kysely<Tables> {
  return new Kysely<Tables>({ dialect: dialectOf(connection.flavour, () => new SharedDriver(connection)) });
}

/** The database that a query will run in, for the little that has to be said differently. */
export const flavourOf = <Tables>(db: Kysely<Tables>): SqlFlavour =>
  db.getExecutor().adapter instanceof PostgresAdapter ? 'postgres' : 'sqlite';

const dialectOf = (flavour: SqlFlavour, createDriver: () => Driver): Dialect =>
  flavour === 'postgres'
    ? {
        createDriver,
        createAdapter: () => new PostgresAdapter(),
        createQueryCompiler: () => new PostgresQueryCompiler(),
        createIntrospector: (db: Kysely<unknown>) => new PostgresIntrospector(db),
      }
    : {
        createDriver,
        createAdapter: () => new SqliteAdapter(),
        createQueryCompiler: () => new SqliteQueryCompiler(),
        createIntrospector: (db: Kysely<unknown>) => new SqliteIntrospector(db),
      };

class PortConnection implements DatabaseConnection {
  constructor(private readonly connection: SqlConnection) {}

  async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    const { rows, affected } = await this.connection.execute({ sql, parameters });
    return { rows: rows as R[], numAffectedRows: BigInt(affected) };
  }

  // biome-ignore lint/correctness/useYield: the port has no cursors, and says so.
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error('the read store does not stream');
  }
}

class SharedDriver implements Driver {
  protected readonly single: PortConnection;

  constructor(connection: SqlConnection) {
    this.single = new PortConnection(connection);
  }

  async init(): Promise<void> {}
  async acquireConnection(): Promise<DatabaseConnection> {
    return this.single;
  }
  async releaseConnection(): Promise<void> {}
  async beginTransaction(): Promise<void> {
    throw new Error('this connection only reads: it has no transactions');
  }
  async commitTransaction(): Promise<void> {}
  async rollbackTransaction(): Promise<void> {}
  async destroy(): Promise<void> {}
}

/** SQLite takes its lock for writing at once, so that no transaction fails halfway for want of it. */
const BEGIN: Readonly<Record<SqlFlavour, string>> = { sqlite: 'begin immediate', postgres: 'begin' };

class ExclusiveDriver extends SharedDriver {
  private readonly waiting: (() => void)[] = [];
  private taken = false;
  private readonly begin: CompiledQuery;

  constructor(connection: SqlConnection) {
    super(connection);
    this.begin = CompiledQuery.raw(BEGIN[connection.flavour]);
  }

  override async acquireConnection(): Promise<DatabaseConnection> {
    if (this.taken) await new Promise<void>((resolve) => this.waiting.push(resolve));
    this.taken = true;
    return this.single;
  }

  override async releaseConnection(): Promise<void> {
    const next = this.waiting.shift();
    // The connection passes straight to the next in line, so that nobody can slip in between.
    if (next) next();
    else this.taken = false;
  }

  override async beginTransaction(): Promise<void> {
    await this.single.executeQuery(this.begin);
  }
  override async commitTransaction(): Promise<void> {
    await this.single.executeQuery(CompiledQuery.raw('commit'));
  }
  override async rollbackTransaction(): Promise<void> {
    await this.single.executeQuery(CompiledQuery.raw('rollback'));
  }
}
