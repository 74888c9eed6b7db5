/** The log itself, in one thread: groups of appends in one transaction each, and the reads. */

import type { Claim } from '../../domain/ids.js';
import { NO_STREAM } from '../../ports/event-store.port.js';
import { type Connection, type Query, textOf, type Value, type Write } from './connection.js';
import { messageOf, sqliteCode } from './failure.js';
import { claimMark, idMark, type Mark, MarkIndex } from './marks.js';
import type { AppendOutcome, AppendRequest, EventRow } from './messages.js';
import { EventQueries } from './queries.js';

interface StreamHead {
  readonly id: number;
  revision: number;
}

/** An event about to be written, with its marks. */
interface Entry extends EventRow {
  readonly idMark: Mark;
  readonly claimText: string | null;
  readonly claimMark: Mark | null;
}

interface Batch {
  readonly stream: string;
  readonly expectedRevision: number;
  readonly entries: readonly Entry[];
}

/** Streams whose last revision is kept in memory; past it all are forgotten and looked up again. */
const HEADS_MAX = 10_000;

/** Events of one insert; halved for the rest. */
const INSERT_ROWS_MAX = 64;

/** What an append is compared with, the stream's name first. */
const TEXTS = ['s.name', 'e.id', 'e.type', 'e.claim', 'e.data', 'e.metadata'];

/** Takes some 128 KiB: twice that many digits, in the table and in its index. */
const FILL = 'INSERT INTO streams (name) VALUES (hex(zeroblob(32768)))';

export class EventLog extends EventQueries {
  readonly #connection: Connection;
  readonly #marks: MarkIndex;
  readonly #heads = new Map<string, StreamHead>();
  #position: number;

  readonly #begin: Write;
  readonly #commit: Write;
  readonly #savepoint: Write;
  readonly #release: Write;
  /** By how many events they insert. */
  readonly #insertEvents = new Map<number, Write>();
  readonly #insertStream: Write;
  readonly #findStream: Query;
  readonly #findAt: Query;

  constructor(connection: Connection, options: { readonly marksInMemory?: number } = {}) {
    super(connection);
    this.#connection = connection;
    this.#begin = connection.prepare('BEGIN IMMEDIATE');
    this.#commit = connection.prepare('COMMIT');
    this.#savepoint = connection.prepare('SAVEPOINT one');
    this.#release = connection.prepare('RELEASE one');
    this.#insertStream = connection.prepare('INSERT INTO streams (name) VALUES (?)');
    for (let rows = INSERT_ROWS_MAX; rows >= 1; rows /= 2) {
      this.#insertEvents.set(rows, connection.prepare(insertSql(rows)));
    }
    this.#findStream = connection.query(
      'SELECT s.id, (SELECT max(revision) FROM events WHERE stream = s.id) FROM streams s WHERE s.name = ?',
    );
    this.#findAt = connection.query(
      `SELECT e.revision, ${TEXTS.map((column) => `CAST(${column} AS BLOB)`).join()}
       FROM events e JOIN streams s ON s.id = e.stream WHERE e.position = ?`,
    );
    this.#marks = new MarkIndex(connection, options.marksInMemory);
    this.#position = this.headPosition();
  }

  /** The position of the last event that is durable. */
  get position(): number {
    return this.#position;
  }

  /** Counts for metrics. */
  get marksInMemory(): number {
    return this.#marks.inMemory;
  }

  findClaim(stream: string, claim: Claim): number | null {
    return this.#marks.lookUp(claimMark(stream, claimText(claim))) ?? null;
  }

  /**
   * Decides and writes a group of appends, in order, in one durable transaction. Each append stands or falls
   * alone, except that a transaction that fails takes all with it. Never throws for what a disk can do.
   */
  appendGroup(requests: readonly AppendRequest[]): AppendOutcome[] {
    const before = this.#position;
    const batches = requests.map(batchOf);
    let committing = false;
    try {
      this.#marks.begin(marksOf(batches));
      this.#begin([]);
      const outcomes = batches.map((batch) => this.#append(batch));
      if (this.#position > before) this.#marks.move();
      committing = true;
      this.#commit([]);
      this.#marks.settle(this.#position);
      return outcomes;
    } catch (error) {
      const outcome = this.#undoGroup(before) && isCertain(error, committing) ? 'not_written' : 'unknown';
      const message = `the event store could not write: ${messageOf(error)}`;
      return requests.map(() => ({ kind: 'fault', outcome, message }));
    }
  }

  /** Whether an ordinary append would find room now. Leaves nothing behind but a frame of the write-ahead log. */
  hasRoom(): boolean {
    try {
      this.#begin([]);
      this.#savepoint([]);
      this.#connection.execute(FILL);
      this.#connection.execute('ROLLBACK TO one; RELEASE one');
      // The filling above never reaches the disk; this does.
      this.#connection.execute("UPDATE meta SET value = value WHERE name = 'format'");
      this.#commit([]);
      return true;
    } catch {
      this.#undoGroup(this.#position);
      return false;
    }
  }

  #append(batch: Batch): AppendOutcome {
    const head = this.#headOf(batch.stream);
    if (head.revision !== batch.expectedRevision) return this.#answerBehind(batch, head);
    for (const { id, idMark } of batch.entries) {
      if (this.#marks.find(idMark) !== undefined) return { kind: 'id_conflict', id };
    }
    for (const { claim, claimMark } of batch.entries) {
      if (claim === null || claimMark === null) continue;
      const revision = this.#marks.find(claimMark);
      if (revision !== undefined) return { kind: 'claimed', claim, revision };
    }
    return this.#insertSafely(batch);
  }

  /** A savepoint, so that an append the database rejects leaves its neighbours in the group standing. */
  #insertSafely(batch: Batch): AppendOutcome {
    const before = this.#position;
    this.#savepoint([]);
    try {
      const outcome = this.#insert(batch);
      this.#release([]);
      return outcome;
    } catch (error) {
      if (!sqliteCode(error).startsWith('SQLITE_CONSTRAINT') || !this.#connection.inTransaction) throw error;
      this.#connection.execute('ROLLBACK TO one; RELEASE one');
      this.#position = before;
      this.#heads.delete(batch.stream);
      return {
        kind: 'fault',
        outcome: 'not_written',
        message: `the append was rejected: ${messageOf(error)}`,
      };
    }
  }

  #insert(batch: Batch): AppendOutcome {
    const head = this.#storedHeadOf(batch.stream);
    const { entries } = batch;
    let done = 0;
    for (const [rows, insert] of this.#insertEvents) {
      for (; entries.length - done >= rows; done += rows) {
        const values: Value[] = [this.#position + done, head.id, head.revision + done];
        for (let i = done; i < done + rows; i++) {
          const { id, type, claimText, data, metadata } = entries[i] as Entry;
          values.push(id, type, claimText, data, metadata);
        }
        insert(values);
      }
    }
    for (const { idMark, claimMark } of entries) {
      this.#position += 1;
      head.revision += 1;
      this.#marks.note(idMark, this.#position);
      if (claimMark !== null) this.#marks.note(claimMark, head.revision);
    }
    return { kind: 'appended', revision: head.revision, position: this.#position };
  }

  /** The stream is not where the append expects it: an identical resend, a known id, or a stale revision. */
  #answerBehind(batch: Batch, head: StreamHead): AppendOutcome {
    let last: { revision: number; position: number } | null = null;
    for (const [i, entry] of batch.entries.entries()) {
      const position = this.#marks.find(entry.idMark);
      const stored = position === undefined ? undefined : this.#findAt([position])[0];
      if (position === undefined || stored === undefined) {
        last = null;
        continue;
      }
      const [revision, ...cells] = stored;
      const [stream, ...texts] = cells.map((cell) => (cell === null ? null : textOf(cell)));
      if (stream !== batch.stream || !sameBytes(entry, texts)) return { kind: 'id_conflict', id: entry.id };
      const expected = batch.expectedRevision + 1 + i;
      const inPlace: boolean = revision === expected && (i === 0 || last !== null);
      last = inPlace ? { revision: expected, position } : null;
    }
    return last === null ? { kind: 'wrong_revision', actual: head.revision } : { kind: 'appended', ...last };
  }

  #headOf(stream: string): StreamHead {
    const known = this.#heads.get(stream);
    if (known !== undefined) return known;
    const row = this.#findStream([stream])[0];
    const head = { id: Number(row?.[0] ?? 0), revision: Number(row?.[1] ?? NO_STREAM) };
    if (this.#heads.size >= HEADS_MAX) this.#heads.clear();
    if (row !== undefined) this.#heads.set(stream, head);
    return head;
  }

  /** The head of a stream that is about to be written, giving a new stream its row. */
  #storedHeadOf(stream: string): StreamHead {
    const head = this.#headOf(stream);
    if (head.id !== 0) return head;
    this.#insertStream([stream]);
    return this.#headOf(stream);
  }

  /** Back to what is on disk. Returns whether the transaction is certainly gone. */
  #undoGroup(position: number): boolean {
    this.#heads.clear();
    this.#position = position;
    if (!this.#connection.inTransaction) return true;
    try {
      this.#connection.execute('ROLLBACK');
      return true;
    } catch {
      return false;
    }
  }
}

/**
 * Whether a failed transaction, rolled back, is certainly not on disk. Before COMMIT it never is. A COMMIT that
 * found the disk full wrote no end to it; one that failed otherwise may have, and a restart might find it.
 */
const isCertain = (error: unknown, committing: boolean): boolean =>
  !committing || sqliteCode(error) === 'SQLITE_FULL';

/**
 * Inserts so many events after a position, in a stream after a revision. To hand a parameter over costs more than
 * to store it, so what can be counted is counted.
 */
function insertSql(rows: number): string {
  const tuples = Array.from({ length: rows }, (_, i) => {
    const own = 4 + 5 * i;
    const texts = [own, own + 1, own + 2, own + 3, own + 4].map((number) => `?${number}`);
    return `(?1 + ${i + 1}, ?2, ?3 + ${i + 1}, ${texts.join(', ')})`;
  });
  return `INSERT INTO events (position, stream, revision, id, type, claim, data, metadata) VALUES ${tuples.join()}`;
}

/** A claim as it is stored: SQLite would cut a raw NUL off, and half a surrogate pair is no text. */
const claimText = (claim: Claim): string => JSON.stringify(claim);

function batchOf({ stream, expectedRevision, events }: AppendRequest): Batch {
  const entries = events.map(({ id, type, data, metadata, claim }) => {
    const text = claim === null ? null : claimText(claim);
    const mark = text === null ? null : claimMark(stream, text);
    return { id, type, data, metadata, claim, idMark: idMark(id), claimText: text, claimMark: mark };
  });
  return { stream, expectedRevision, entries };
}

function marksOf(batches: readonly Batch[]): Mark[] {
  const marks: Mark[] = [];
  for (const { entries } of batches) {
    for (const { idMark, claimMark } of entries) {
      marks.push(idMark);
      if (claimMark !== null) marks.push(claimMark);
    }
  }
  return marks;
}

function sameBytes(entry: Entry, stored: readonly unknown[]): boolean {
  const bytes = [entry.id, entry.type, entry.claimText, entry.data, entry.metadata];
  return bytes.every((cell, i) => cell === stored[i]);
}
