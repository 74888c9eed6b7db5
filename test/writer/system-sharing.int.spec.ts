/** The operators' ledger written by several processes: each decides on what the others wrote, and can look. */

import { randomUUID } from 'node:crypto';
import { createEventCodec } from '../../src/adapters/event-codec/codec.js';
import { systemClock } from '../../src/adapters/system/clock.js';
import { createIds } from '../../src/adapters/system/ids.js';
import { GENESIS_HASH, seal } from '../../src/domain/hash-chain.js';
import type { OperatorId } from '../../src/domain/ids.js';
import { SYSTEM_STREAM } from '../../src/domain/system/system.events.js';
import type { Clock } from '../../src/ports/clock.port.js';
import type { EventStore } from '../../src/ports/event-store.port.js';
import { SystemWriter } from '../../src/writer/system-writer.js';
import { type TemporaryDirectory, temporaryDirectory } from '../event-store/temporary-directory.js';
import { origin } from './requests.js';

const codec = createEventCodec();
const SILENT = { warn: () => undefined, error: () => undefined };

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

describe('system writers of two nodes', () => {
  let here: SystemWriter;
  let there: SystemWriter;
  const node = () =>
    SystemWriter.open({ store, codec, clock, ids: createIds(), log: SILENT, isShared: true });
  const dana = 'opr_1' as OperatorId;
  const add = (name: string, operatorId = dana) => ({
    type: 'AddOperator' as const,
    operatorId,
    name,
    password: { hash: 'hash', oneTime: false },
    roles: ['auditor' as const],
    tenants: null,
    groups: [],
  });

  beforeEach(async () => {
    [here, there] = [await node(), await node()];
  });
  afterEach(() => Promise.all([here.drain(), there.drain()]));

  it('a refresh shows what another node wrote before it', async () => {
    await there.execute(add('dana'), origin());
    expect(here.current.operators.has(dana)).toBe(false);
    await here.refresh();
    expect(here.current.operators.has(dana)).toBe(true);
  });

  it('a refusal is decided on what another node wrote', async () => {
    await there.execute(add('dana'), origin());
    const disabled = await here.execute(
      { type: 'DisableOperator', operatorId: dana, reason: null },
      origin(),
    );
    expect(disabled.kind).toBe('accepted');
  });

  it('a thousand who ask at once read the stream once', async () => {
    let reads = 0;
    const counted = new Proxy(store, {
      get(target, name) {
        if (name === 'readStream') reads += 1;
        const member = Reflect.get(target, name);
        return typeof member === 'function' ? member.bind(target) : member;
      },
    });
    const writer = await SystemWriter.open({
      store: counted,
      codec,
      clock,
      ids: createIds(),
      log: SILENT,
      isShared: true,
    });
    reads = 0;
    await Promise.all(Array.from({ length: 1_000 }, () => writer.refresh()));
    expect(reads).toBe(1);
  });

  it('is stopped, and says so, once the stream contradicts itself', async () => {
    await here.execute(add('dana'), origin());
    const forged = {
      id: randomUUID(),
      event: { type: 'OperatorDisabled' as const, data: { operatorId: dana, reason: null } },
      metadata: {
        ...origin(),
        schema: 1,
        occurredAt: new Date(clock.now()).toISOString(),
        causationId: null,
      },
      claim: null,
    };
    await store.append(SYSTEM_STREAM, 0, [seal(forged, SYSTEM_STREAM, GENESIS_HASH)]);
    expect(here.isStopped).toBe(false);
    await expect(here.refresh()).rejects.toThrow('the ledger of the operators is stopped');
    expect(here.isStopped).toBe(true);
    await expect(here.execute(add('ada', 'opr_2' as OperatorId), origin())).rejects.toThrow('is stopped');
  });

  it('knows how old its knowledge is', async () => {
    await here.refresh();
    movedMs += 5_000;
    expect(here.ageMs).toBeGreaterThanOrEqual(5_000);
    await here.refresh();
    expect(here.ageMs).toBeLessThan(5_000);
  });
});
