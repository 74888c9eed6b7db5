/** Read models in a PostgreSQL that several nodes may share: one of them projects, all of them read. */

import {
  type ProjectionStatus,
  ReadStoreFault,
  type RebuildProgress,
  type SqlConnection,
  type SqlResult,
  type SqlStatement,
} from '../../ports/read-store.port.js';
import type { ReadService } from './host.js';
import type { Pulling } from './mending.js';
import {
  openReaders,
  openSession,
  type PostgresAddress,
  type PostgresReaders,
  type PostgresSession,
} from './postgres.js';

const RETRY_MS_MIN = 100;
const RETRY_MS_MAX = 5_000;
/** How often a node that does not project asks whether it should, and how far the read models are. */
const FOLLOW_MS = 1_000;
/** The same while they are behind what it has heard of. */
const FOLLOW_CLOSELY_MS = 25;
const FOLLOW_CLOSELY_TIMES = 200;

export interface SharedOptions {
  readonly address: PostgresAddress;
  /** The names of all read models. */
  readonly names: readonly string[];
  /** Puts a projector over the connection that writes. */
  readonly pullInto: (
    connection: SqlConnection,
    onProgress: (projections: readonly ProjectionStatus[]) => void,
  ) => Pulling;
  /** How far the read models are, whoever projects; fails while they are being made. */
  readonly progress: (connection: SqlConnection) => Promise<readonly ProjectionStatus[]>;
  /** Tells of every growth of the log until what it answers is called. */
  readonly onAppended: (listener: () => void) => () => void;
  readonly report: (projections: readonly ProjectionStatus[]) => void;
  /** Told once of each time that the database is lost, and of its return. */
  readonly onTrouble: (message: string) => void;
}

/**
 * While the database is away queries are turned away at once, and it is looked for until it is back. Who projects is
 * whoever holds a lock that ends with its session, so that it passes to another node when that one is gone.
 */
export class SharedReadService implements Omit<ReadService, 'notify' | 'close'> {
  readonly queries: SqlConnection = {
    flavour: 'postgres',
    execute: (statement) => this.query(statement),
  };

  private readonly readers: PostgresReaders;
  private readonly waking = new Set<() => void>();
  private readonly stopHearing: () => void;
  private session: PostgresSession | null = null;
  private pulling: Pulling | null = null;
  private known: readonly ProjectionStatus[] = [];
  /** Why queries are turned away; null when they are not. */
  private away: string | null = 'it was not reached yet';
  private hasTold = false;
  private isClosing = false;
  private closing: Promise<void> | null = null;
  private running: Promise<void> | null = null;

  constructor(private readonly options: SharedOptions) {
    this.readers = openReaders(options.address);
    this.stopHearing = options.onAppended(() => this.wake());
  }

  /**
   * Resolves once the read models can be asked; a database that cannot be reached is waited for.
   * @throws ReadStoreFault when it holds what this ledger must not overwrite
   */
  async open(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.running = this.run(resolve, reject);
    });
  }

  async rebuild(
    names: readonly string[] | 'all',
    onProgress: (progress: RebuildProgress) => void,
  ): Promise<void> {
    if (this.away !== null) throw this.awayFault(this.away);
    if (this.pulling === null)
      throw new ReadStoreFault('another node keeps the read models: ask that one', 'contradiction');
    await this.pulling.rebuild(names === 'all' ? this.options.names : names, onProgress);
  }

  close(): Promise<void> {
    this.closing ??= this.end();
    return this.closing;
  }

  private async end(): Promise<void> {
    this.isClosing = true;
    this.stopHearing();
    this.wake();
    await this.letGo();
    await this.running;
    await this.readers.close();
  }

  private query(statement: SqlStatement): Promise<SqlResult> {
    if (this.away !== null) return Promise.reject(this.awayFault(this.away));
    return this.readers.connection.execute(statement);
  }

  private awayFault(reason: string): ReadStoreFault {
    return new ReadStoreFault(`the read models’ database cannot be reached: ${reason}`, 'fault');
  }

  /** One session after another, until it is closed. */
  private async run(onOpen: () => void, onRefused: (error: unknown) => void): Promise<void> {
    let retryMs = RETRY_MS_MIN;
    let isOpen = false;
    const open = (): void => {
      isOpen = true;
      retryMs = RETRY_MS_MIN;
      this.beThere();
      onOpen();
    };
    while (!this.isClosing) {
      try {
        await this.live(open);
      } catch (error) {
        if (!isOpen && error instanceof ReadStoreFault && error.kind === 'contradiction') {
          onRefused(error);
          return;
        }
        this.beAway(error instanceof Error ? error.message : String(error));
      } finally {
        await this.letGo();
      }
      if (!this.isClosing) await this.pause(retryMs * (0.5 + Math.random() / 2));
      retryMs = Math.min(retryMs * 2, RETRY_MS_MAX);
    }
  }

  /** From the beginning of a session to its end. */
  private async live(onOpen: () => void): Promise<void> {
    const session = await openSession(this.options.address);
    this.session = session;
    let reason: string | null = null;
    let isOver = false;
    const ended = session.ended.then((why) => {
      reason = why;
      isOver = true;
      this.wake();
    });
    while (!isOver && !this.isClosing && !(await this.isLeader(session))) {
      await this.follow(onOpen);
    }
    if (!isOver && !this.isClosing) {
      await this.lead(session, onOpen);
      await ended;
    }
    if (!this.isClosing) throw new ReadStoreFault(reason ?? 'the connection was closed', 'fault');
  }

  private async isLeader({ connection }: PostgresSession): Promise<boolean> {
    const { rows } = await connection.execute({
      sql: "select pg_try_advisory_lock(hashtext('countersign'), hashtext($1)) as is_leader",
      parameters: [this.options.address.schema],
    });
    return rows[0]?.['is_leader'] === 1n;
  }

  private async lead({ connection }: PostgresSession, onOpen: () => void): Promise<void> {
    const pulling = this.options.pullInto(connection, (projections) => {
      if (this.pulling === pulling) this.hear(projections);
    });
    this.pulling = pulling;
    await pulling.start();
    onOpen();
  }

  /** One look at how far another node has taken the read models, or a few while they are behind. */
  private async follow(onOpen: () => void): Promise<void> {
    for (let look = 0; look < FOLLOW_CLOSELY_TIMES && !this.isClosing; look++) {
      const projections = await this.options.progress(this.readers.connection);
      onOpen();
      this.hear(projections);
      if (projections.every(({ lag }) => lag === 0)) break;
      await this.pause(FOLLOW_CLOSELY_MS);
    }
    await this.pause(FOLLOW_MS);
  }

  private async letGo(): Promise<void> {
    const { session, pulling } = this;
    this.pulling = null;
    this.session = null;
    // Not before the page in hand: a session that is lost ends it at once anyway.
    await pulling?.stop();
    await session?.close().catch(() => undefined);
  }

  private beAway(reason: string): void {
    if (this.isClosing) return;
    this.away = reason;
    if (!this.hasTold)
      this.options.onTrouble(
        `the read models’ database at ${this.options.address.host} cannot be used: ${reason}; it is looked for until it can`,
      );
    this.hasTold = true;
    this.tell();
  }

  private beThere(): void {
    if (this.hasTold)
      this.options.onTrouble(`the read models’ database at ${this.options.address.host} is back`);
    this.hasTold = false;
    this.away = null;
    this.tell();
  }

  private hear(projections: readonly ProjectionStatus[]): void {
    this.known = projections;
    this.tell();
  }

  /** While it is away, every read model says why. */
  private tell(): void {
    const { away, known } = this;
    this.options.report(away === null ? known : known.map((each) => ({ ...each, fault: away })));
  }

  private wake(): void {
    for (const resume of this.waking) resume();
  }

  private async pause(ms: number): Promise<void> {
    let resume: () => void = () => undefined;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      resume = () => {
        clearTimeout(timer);
        resolve();
      };
      this.waking.add(resume);
    });
    this.waking.delete(resume);
  }
}
