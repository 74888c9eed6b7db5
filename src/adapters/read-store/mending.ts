/** Keeps the read models answering when their file turns out damaged: sets it aside and makes them anew. */

import { basename } from 'node:path';
import {
  type ProjectionStatus,
  ReadStoreFault,
  type RebuildProgress,
  type SqlConnection,
  type SqlResult,
  type SqlStatement,
} from '../../ports/read-store.port.js';
import type { ReadService } from './host.js';
import { isDamage, openReadDatabase, type ReadDatabaseFile, setAside } from './sqlite.js';

/** How often a file is made anew in the life of a process: a disk that damages every file needs a person. */
const MENDS_MAX = 3;
const MISSING_TABLE = /no such table: (?:main\.)?(\w+?)(?:_g\d+)?$/;

/** What pulls events into the read models. */
export interface Pulling {
  start(): Promise<void>;
  rebuild(names: readonly string[], onProgress: (progress: RebuildProgress) => void): Promise<void>;
  stop(): Promise<void>;
}

export interface MendingOptions {
  readonly path: string;
  /** The tables without which the file is damaged, as queries name them. */
  readonly tables: readonly string[];
  /** Puts a projector over an open file. */
  readonly pullInto: (
    file: ReadDatabaseFile,
    onProgress: (projections: readonly ProjectionStatus[]) => void,
  ) => Pulling;
  /** The names of all read models. */
  readonly names: readonly string[];
  readonly headPosition: () => Promise<number>;
  readonly report: (projections: readonly ProjectionStatus[]) => void;
  /** Told once of each file that was set aside, and of one that could not be replaced. */
  readonly onTrouble: (message: string) => void;
}

interface Opened {
  readonly file: ReadDatabaseFile;
  readonly pulling: Pulling;
}

/**
 * Queries are turned away from the moment a damage is noticed until the new read models have all that was in the
 * log at that moment: nobody is answered from tables that are still being filled.
 */
export class MendingReadService implements Omit<ReadService, 'notify' | 'close'> {
  readonly queries: SqlConnection = {
    flavour: 'sqlite',
    execute: (statement) => this.query(statement),
  };

  private opened: Opened | null = null;
  private known: readonly ProjectionStatus[] = [];
  private isPulling = false;
  private mending: Promise<void> | null = null;
  private mends = 0;
  /** Why queries are turned away, and the position that ends it. */
  private absent: { readonly reason: string; readonly until: number } | null = null;

  constructor(private readonly options: MendingOptions) {}

  /** @throws ReadStoreFault when the file can be neither used nor replaced */
  async open(): Promise<void> {
    try {
      await this.pull();
    } catch (error) {
      if (!this.showsDamage(error)) throw error;
      await this.replace(error);
    }
  }

  async rebuild(
    names: readonly string[] | 'all',
    onProgress: (progress: RebuildProgress) => void,
  ): Promise<void> {
    await this.inUse().pulling.rebuild(names === 'all' ? this.options.names : names, onProgress);
  }

  async close(): Promise<void> {
    await this.mending;
    await this.letGo();
  }

  private query(statement: SqlStatement): Promise<SqlResult> {
    if (this.absent !== null) return Promise.reject(new ReadStoreFault(this.absent.reason, 'fault'));
    return this.inUse().file.reading.execute(statement);
  }

  private inUse(): Opened {
    if (this.opened !== null) return this.opened;
    throw new ReadStoreFault(`${this.options.path} is not open`, 'fault');
  }

  private async pull(): Promise<void> {
    const { path, pullInto, onTrouble } = this.options;
    this.isPulling = true;
    try {
      const file = openReadDatabase(path, {
        isChecked: true,
        onFault: (fault) => this.note(fault),
        onSetAside: onTrouble,
      });
      const pulling: Pulling = pullInto(file, (projections) => {
        if (this.opened?.pulling === pulling) this.hear(projections);
      });
      this.opened = { file, pulling };
      await pulling.start();
    } finally {
      this.isPulling = false;
    }
  }

  /** A fault of the opening itself is thrown to whoever opens. */
  private note(fault: Error): void {
    if (this.isPulling || this.absent !== null || !this.showsDamage(fault)) return;
    this.mending = this.mend(fault);
  }

  private showsDamage(error: unknown): boolean {
    if (isDamage(error)) return true;
    const missing = MISSING_TABLE.exec(error instanceof Error ? error.message : '')?.[1];
    return missing !== undefined && this.options.tables.includes(missing);
  }

  private async mend(fault: Error): Promise<void> {
    const { path, headPosition, onTrouble } = this.options;
    // Anybody may read it, so the directory is left out.
    const name = basename(path);
    this.beAbsent(`${name} is damaged`, Number.POSITIVE_INFINITY);
    try {
      if (this.mends >= MENDS_MAX) throw new Error('it was made anew too often already');
      this.mends += 1;
      const until = await headPosition();
      this.beAbsent(`${name} was damaged and is being made anew from the ledger`, until);
      await this.replace(fault);
    } catch (error) {
      this.beAbsent(`${name} is damaged and cannot be made anew`, Number.POSITIVE_INFINITY);
      onTrouble(`${path} is damaged and cannot be made anew: ${(error as Error).message}`);
    }
  }

  private async replace(fault: unknown): Promise<void> {
    const { path, onTrouble } = this.options;
    await this.letGo();
    onTrouble(setAside(path, fault instanceof Error ? fault.message : String(fault)));
    await this.pull();
  }

  private async letGo(): Promise<void> {
    const { opened } = this;
    this.opened = null;
    await opened?.pulling.stop();
    opened?.file.close();
  }

  private beAbsent(reason: string, until: number): void {
    this.absent = { reason, until };
    this.tell();
  }

  private hear(projections: readonly ProjectionStatus[]): void {
    this.known = projections;
    const { absent } = this;
    if (absent !== null && projections.every(({ position }) => position >= absent.until)) this.absent = null;
    this.tell();
  }

  /** While they are absent, every read model says why. */
  private tell(): void {
    const { absent, known } = this;
    this.options.report(absent === null ? known : known.map((each) => ({ ...each, fault: absent.reason })));
  }
}
