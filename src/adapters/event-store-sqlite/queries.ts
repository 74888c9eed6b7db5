/** Reading events back, on whichever connection and thread. */

import type { Connection, Query, Row } from './connection.js';
import type { Flat } from './messages.js';

const COLUMNS = 'e.id, e.type, s.name, e.revision, e.position, e.data, e.metadata';

/** Answers are flat, seven cells an event; see messages.ts. */
export class EventQueries {
  readonly #stream: Query;
  readonly #all: Query;
  readonly #head: Query;

  constructor(connection: Connection) {
    this.#stream = connection.query(
      `SELECT ${COLUMNS} FROM streams s JOIN events e ON e.stream = s.id
       WHERE s.name = ? AND e.revision >= ? ORDER BY e.revision LIMIT ?`,
    );
    this.#all = connection.query(
      `SELECT ${COLUMNS} FROM events e JOIN streams s ON s.id = e.stream
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
  for (const row of rows) flat.push(...row);
  return flat;
}
