/** The read store: SQL over rows that projections keep, with the projector's progress. Disposable. */

/** Integers come back as bigint, exact over the whole int64 range. */
export type SqlValue = string | bigint | number | null;
export type SqlRow = Readonly<Record<string, SqlValue>>;

export interface SqlStatement {
  readonly sql: string;
  readonly parameters: readonly unknown[];
}
export interface SqlResult {
  readonly rows: SqlRow[];
  /** Rows inserted, updated or deleted. */
  readonly affected: number;
}

/** The two databases that read models may be in. */
export type SqlFlavour = 'sqlite' | 'postgres';

/** One connection, or something that forwards to one. */
export interface SqlConnection {
  readonly flavour: SqlFlavour;
  /** @throws ReadStoreFault when the store cannot do it */
  execute(statement: SqlStatement): Promise<SqlResult>;
}

/**
 * A read store that could not do it. `contradiction`: the rows do not allow the change (a constraint);
 * `fault`: I/O, a dead worker, a full disk; `overloaded`: too many queries are waiting.
 */
export class ReadStoreFault extends Error {
  override readonly name = 'ReadStoreFault';
  constructor(
    message: string,
    readonly kind: 'contradiction' | 'fault' | 'overloaded',
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** Why a projection does not advance. */
export interface StopReason {
  readonly position: number;
  readonly eventId: string;
  readonly eventType: string;
  readonly error: string;
}

export interface ProjectionStatus {
  readonly name: string;
  readonly version: number;
  /** Position of the last event applied; 0 when none is. */
  readonly position: number;
  /** How far it is behind the last position known to be in the log. Positions may have gaps. */
  readonly lag: number;
  /** An event that it cannot apply: it stays in front of it until the code is mended or it is rebuilt. */
  readonly stopped: StopReason | null;
  /** The last read or write error, while it is being retried. */
  readonly fault: string | null;
  /** Position of the replacement being built beside it, or null. */
  readonly rebuilding: number | null;
}

export interface ReadStoreStatus {
  /** Null while the worker lives, else why it died. */
  readonly dead: string | null;
  readonly queriesWaiting: number;
  /** The newest position this process has heard of. */
  readonly head: number;
  readonly projections: readonly ProjectionStatus[];
}

export interface RebuildProgress {
  readonly name: string;
  readonly position: number;
  readonly head: number;
}

export interface ReadStore {
  /** Read-only SQL over the current read models. */
  readonly connection: SqlConnection;
  /** Says that the log has grown to a position. Cheap; may be called for every append. */
  notify(position: number): void;
  /**
   * Resolves true when the named projections (default: all) have applied everything up to a position, false
   * when they have not within `timeoutMs` or one of them has stopped before it.
   */
  waitFor(position: number, timeoutMs: number, names?: readonly string[]): Promise<boolean>;
  status(): ReadStoreStatus;
  /**
   * Rebuilds read models beside the current ones and swaps them in; queries are answered meanwhile.
   * @throws ReadStoreFault naming the event that a rebuild cannot apply; the old read model then stays
   */
  rebuild(names: readonly string[] | 'all', onProgress?: (progress: RebuildProgress) => void): Promise<void>;
  /** Lets running statements end, then closes; later calls fail. */
  close(): Promise<void>;
}
