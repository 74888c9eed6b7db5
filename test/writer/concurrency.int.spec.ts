/** The promises of the write path on the real embedded store: its thread, its file, its index of claims. */

import { createEventCodec } from '../../src/adapters/event-codec/codec.js';
import { systemClock } from '../../src/adapters/system/clock.js';
import { createIds } from '../../src/adapters/system/ids.js';
import type { Command } from '../../src/domain/commands.js';
import type { Origin } from '../../src/domain/events.js';
import type { Subject } from '../../src/domain/subject.js';
import type { EventStore } from '../../src/ports/event-store.port.js';
import type { Answer } from '../../src/writer/answer.js';
import { createWriters, type Writers } from '../../src/writer/writers.js';
import { type TemporaryDirectory, temporaryDirectory } from '../event-store/temporary-directory.js';
import { MemorySnapshots } from '../simulation/simulated-ports.js';
import { MemoryReadModels } from '../simulation/simulated-read-models.js';
import { ACME, commit, createBudget, fund, openTenant, origin, reserve } from './requests.js';

const SIX_LEVELS: Subject = { workspace: 'w', app: 'ide', workflow: 'run', agent: 'bot', toolset: 'shell' };
const PATHS = [
  'tenant:acme',
  'tenant:acme/workspace:w',
  'tenant:acme/workspace:w/app:ide',
  'tenant:acme/workspace:w/app:ide/workflow:run',
  'tenant:acme/workspace:w/app:ide/workflow:run/agent:bot',
  'tenant:acme/workspace:w/app:ide/workflow:run/agent:bot/toolset:shell',
];

const kinds = (answers: readonly Answer[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const { kind } of answers) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
};

describe('writers on the embedded store', () => {
  let directory: TemporaryDirectory;
  let store: EventStore;
  let writers: Writers;
  const snapshots = new MemorySnapshots({
    store: { readStream: (stream, from) => store.readStream(stream, from) },
    codec: createEventCodec(),
  });

  const start = async (): Promise<void> => {
    store = await directory.openStore({ path: `${directory.path}/ledger.db` });
    const readModels = new MemoryReadModels();
    writers = createWriters({
      store,
      codec: createEventCodec(),
      clock: systemClock,
      ids: createIds(),
      snapshots,
      dueTimes: readModels,
      history: readModels,
      limits: { snapshotEvery: 100 },
    });
  };
  const restart = async (): Promise<void> => {
    await writers.drain();
    await store.close();
    await start();
  };
  const execute = (command: Command, from: Origin = origin()): Promise<Answer> =>
    writers.execute(ACME, command, from);
  const reservedAt = (scope: string): Promise<bigint | undefined> =>
    writers.read(ACME, (state) => state.budgets.get(`${scope}|TOKENS` as never)?.reserved);
  const eventTypes = async (): Promise<string[]> =>
    (await store.readStream('tenant-acme', { revision: 0, limit: 5000 })).map((event) => event.type);

  beforeEach(async () => {
    directory = await temporaryDirectory();
    snapshots.saved.clear();
    await start();
    await execute(openTenant());
  });
  afterEach(async () => {
    await writers.drain();
    await directory.remove();
  });

  it('of 200 concurrent reserves of 1 against a budget of 100 exactly 100 succeed', async () => {
    await execute(createBudget('tenant:acme', 100n));
    const requests = Array.from({ length: 200 }, (_, i) => execute(reserve(1n), origin(`k${i}`)));
    expect(kinds(await Promise.all(requests))).toEqual({ accepted: 100, refused: 100 });
    expect(await reservedAt('tenant:acme')).toBe(100n);
    expect((await eventTypes()).filter((type) => type === 'Reserved')).toHaveLength(100);
  });

  it('six levels are held together or not at all', async () => {
    for (const [i, scope] of PATHS.entries()) await execute(createBudget(scope, BigInt(60 - i * 10)));
    const requests = Array.from({ length: 50 }, (_, i) =>
      execute(reserve(1n, { subject: SIX_LEVELS }), origin(`k${i}`)),
    );
    expect(kinds(await Promise.all(requests))).toEqual({ accepted: 10, refused: 40 });
    expect(await Promise.all(PATHS.map(reservedAt))).toEqual(PATHS.map(() => 10n));
  });

  it('of 20 racing commits one wins, and 20 equal ones are one charge', async () => {
    await execute(createBudget('tenant:acme', 100n));
    const [raced, repeated] = [reserve(10n), reserve(10n)];
    await Promise.all([execute(raced, origin('a')), execute(repeated, origin('b'))]);
    const racing = await Promise.all(
      Array.from({ length: 20 }, (_, i) => execute(commit(raced.reservationId, 3n), origin(`c${i}`))),
    );
    const equal = await Promise.all(
      Array.from({ length: 20 }, () => execute(commit(repeated.reservationId, 4n), origin('equal'))),
    );
    expect(kinds(racing)).toEqual({ accepted: 1, refused: 19 });
    expect(kinds(equal)).toEqual({ accepted: 1, replayed: 19 });
    expect(await writers.read(ACME, (state) => [...state.budgets.values()][0]?.spent)).toBe(7n);
  });

  it('a denied reserve, retried with the same key after funding, succeeds and is stored', async () => {
    await execute(createBudget('tenant:acme', 5n));
    expect(await execute(reserve(8n), origin('k'))).toMatchObject({ refusal: { code: 'budget_exceeded' } });
    await execute(fund('tenant:acme', 5n), origin('f'));
    expect((await execute(reserve(8n), origin('k'))).kind).toBe('accepted');
    expect((await eventTypes()).at(-1)).toBe('Reserved');
  });

  it('after a restart every key still replays, and snapshot and tail give the same balances', async () => {
    await execute(createBudget('tenant:acme', 1000n));
    const reserveAll = (): Promise<Answer[]> =>
      Promise.all(Array.from({ length: 250 }, (_, i) => execute(reserve(1n), origin(`k${i}`))));
    expect(kinds(await reserveAll())).toEqual({ accepted: 250 });
    await restart();
    expect(await reservedAt('tenant:acme')).toBe(250n);
    expect(kinds(await reserveAll())).toEqual({ replayed: 250 });
    expect(await reservedAt('tenant:acme')).toBe(250n);
    snapshots.saved.clear();
    await restart();
    expect(await reservedAt('tenant:acme')).toBe(250n);
  });

  it('an expiry is recorded by itself, at the time it fell due', async () => {
    await execute(createBudget('tenant:acme', 10n));
    const held = await execute(reserve(10n, { ttlMs: 30 }), origin('k'));
    while ((await reservedAt('tenant:acme')) !== 0n) await new Promise((resolve) => setImmediate(resolve));
    const last = (await store.readStream('tenant-acme', { revision: 0, limit: 100 })).at(-1);
    expect(last?.type).toBe('Released');
    expect(JSON.parse(last?.metadata ?? '').occurredAt).toBe(new Date(held.nowMs + 30).toISOString());
  });
});
