/** A cluster that is away, at the start or later: nothing is lost or done twice, callers soon hear, and it mends itself. */

import { createServer } from 'node:net';
import { EsdbDouble } from '../esdb-double/server.js';
import { eventually } from '../event-store/eventually.js';
import { Nodes, settingsOn } from './nodes.js';
import { Serving, type TenantClient } from './serving.js';

const PATIENCE_MS = 90_000;

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe('a start without the event store', () => {
  it(
    'waits, says so once, answers 503 meanwhile, and goes on when the store is there',
    async () => {
      const double = await EsdbDouble.start();
      double.kill();
      const port = await freePort();
      const url = `http://127.0.0.1:${port}`;
      const lines: string[] = [];
      const settings = { COUNTERSIGN_PORT: String(port), COUNTERSIGN_LOG_LEVEL: 'warn' };
      const starting = Serving.start(
        { ...settingsOn(double.connectionString), ...settings },
        { logTo: { write: (line: string) => lines.push(line) } },
      );
      await eventually(async () => expect((await fetch(`${url}/health/ready`)).status).toBe(503));
      expect((await fetch(`${url}/health/live`)).status).toBe(200);
      const asked = await fetch(`${url}/v1/reservations`, { method: 'POST', body: '{}' });
      expect(asked.status).toBe(503);
      expect(Number(asked.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(await asked.json()).toMatchObject({ error: 'INTERNAL_ERROR' });
      await double.restart();
      const serving = await starting;
      expect(serving.server.url).toBe(url);
      expect((await serving.ask('GET', '/health/ready')).status).toBe(200);
      expect((await (await serving.tenant('acme')).budget('', 10)).status).toBe(201);
      const waits = lines.filter((line) => line.includes('cannot be reached'));
      expect(waits).toHaveLength(1);
      expect(waits[0]).not.toContain('esdb://');
      await serving.stop();
      double.close();
    },
    PATIENCE_MS,
  );
});

describe('an event store that goes away', () => {
  let nodes: Nodes;
  let serving: Serving;
  let client: TenantClient;
  beforeEach(async () => {
    nodes = await Nodes.start(1);
    serving = nodes.at(0);
    client = await serving.tenant('acme');
    await client.budget('', 1_000);
  }, PATIENCE_MS);
  afterEach(() => nodes.stop(), PATIENCE_MS);

  const reserveAs = (key: string) => client.reserve(1, { idempotency_key: key });
  const keys = (count: number) => Array.from({ length: count }, (_, i) => `k${i}`);

  /** What every request is answered in the end, under the key it was first sent with. */
  async function expectAllOnce(asked: readonly string[]): Promise<void> {
    for (const key of asked) {
      await eventually(async () => expect((await reserveAs(key)).status).toBe(200));
    }
    await eventually(async () => expect((await client.balance())['reserved']).toBe(asked.length));
  }

  it(
    'makes every change 503 with when to come again, is seen by probes, and is not missed once it is back',
    async () => {
      nodes.double.kill();
      const answers = await Promise.all(keys(8).map(reserveAs));
      for (const { status, headers } of answers) {
        expect(status).toBe(503);
        expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
      }
      const ready = await serving.ask('GET', '/health/ready');
      expect(ready.status).toBe(503);
      expect(ready.text).not.toContain('esdb://');
      await nodes.double.restart();
      // Nobody sends changes to a server that is not ready: it has to find out by itself.
      await eventually(async () => expect((await serving.ask('GET', '/health/ready')).status).toBe(200));
      await expectAllOnce(keys(8));
    },
    PATIENCE_MS,
  );

  it(
    'and is frozen with what it was sent: nothing of it is lost, nothing is there twice',
    async () => {
      nodes.double.faults.freeze();
      const answers = await Promise.all(keys(8).map(reserveAs));
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([503]));
      nodes.double.faults.thaw();
      await expectAllOnce(keys(8));
    },
    PATIENCE_MS,
  );

  it(
    'after it has written, before it answers: the answer is that of what was written',
    async () => {
      nodes.double.faults.dropsAfterCommit = 1;
      expect((await reserveAs('k0')).status).toBe(200);
      nodes.double.faults.answersLost = 1;
      expect([200, 503]).toContain((await reserveAs('k1')).status);
      await expectAllOnce(['k0', 'k1']);
    },
    PATIENCE_MS,
  );

  it(
    'in the middle of an operator’s change: whoever waits soon hears, and it is done once',
    async () => {
      nodes.double.faults.answersLost = Number.POSITIVE_INFINITY;
      const body = { name: 'ada', roles: ['viewer'] };
      const added = await serving.asAdmin('POST', '/admin/operators', body);
      expect(added.status).toBe(503);
      expect(Number(added.headers.get('retry-after'))).toBeGreaterThan(0);
      nodes.double.faults.answersLost = 0;
      await eventually(async () => {
        expect((await serving.asAdmin('POST', '/admin/operators', body)).status).toBe(409);
      });
    },
    PATIENCE_MS,
  );

  it(
    'for the subscription alone: what is written shows in reads all the same',
    async () => {
      nodes.double.reads.killSubscriptions();
      await expectAllOnce(keys(3));
    },
    PATIENCE_MS,
  );
});
