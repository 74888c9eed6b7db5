/** Runs the same tests of the read models on every database that they may be in. */

import Database from 'libsql';
import { openSession, type PostgresSession } from '../../src/adapters/read-store/postgres.js';
import { SqliteConnection } from '../../src/adapters/read-store/sqlite.js';
import type { SqlConnection } from '../../src/ports/read-store.port.js';
import { addressOf, dropSchema, freshSchema, hasPostgres } from '../postgres/postgres.js';

const DATABASES = ['SQLite', 'PostgreSQL'] as const;
let current: (typeof DATABASES)[number] = 'SQLite';
const opened: { readonly session: PostgresSession; readonly url: string }[] = [];

/** Describes something once for each database; what it opens is of that one. */
export function onEveryDatabase(define: () => void): void {
  for (const database of DATABASES) {
    const describing = database === 'SQLite' || hasPostgres() ? describe : describe.skip;
    describing(`on ${database},`, () => {
      beforeAll(() => {
        current = database;
      });
      afterAll(async () => {
        current = 'SQLite';
        for (const { session, url } of opened.splice(0)) {
          await session.close();
          await dropSchema(url);
        }
      });
      define();
    });
  }
}

/** How often a property is tried: each statement to another process takes far longer than one in our own. */
export const runsHere = (runs: number): number => (current === 'SQLite' ? runs : Math.ceil(runs / 4));

/** An empty database of the kind that is being tested. */
export async function openDatabase(): Promise<SqlConnection> {
  if (current === 'SQLite') return new SqliteConnection(new Database(':memory:'));
  const url = await freshSchema();
  const session = await openSession(addressOf(url));
  opened.push({ session, url });
  return session.connection;
}
