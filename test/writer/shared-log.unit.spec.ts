/** Several nodes on one log: what one has answered binds the next answer of every other. */

import type { Origin } from '../../src/domain/events.js';
import type { KeyId } from '../../src/domain/ids.js';
import type { Answer } from '../../src/writer/answer.js';
import { ACME, commit, fund, issueKey, origin, reserve } from './requests.js';
import { type Node, Workshop } from './workshop.js';

const codeOf = (answer: Answer): string => (answer.kind === 'refused' ? answer.refusal.code : answer.kind);
const KEY = 'key_1' as KeyId;
const byKey = (idempotencyKey: string): Origin => ({
  ...origin(idempotencyKey),
  actor: { type: 'api_key', keyId: KEY },
});

/** Two nodes that both have the tenant in memory. */
async function given(
  allocated: bigint,
  isShared = true,
): Promise<{ shop: Workshop; here: Node; there: Node }> {
  const shop = new Workshop();
  const [here, there] = [shop.node({}, isShared), shop.node({}, isShared)];
  await shop.provision(there, allocated);
  await shop.read(here, () => undefined);
  return { shop, here, there };
}

/** Counts how often a node reads streams from now on. */
function countReads({ store }: Node): () => number {
  let reads = 0;
  const readStream = store.readStream.bind(store);
  store.readStream = (stream, from) => {
    reads += 1;
    return readStream(stream, from);
  };
  return () => reads;
}

/** Lets a node's next read begin with what it finds then, and end when it is told to. */
function holdReads({ store }: Node): { begun: Promise<void>; end: () => void } {
  const readStream = store.readStream.bind(store);
  let end = (): void => undefined;
  const held = new Promise<void>((resolve) => {
    end = resolve;
  });
  const begun = new Promise<void>((resolve) => {
    store.readStream = async (stream, from) => {
      store.readStream = readStream;
      const found = await readStream(stream, from);
      resolve();
      await held;
      return found;
    };
  });
  return { begun, end: () => end() };
}

describe('an answer that appends nothing', () => {
  it('knows a key that another node has just issued', async () => {
    const { shop, here, there } = await given(10n);
    await shop.execute(there, issueKey(KEY, ['reservations:create']));
    expect(codeOf(await shop.execute(here, reserve(1n), byKey('k')))).toBe('accepted');
  });

  it('is no replay for a key that another node has just revoked', async () => {
    const { shop, here, there } = await given(10n);
    await shop.execute(here, issueKey(KEY, ['reservations:create']));
    expect(codeOf(await shop.execute(here, reserve(1n), byKey('k')))).toBe('accepted');
    expect(codeOf(await shop.execute(here, reserve(1n), byKey('k')))).toBe('replayed');
    await shop.execute(there, { type: 'RevokeApiKey', keyId: KEY, reason: null });
    expect(codeOf(await shop.execute(here, reserve(1n), byKey('k')))).toBe('key_revoked');
  });

  it('is no repeat of a refusal that another node’s funding has outdated', async () => {
    const { shop, here, there } = await given(5n);
    for (const key of ['a', 'b'])
      expect(codeOf(await shop.execute(here, reserve(8n), origin(key)))).toBe('budget_exceeded');
    await shop.execute(there, fund('tenant:acme', 5n), origin('f'));
    expect(codeOf(await shop.execute(here, reserve(8n), origin('c')))).toBe('accepted');
  });

  it('costs one read for all who wait for one', async () => {
    const { shop, here } = await given(10n);
    const reads = countReads(here);
    const refused = Array.from({ length: 30 }, (_, i) =>
      here.writers.execute(ACME, reserve(1n), byKey(`k${i}`)),
    );
    expect(new Set((await shop.until(Promise.all(refused))).map(codeOf))).toEqual(new Set(['key_unknown']));
    expect(reads()).toBe(1);
  });

  it('rests on a look that began after the question came, not on one that was under way', async () => {
    const { shop, here, there } = await given(10n);
    await shop.execute(there, fund('tenant:acme', 1n), origin('f'));
    const look = holdReads(here);
    const early = here.writers.execute(ACME, reserve(1n), byKey('early'));
    await shop.until(look.begun);
    await shop.execute(there, issueKey(KEY, ['reservations:create']));
    const late = here.writers.execute(ACME, reserve(1n), byKey('late'));
    look.end();
    expect(codeOf(await shop.until(early))).toBe('key_unknown');
    expect(codeOf(await shop.until(late))).toBe('accepted');
  });

  it('is given in time however much another node writes', async () => {
    const { shop, there } = await given(1000n);
    const here = shop.node({ redecisionsMax: 3 }, true);
    here.store.weather = { ...here.store.weather, delayMaxMs: 60 };
    let isAnswered = false;
    const others = (async () => {
      for (let i = 0; !isAnswered; i++) await there.writers.execute(ACME, reserve(1n), origin(`o${i}`));
    })();
    const refused = Array.from({ length: 300 }, async (_, i) => {
      await shop.time.wait(i);
      return here.writers.execute(ACME, reserve(1n), byKey(`k${i}`));
    });
    const answers = await shop.until(Promise.all(refused));
    isAnswered = true;
    await shop.until(others);
    expect(new Set(answers.map(codeOf))).toEqual(new Set(['key_unknown']));
    expect(here.writers.stats().unavailable).toBe(0);
  });

  it('is turned away when the stream cannot be read, and given when it can', async () => {
    const { shop, here } = await given(10n);
    here.store.loseFor(60_000);
    await expect(shop.execute(here, reserve(1n), byKey('k'))).rejects.toMatchObject({ name: 'Unavailable' });
    await shop.pass(60_000);
    expect(codeOf(await shop.execute(here, reserve(1n), byKey('k')))).toBe('key_unknown');
  });

  it('reads nothing where the log is a node’s own', async () => {
    const { shop, here } = await given(10n, false);
    const reads = countReads(here);
    expect(codeOf(await shop.execute(here, reserve(1n), byKey('k')))).toBe('key_unknown');
    expect(reads()).toBe(0);
  });
});

describe('a read', () => {
  const allocated = (shop: Workshop, node: Node, staleMaxMs?: number): Promise<bigint | undefined> =>
    shop.until(node.writers.read(ACME, (state) => [...state.budgets.values()][0]?.allocated, staleMaxMs));

  it('may be as old as it is allowed to be, and not older', async () => {
    const { shop, here, there } = await given(5n);
    await shop.execute(there, fund('tenant:acme', 3n), origin('f'));
    expect(await allocated(shop, here)).toBe(5n);
    expect(await allocated(shop, here, 0)).toBe(8n);
    await shop.execute(there, fund('tenant:acme', 3n), origin('g'));
    await shop.pass(2000);
    expect(await allocated(shop, here)).toBe(11n);
  });
});

describe('a node that was frozen in the middle of an append', () => {
  it('answers what it wrote, and decides the next on what others wrote meanwhile', async () => {
    const { shop, here, there } = await given(10n);
    const held = reserve(6n, { ttlMs: 3_600_000 });
    const answer = here.writers.execute(ACME, held, origin('mine'));
    await shop.until(appended(shop, 'Reserved'));
    here.clock.freeze(60_000);
    expect(codeOf(await shop.execute(there, reserve(4n, { ttlMs: 3_600_000 }), origin('theirs')))).toBe(
      'accepted',
    );
    expect(codeOf(await shop.execute(there, commit(held.reservationId, 2n), origin('c')))).toBe('accepted');
    expect(codeOf(await shop.until(answer))).toBe('accepted');
    expect(codeOf(await shop.execute(here, reserve(5n), origin('more')))).toBe('budget_exceeded');
    expect(codeOf(await shop.execute(here, reserve(4n), origin('fits')))).toBe('accepted');
  });
});

/** Resolves once an event of a type is in the log. */
async function appended(shop: Workshop, type: string): Promise<void> {
  while (!shop.types.includes(type)) await shop.time.wait(1);
}
