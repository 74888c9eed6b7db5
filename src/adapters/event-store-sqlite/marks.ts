/** Marks: every event id and every claim, findable at once, at a cost that does not grow with the ledger. */

import { hash } from 'node:crypto';
import { type Connection, type Query, textOf, type Write } from './connection.js';

/** 32 hex digits, with or without a UUID's hyphens, that stand for an event id or a claim. */
export type Mark = string;

/** Marks kept in memory before they move to the table together. */
const RUN_LENGTH = 65_536;
/** Marks moved to the table for each new one, so that a run has moved well before the next is full. */
const MOVED_PER_NEW = 2;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** The mark of an event id: a UUID as it is, anything else by digest. */
export const idMark = (id: string): Mark => (UUID.test(id) ? id : digest(`id\n${id}`));

/** The mark of a claim, which is unique inside its stream. */
export const claimMark = (stream: string, claim: string): Mark => digest(`claim\n${stream}\n${claim}`);

const digest = (text: string): Mark => hash('sha256', text, 'hex').slice(0, 32);

/**
 * Marks are random, so inserting each in the table as it comes would dirty a page of its own: with a million
 * events that more than doubles what an append writes. They are durable in their event's row already.
 * So they gather in memory, and when a run is full it moves to the table in sorted order, a slice with every
 * transaction, several marks to a page. A restart reads the rows after `marked_through` again.
 *
 * Changes between `begin` and `settle` belong to one transaction. One that failed is never settled, and the
 * next `begin` forgets it.
 */
export class MarkIndex {
  readonly #findStored: Query;
  readonly #store: Write;
  readonly #setMarkedThrough: Write;
  readonly #runLength: number;

  /** Marks of the open transaction, which are among the recent ones already. */
  #fresh: Mark[] = [];
  /** Marks in the table that the open transaction asked for. */
  #stored = new Map<Mark, number>();
  #recent = new Map<Mark, number>();
  #moving: { marks: Map<Mark, number>; order: Mark[]; next: number; through: number } | null = null;
  /** Where the open transaction leaves off moving. */
  #movedTo = 0;

  constructor(connection: Connection, runLength = RUN_LENGTH) {
    this.#runLength = runLength;
    this.#findStored = connection.query(
      "SELECT asked.value, place FROM json_each(?) asked CROSS JOIN marks ON mark = unhex(asked.value, '-')",
    );
    this.#store = connection.prepare(
      "INSERT OR IGNORE INTO marks (mark, place) SELECT unhex(key, '-'), value FROM json_each(?)",
    );
    this.#setMarkedThrough = connection.prepare("UPDATE meta SET value = ? WHERE name = 'marked_through'");
    this.#reload(connection);
  }

  /** Counts for metrics. */
  get inMemory(): number {
    return this.#recent.size + (this.#moving?.marks.size ?? 0);
  }

  /** Opens a transaction that will ask for these marks. */
  begin(marks: readonly Mark[]): void {
    for (const mark of this.#fresh) this.#recent.delete(mark);
    this.#fresh = [];
    this.#movedTo = this.#moving?.next ?? 0;
    this.#stored = new Map(this.#findStored([JSON.stringify(marks)]) as [Mark, number][]);
  }

  /** The place noted with a mark, or undefined. Inside a transaction only for the marks it began with. */
  find(mark: Mark): number | undefined {
    return this.#recent.get(mark) ?? this.#moving?.marks.get(mark) ?? this.#stored.get(mark);
  }

  /** The place noted with a mark, or undefined; outside a transaction. */
  lookUp(mark: Mark): number | undefined {
    this.begin([mark]);
    return this.find(mark);
  }

  /** Notes a mark that was not found. */
  note(mark: Mark, place: number): void {
    this.#recent.set(mark, place);
    this.#fresh.push(mark);
  }

  /** Moves the next slice of a full run to the table, as part of the open transaction. */
  move(): void {
    const moving = this.#moving;
    if (moving === null) return;
    const end = Math.min(moving.order.length, moving.next + MOVED_PER_NEW * this.#fresh.length);
    const places = moving.order.slice(moving.next, end).map((mark) => `"${mark}":${moving.marks.get(mark)}`);
    this.#store([`{${places.join()}}`]);
    if (end === moving.order.length) this.#setMarkedThrough([moving.through]);
    this.#movedTo = end;
  }

  /** The transaction stands; `position` is that of its last event. */
  settle(position: number): void {
    this.#fresh = [];
    if (this.#moving !== null) {
      this.#moving.next = this.#movedTo;
      if (this.#moving.next === this.#moving.order.length) this.#moving = null;
    }
    if (this.#moving === null && this.#recent.size >= this.#runLength) {
      this.#moving = {
        marks: this.#recent,
        order: [...this.#recent.keys()].sort(),
        next: 0,
        through: position,
      };
      this.#recent = new Map();
    }
  }

  #reload(connection: Connection): void {
    const rows = connection.query(
      `SELECT CAST(e.id AS BLOB), e.position, CAST(e.claim AS BLOB), e.revision, CAST(s.name AS BLOB)
       FROM events e JOIN streams s ON s.id = e.stream
       WHERE e.position > (SELECT value FROM meta WHERE name = 'marked_through')`,
    )([]);
    for (const [id, position, claim, revision, stream] of rows) {
      this.#recent.set(idMark(textOf(id)), Number(position));
      if (claim !== null) this.#recent.set(claimMark(textOf(stream), textOf(claim)), Number(revision));
    }
  }
}
