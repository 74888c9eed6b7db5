/** Which index a question to the audit record goes through: the one that leaves the fewest actions to look at. */

import Database from 'libsql';
import { SqliteConnection } from '../../src/adapters/read-store/sqlite.js';
import type { SqlConnection } from '../../src/ports/read-store.port.js';
import { type ActionFilter, ActionQueries } from '../../src/projections/actions/actions.queries.js';
import type { ReadTables } from '../../src/projections/database.js';
import { sharedDatabase } from '../../src/projections/dialect.js';
import { project, type TestReadModels } from './harness.js';
import { TestLedger } from './ledger.js';

describe('A page of the audit record', () => {
  const connection = new SqliteConnection(new Database(':memory:'));
  let models: TestReadModels;

  beforeAll(async () => {
    models = await project(new TestLedger(), { connection });
  });
  afterAll(async () => {
    await models.close();
    connection.close();
  });

  /** How SQLite goes about it. */
  async function planOf(filter: ActionFilter): Promise<string> {
    const steps: string[] = [];
    const explaining: SqlConnection = {
      flavour: 'sqlite',
      async execute({ sql, parameters }) {
        const { rows } = await connection.execute({ sql: `explain query plan ${sql}`, parameters });
        steps.push(...rows.map((row) => String(row['detail'])));
        return { rows: [], affected: 0 };
      },
    };
    await new ActionQueries(sharedDatabase<ReadTables>(explaining)).list(filter, { limit: 50 });
    return steps.join('\n');
  }

  const WIDE = { tenantId: 'acme', toolName: 'Shell', tier: 3, decision: 'DENY' } as const;

  it.each([
    ['a trace is asked for', { ...WIDE, traceId: 'a', sessionId: 's', reasonCode: 'r' }, '(trace_id=?)'],
    [
      'a session is asked for',
      { ...WIDE, sessionId: 's', reasonCode: 'r' },
      '(tenant_id=? AND session_id=?)',
    ],
    ['a session of any tenant is asked for', { sessionId: 's', tier: 3 }, '(tenant_id=? AND session_id=?)'],
    ['a reason is asked for', { ...WIDE, reasonCode: 'r' }, '(tenant_id=? AND reason_code=?)'],
    ['a tool is asked for', WIDE, '(tenant_id=? AND tool_name=?)'],
    ['only a tenant is asked for', { tenantId: 'acme' }, '(tenant_id=?)'],
  ] satisfies [string, ActionFilter, string][])(
    'goes by the narrowest index when %s',
    async (_, filter, by) => {
      expect(await planOf(filter)).toContain(by);
    },
  );
});
