/** PostgreSQL as the read store: connections whose integers are exact and whose faults are told apart. */

import pg from 'pg';
import {
  ReadStoreFault,
  type SqlConnection,
  type SqlResult,
  type SqlRow,
  type SqlStatement,
} from '../../ports/read-store.port.js';

/** How a PostgreSQL is reached. */
export interface PostgresAddress {
  /** With credentials in it: never to be printed. */
  readonly connectionString: string;
  /** Where all tables are; made when it is not there. A name of letters, digits and underscores. */
  readonly schema: string;
  /** Host and port, for people. */
  readonly host: string;
}

/** Connections for queries; others wait for one. */
const READERS_MAX = 8;
const CONNECT_TIMEOUT_MS = 3_000;
/** The database ends a query that takes longer, and nobody waits much longer for an answer that does not come. */
const READ_TIMEOUT_MS = 10_000;
const WRITE_TIMEOUT_MS = 30_000;
const ANSWER_GRACE_MS = 2_000;
/** A swap of read models waits so long for queries to end; they wait for it meanwhile. */
const LOCK_TIMEOUT_MS = 3_000;
const PREPARED_MAX = 300;

/** What both a connection and a pool of them can do. */
interface Queryable {
  query(query: pg.QueryConfig): Promise<pg.QueryResult<SqlRow>>;
}

const silent = (): void => undefined;

/** Statements on one connection, or on whichever of a pool is free. */
export class PostgresConnection implements SqlConnection {
  readonly flavour = 'postgres';
  /** Names of the statements that write: their text is parsed once. Tables of a generation never change. */
  private readonly prepared = new Map<string, string>();

  /** @param onFault told of every statement that failed for another reason than its rows */
  constructor(
    private readonly through: Queryable,
    private readonly onFault: (fault: ReadStoreFault) => void = silent,
  ) {}

  async execute({ sql, parameters }: SqlStatement): Promise<SqlResult> {
    const values = parameters.map(bindable);
    const name = this.nameOf(sql);
    try {
      const query = { text: sql, values, types: TYPES, ...(name !== null && { name }) };
      const { rows, rowCount, command } = await this.through.query(query);
      return { rows, affected: command === 'SELECT' ? 0 : (rowCount ?? 0) };
    } catch (cause) {
      const fault = faultOf(cause);
      if (fault.kind === 'fault') this.onFault(fault);
      throw fault;
    }
  }

  private nameOf(sql: string): string | null {
    if (!WRITES.test(sql)) return null;
    const known = this.prepared.get(sql);
    if (known !== undefined || this.prepared.size >= PREPARED_MAX) return known ?? null;
    const name = `s${this.prepared.size}`;
    this.prepared.set(sql, name);
    return name;
  }
}

const WRITES = /^(insert|update)\b/i;

/** PostgreSQL keeps no NUL in a text: it becomes the sign for what cannot be shown, here and in what is looked for. */
function bindable(value: unknown): string | null {
  if (value === null) return null;
  if (typeof value === 'string') return value.includes('\0') ? value.replaceAll('\0', '\uFFFD') : value;
  if (typeof value === 'bigint' || typeof value === 'number') return String(value);
  throw new ReadStoreFault(`a ${typeof value} cannot be a parameter`, 'contradiction');
}

const OIDS = { boolean: 16, bigint: 20, smallint: 21, integer: 23 } as const;

/** Every integer is exact; anything that is neither an integer nor a text is a mistake in a query. */
const TYPES: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number) => {
    if (oid === OIDS.bigint || oid === OIDS.smallint || oid === OIDS.integer) return BigInt;
    if (oid === OIDS.boolean) return (text: string) => (text === 't' ? 1n : 0n);
    if (INEXACT.has(oid)) return refuseInexact;
    return (text: string) => text;
  }) as pg.CustomTypesConfig['getTypeParser'],
};

/** float4, float8 and numeric. */
const INEXACT = new Set([700, 701, 1700]);

function refuseInexact(): never {
  throw new Error('a query answers with a number that is no int64');
}

/** SQLSTATE classes that say that the rows do not allow it: data exceptions and broken constraints. */
const CONTRADICTION = /^2[23]/;

function faultOf(cause: unknown): ReadStoreFault {
  if (cause instanceof ReadStoreFault) return cause;
  const code = (cause as { code?: unknown } | null)?.code;
  const isOfRows = typeof code === 'string' && code.length === 5 && CONTRADICTION.test(code);
  return new ReadStoreFault(messageOf(cause), isOfRows ? 'contradiction' : 'fault', { cause });
}

/** A refused connection to a name with several addresses has no message of its own. */
function messageOf(cause: unknown): string {
  if (cause instanceof AggregateError && cause.message === '') return messageOf(cause.errors[0]);
  return cause instanceof Error ? cause.message : String(cause);
}

/** Statements that answer nothing but that they were done. */
const UNAWAITED = /^(begin|insert)\b/i;

/**
 * Statements on one connection, in order. Those that answer nothing are sent and not waited for, since a round trip
 * takes longer than they do; what went wrong with one is told by the next that is waited for, as every commit is.
 */
class PipelinedConnection implements SqlConnection {
  readonly flavour = 'postgres';
  private owed: Promise<SqlResult>[] = [];

  constructor(private readonly connection: SqlConnection) {}

  async execute(statement: SqlStatement): Promise<SqlResult> {
    const answer = this.connection.execute(statement);
    this.owed.push(answer);
    if (UNAWAITED.test(statement.sql)) {
      answer.catch(silent);
      return { rows: [], affected: 0 };
    }
    const owed = this.owed;
    this.owed = [];
    const failed = (await Promise.allSettled(owed)).find(({ status }) => status === 'rejected');
    // Whoever rolls back has heard already.
    if (failed?.status === 'rejected' && statement.sql !== 'rollback') throw failed.reason;
    return answer;
  }
}

/** A connection that is one session from beginning to end: once it is lost, everything on it fails for good. */
export interface PostgresSession {
  readonly connection: SqlConnection;
  /** Resolves when the session is over, with why when it was not closed from here. */
  readonly ended: Promise<string | null>;
  close(): Promise<void>;
}

/**
 * Opens the session of whoever writes, with the schema in place.
 * @throws ReadStoreFault
 */
export async function openSession(address: PostgresAddress): Promise<PostgresSession> {
  const client = new pg.Client({
    ...settingsOf(address, { lock_timeout: LOCK_TIMEOUT_MS }),
    statement_timeout: WRITE_TIMEOUT_MS,
    query_timeout: WRITE_TIMEOUT_MS + ANSWER_GRACE_MS,
    pipeline: true,
  } as pg.ClientConfig);
  let reason: string | null = null;
  const ended = new Promise<string | null>((resolve) => {
    client.on('error', (error) => {
      reason ??= messageOf(error);
    });
    client.once('end', () => resolve(reason));
  });
  try {
    await client.connect();
    await client.query(`create schema if not exists "${address.schema}"`);
  } catch (error) {
    await client.end().catch(() => undefined);
    throw new ReadStoreFault(messageOf(error), 'fault', { cause: error });
  }
  const connection = new PostgresConnection(client, (fault) => {
    if (!isBeyondRepair(fault)) return;
    reason ??= fault.message;
    void client.end();
  });
  return { connection: new PipelinedConnection(connection), ended, close: () => client.end() };
}

/** Tables that are gone, and an answer that never came: only a new session can tell what is there. */
function isBeyondRepair({ message, cause }: ReadStoreFault): boolean {
  const code = (cause as { code?: unknown } | null | undefined)?.code;
  return code === '42P01' || code === '3F000' || message === 'Query read timeout';
}

/** The connections that queries share; they can change nothing. */
export interface PostgresReaders {
  readonly connection: PostgresConnection;
  close(): Promise<void>;
}

export function openReaders(address: PostgresAddress): PostgresReaders {
  const pool = new pg.Pool({
    ...settingsOf(address, { default_transaction_read_only: 'on' }),
    max: READERS_MAX,
    idleTimeoutMillis: 30_000,
    statement_timeout: READ_TIMEOUT_MS,
    query_timeout: READ_TIMEOUT_MS + ANSWER_GRACE_MS,
  });
  // An idle connection that is lost is replaced by the next query that needs one.
  pool.on('error', () => undefined);
  return { connection: new PostgresConnection(pool), close: () => pool.end() };
}

function settingsOf(
  { connectionString, schema }: PostgresAddress,
  more: Readonly<Record<string, string | number>>,
): pg.ClientConfig {
  const settings = Object.entries({ search_path: schema, ...more }).map(
    ([name, value]) => `-c ${name}=${value}`,
  );
  return {
    connectionString,
    options: settings.join(' '),
    application_name: 'countersign',
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
  };
}
