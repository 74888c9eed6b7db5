/** A PostgreSQL that goes away: reads say so, decisions go on, and it mends itself. */

import { readdir } from 'node:fs/promises';
import { createServer } from 'node:net';
import { eventually } from '../event-store/eventually.js';
import { Cut } from '../postgres/cut.js';
import { ask, dropSchema, freshSchema, hasPostgres } from '../postgres/postgres.js';
import { Serving } from './serving.js';

const describing = hasPostgres() ? describe : describe.skip;

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });

describing('read models on PostgreSQL', () => {
  let url: string;
  let way: Cut;
  const lines: string[] = [];
  const start = (settings: Readonly<Record<string, string>> = {}) =>
    Serving.start(
      { COUNTERSIGN_READ_STORE: way.url, COUNTERSIGN_LOG_LEVEL: 'warn', ...settings },
      { logTo: { write: (line: string) => lines.push(line) } },
    );
  beforeEach(async () => {
    url = await freshSchema();
    const secretive = new URL(url);
    secretive.password = 'not-to-be-told';
    way = await Cut.before(secretive.href);
    lines.length = 0;
  });
  afterEach(async () => {
    way.close();
    await dropSchema(url);
  });

  it('are there, and in no file of the data directory', async () => {
    const serving = await start();
    const client = await serving.tenant('acme');
    await client.budget('', 9_007_199_254_740_993n.toString());
    const schema = new URL(url).searchParams.get('schema');
    await eventually(async () => {
      const rows = await ask(url, `select allocated::text from "${schema}".balances`);
      expect(rows).toEqual([{ allocated: '9007199254740993' }]);
    });
    expect(await readdir(serving.dataDir)).not.toContain('read.db');
    await serving.stop();
  });

  it('answer 503 with when to come again while it is away, and decisions go on', async () => {
    const serving = await start();
    const client = await serving.tenant('acme');
    await client.budget('', 1_000);
    const held = await client.held(10);
    way.cut();
    await eventually(async () => {
      const list = await client.ask('GET', '/v1/reservations?tenant=acme');
      expect(list.status).toBe(503);
      expect(Number(list.headers.get('retry-after'))).toBeGreaterThan(0);
    });
    expect((await client.reserve(5)).status).toBe(200);
    expect((await client.commit(held, 7)).status).toBe(200);
    await eventually(async () => {
      const ready = await serving.ask('GET', '/health/ready');
      expect(ready.status).toBe(503);
      expect(ready.at('components.read_store.status')).toBe('DOWN');
      expect(ready.at('components.event_store.status')).toBe('UP');
    });
    way.mend();
    await eventually(async () => expect((await serving.ask('GET', '/health/ready')).status).toBe(200));
    await eventually(async () => {
      const list = await client.ask('GET', '/v1/reservations?tenant=acme');
      expect(list.status).toBe(200);
    });
    expect(await client.balance()).toMatchObject({ spent: 7, reserved: 5 });
    expect(lines.filter((line) => line.includes('cannot be used'))).toHaveLength(1);
    expect(lines.join()).not.toContain('not-to-be-told');
    await serving.stop();
  });

  it('are waited for at a start, with one line, and probes hear of it meanwhile', async () => {
    way.cut();
    const port = await freePort();
    const starting = start({ COUNTERSIGN_PORT: String(port) });
    await eventually(async () => {
      const ready = await fetch(`http://127.0.0.1:${port}/health/ready`);
      expect(await ready.json()).toMatchObject({ components: { read_store: { status: 'DOWN' } } });
    });
    way.mend();
    const serving = await starting;
    expect((await serving.ask('GET', '/health/ready')).status).toBe(200);
    expect(lines.filter((line) => line.includes('cannot be used'))).toHaveLength(1);
    expect(lines.join()).not.toContain('not-to-be-told');
    await serving.stop();
  });
});
