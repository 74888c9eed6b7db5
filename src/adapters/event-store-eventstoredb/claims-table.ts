/** The idempotency index on disk: every event id and claim of our streams, up to a revision of each. */

import { hash } from 'node:crypto';
import Database from 'libsql';
import type { Checked, Marked, Place } from './claims-messages.js';

/** Marks that gather in memory before they go to the table together, several to a page. */
const RUN_LENGTH = 4_096;
/** Streams whose watermark is kept in memory; past it, those that are on disk are forgotten. */
const STREAMS_MAX = 50_000;
const FORMAT = 1;

/** Both are digests, so that no text is stored; see the connection of the embedded store for why. */
const TABLES = `
  CREATE TABLE IF NOT EXISTS streams (
    stream BLOB PRIMARY KEY, through INTEGER NOT NULL, last BLOB NOT NULL
  ) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS marks (
    mark BLOB PRIMARY KEY, stream BLOB NOT NULL, revision INTEGER NOT NULL
  ) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS log (first BLOB PRIMARY KEY) WITHOUT ROWID;
`;

interface Watermark {
  through: number;
  /** In hex, without hyphens. */
  last: string;
  isStored: boolean;
}

interface Spot {
  readonly stream: string;
  readonly revision: number;
}

/**
 * The file is a cache of what the log holds, so it is not flushed to the disk on every change: marks and
 * watermarks are written together, and after a crash the watermark says from where to read the log again.
 */
export class ClaimsTable {
  readonly #database: Database.Database;
  readonly #watermarks = new Map<string, Watermark>();
  #recent = new Map<string, Spot>();
  /** Whether an earlier process left marks behind before the log had a name. */
  #isOfUnknownLog = false;

  /** Opens the file, or makes it anew where it is damaged or of another format. @throws when in use */
  constructor(path: string) {
    this.#database = new Database(path, { timeout: 0 });
    this.#set('locking_mode = EXCLUSIVE');
    this.#set('journal_mode = WAL');
    this.#set('synchronous = NORMAL');
    this.#set('cache_size = -16384');
    this.#database.exec(TABLES);
    const [row] = this.#database.prepare('PRAGMA user_version').raw().all([]) as [[number]];
    if (row[0] !== FORMAT) {
      this.wipe();
      this.#set(`user_version = ${FORMAT}`);
    }
    const [streams] = this.#database.prepare('SELECT count(*) FROM streams').raw().all([]) as [[number]];
    this.#isOfUnknownLog = this.#logName() === null && streams[0] > 0;
  }

  /**
   * Says which log this is, by the id of its first event, or null while it is empty.
   * @returns whether the index was of another log, or may have been, and has forgotten it
   */
  identify(firstId: string | null): boolean {
    const known = this.#logName();
    const first = firstId === null ? null : hexOf(firstId);
    if (known === first) return false;
    const isForeign = known !== null || this.#isOfUnknownLog;
    if (isForeign) this.wipe();
    if (first !== null) this.#database.prepare('INSERT INTO log VALUES (?)').run([bytes(first)]);
    return isForeign;
  }

  check(stream: string, events: readonly Marked[]): Checked {
    const key = streamKey(stream);
    const { through, last } = this.#watermark(key);
    const ids = events.map(({ id }) => idMark(id));
    const claims = events.map(({ claim }) => (claim === null ? null : claimMark(stream, claim)));
    const spots = this.#find([...ids, ...claims.filter((mark) => mark !== null)]);
    const place = (mark: string | null): Place | null => {
      const spot = mark === null ? undefined : spots.get(mark);
      return spot === undefined ? null : { revision: spot.revision, isHere: spot.stream === key };
    };
    return { through, lastId: last === '' ? null : last, ids: ids.map(place), claims: claims.map(place) };
  }

  /** Notes events that follow on what is noted; what is noted already, or lies beyond a gap, is left out. */
  note(stream: string, revision: number, events: readonly Marked[]): void {
    const key = streamKey(stream);
    const watermark = this.#watermark(key);
    if (revision > watermark.through + 1) return;
    for (const { id, claim } of events.slice(watermark.through + 1 - revision)) {
      watermark.through += 1;
      watermark.last = hexOf(id);
      watermark.isStored = false;
      const spot = { stream: key, revision: watermark.through };
      this.#recent.set(idMark(id), spot);
      if (claim !== null) this.#recent.set(claimMark(stream, claim), spot);
    }
  }

  get isFull(): boolean {
    return this.#recent.size >= RUN_LENGTH;
  }

  /** Writes what has gathered, in one transaction. */
  flush(): void {
    if (this.#recent.size === 0) return;
    const marks = [...this.#recent].sort(([a], [b]) => (a < b ? -1 : 1));
    const storeMark = this.#database.prepare('INSERT OR IGNORE INTO marks VALUES (?, ?, ?)');
    const storeStream = this.#database.prepare('INSERT OR REPLACE INTO streams VALUES (?, ?, ?)');
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      for (const [mark, { stream, revision }] of marks) storeMark.run([bytes(mark), bytes(stream), revision]);
      for (const [key, { through, last, isStored }] of this.#watermarks) {
        if (!isStored) storeStream.run([bytes(key), through, bytes(last)]);
      }
      this.#database.exec('COMMIT');
    } catch (error) {
      if (this.#database.inTransaction) this.#database.exec('ROLLBACK');
      throw error;
    }
    this.#recent = new Map();
    for (const watermark of this.#watermarks.values()) watermark.isStored = true;
    if (this.#watermarks.size > STREAMS_MAX) this.#watermarks.clear();
  }

  wipe(): void {
    this.#recent = new Map();
    this.#watermarks.clear();
    this.#isOfUnknownLog = false;
    this.#database.exec('DELETE FROM marks; DELETE FROM streams; DELETE FROM log;');
  }

  close(): void {
    this.#database.close();
  }

  #logName(): string | null {
    const rows = this.#database.prepare('SELECT hex(first) FROM log').raw().all([]) as [string][];
    return rows[0]?.[0].toLowerCase() ?? null;
  }

  #watermark(key: string): Watermark {
    const known = this.#watermarks.get(key);
    if (known !== undefined) return known;
    const rows = this.#database
      .prepare('SELECT through, hex(last) FROM streams WHERE stream = ?')
      .raw()
      .all([bytes(key)]) as [number, string][];
    const [through, last] = rows[0] ?? [-1, ''];
    const watermark = { through, last: last.toLowerCase(), isStored: true };
    this.#watermarks.set(key, watermark);
    return watermark;
  }

  #find(marks: readonly string[]): Map<string, Spot> {
    const spots = new Map<string, Spot>();
    const absent: string[] = [];
    for (const mark of marks) {
      const spot = this.#recent.get(mark);
      if (spot === undefined) absent.push(mark);
      else spots.set(mark, spot);
    }
    const rows = this.#stored(absent);
    for (const [mark, stream, revision] of rows) {
      spots.set(mark, { stream: stream.toLowerCase(), revision });
    }
    return spots;
  }

  #stored(marks: readonly string[]): [string, string, number][] {
    if (marks.length === 0) return [];
    return this.#database
      .prepare(
        `SELECT asked.value, hex(stream), revision
         FROM json_each(?) asked CROSS JOIN marks ON mark = unhex(asked.value)`,
      )
      .raw()
      .all([JSON.stringify(marks)]) as [string, string, number][];
  }

  #set(pragma: string): void {
    this.#database.pragma(pragma);
  }
}

const bytes = (hex: string): Buffer => Buffer.from(hex, 'hex');
const digest = (text: string): string => hash('sha256', text, 'hex').slice(0, 32);
const hexOf = (id: string): string => id.replaceAll('-', '');

const streamKey = (stream: string): string => digest(`stream\n${stream}`).slice(0, 16);
const idMark = (id: string): string => hexOf(id);
const claimMark = (stream: string, claim: string): string =>
  digest(`claim\n${stream}\n${JSON.stringify(claim)}`);
