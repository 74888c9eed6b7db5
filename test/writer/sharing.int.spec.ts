/** Several processes on one log: what a node answers without appending is never older than it may be. */

import { createEventCodec } from '../../src/adapters/event-codec/codec.js';
import { systemClock } from '../../src/adapters/system/clock.js';
import { createIds } from '../../src/adapters/system/ids.js';
import type { Clock } from '../../src/ports/clock.port.js';
import type { EventStore } from '../../src/ports/event-store.port.js';
import type { Answer } from '../../src/writer/answer.js';
import { createWriters, type Writers } from '../../src/writer/writers.js';
import { type TemporaryDirectory, temporaryDirectory } from '../event-store/temporary-directory.js';
import { ACME, createBudget, fund, openTenant, origin, reserve } from './requests.js';

const codec = createEventCodec();
const codeOf = (answer: Answer): string => (answer.kind === 'refused' ? answer.refusal.code : answer.kind);

let directory: TemporaryDirectory;
let store: EventStore;
/** How far the nodes' clocks have been moved on, in ms. */
let movedMs = 0;
const clock: Clock = { now: () => systemClock.now() + movedMs, after: systemClock.after };

beforeEach(async () => {
  movedMs = 0;
  directory = await temporaryDirectory();
  store = await directory.openStore({ path: `${directory.path}/ledger.db` });
});
afterEach(() => directory.remove());

describe('tenant writers of two nodes', () => {
  let here: Writers;
  let there: Writers;
  const node = (): Writers =>
    createWriters({
      store,
      codec,
      clock,
      ids: createIds(),
      isShared: true,
      snapshots: { latest: async () => null, take: async () => undefined },
      dueTimes: { dueTenants: async () => [], nextDueMs: async () => null },
      history: { reservation: async () => null, toolCall: async () => null },
    });
  const allocatedHere = (): Promise<bigint | undefined> =>
    here.read(ACME, (state) => [...state.budgets.values()][0]?.allocated);

  beforeEach(async () => {
    [here, there] = [node(), node()];
    await there.execute(ACME, openTenant(), origin());
    await there.execute(ACME, createBudget('tenant:acme', 5n), origin());
  });
  afterEach(() => Promise.all([here.drain(), there.drain()]));

  it('a read shows what another node wrote, once what is known is too old', async () => {
    expect(await allocatedHere()).toBe(5n);
    await there.execute(ACME, fund('tenant:acme', 3n), origin());
    movedMs += 1_001;
    expect(await allocatedHere()).toBe(8n);
  });

  it('a repeated refusal is decided again on what another node wrote, once what is known is too old', async () => {
    const ask = async () => codeOf(await here.execute(ACME, reserve(8n), origin('same')));
    expect([await ask(), await ask()]).toEqual(['budget_exceeded', 'budget_exceeded']);
    await there.execute(ACME, fund('tenant:acme', 3n), origin());
    movedMs += 1_001;
    expect(await ask()).toBe('accepted');
  });

  it('an expiry that both see coming is recorded once', async () => {
    const held = reserve(5n, { ttlMs: 1_000 });
    await here.execute(ACME, held, origin('hold'));
    await there.read(ACME, () => undefined);
    movedMs += 1_001;
    const [first, second] = await Promise.all([
      here.execute(ACME, reserve(5n), origin('one')),
      there.execute(ACME, reserve(5n), origin('two')),
    ]);
    expect([codeOf(first), codeOf(second)].sort()).toEqual(['accepted', 'budget_exceeded']);
    const events = await store.readStream('tenant-acme', { revision: 0, limit: 100 });
    expect(events.filter(({ type }) => type === 'Released')).toHaveLength(1);
  });
});
