/** Reading events back, on whichever connection and thread. */

import { type Connection, malformed, type Query, type Row, textOf } from './connection.js';
import type { Flat } from './messages.js';

/** One cell for each event, which costs less than seven; canonical JSON has no line break to take for an end. */
const EVENT = `CAST(${['e.id', 'e.type', 's.name', 'e.revision', 'e.position', 'e.data', 'e.metadata'].join(
  ' || char(10) || ',
)} AS BLOB)`;

/** Answers are flat, seven cells an event; see messages.ts. */
export class EventQueries {
  readonly #stream: Query;
  readonly #all: Query;
  readonly #head: Query;

  constructor(connection: Connection) {
    this.#stream = connection.query(
      `SELECT ${EVENT} FROM streams s JOIN events e ON e.stream = s.id
       WHERE s.name = ? AND e.revision >= ? ORDER BY e.revision LIMIT ?`,
    );
    this.#all = connection.query(
      `SELECT ${EVENT} FROM events e JOIN streams s ON s.id = e.stream
       WHERE e.position > ? ORDER BY e.position LIMIT ?`,
    );
    this.#head = connection.query('SELECT coalesce(max(position), 0) FROM events');
  }

  readStream(stream: string, revision: number, limit: number): Flat {
    return flatten(this.#stream([stream, revision, limit]));
  }

  readAll(position: number, limit: number): Flat {
    return flatten(this.#all([position, limit]));
  }

  headPosition(): number {
    return Number(this.#head([])[0]?.[0] ?? 0);
  }
}

function flatten(rows: readonly Row[]): Flat {
  const flat: (string | number | null)[] = [];
  for (const [event] of rows) {
    const [id = '', type = '', stream = '', revision, position, ...json] = textOf(event).split('\n');
    const [data = '', metadata = ''] = json;
    if (json.length !== 2) throw malformed('an event has a line break in it');
    flat.push(id, type, stream, Number(revision), Number(position), data, metadata);
  }
  return flat;
}
