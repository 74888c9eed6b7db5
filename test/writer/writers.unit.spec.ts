/** What a tenant writer promises, on a store that is steered. */

import type { Answer } from '../../src/writer/answer.js';
import { ACME, commit, fund, origin, release, reserve } from './requests.js';
import { type Node, Workshop } from './workshop.js';

const kinds = (answers: readonly Answer[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const { kind } of answers) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
};
const codeOf = (answer: Answer): string => (answer.kind === 'refused' ? answer.refusal.code : answer.kind);

async function given(allocated: bigint, limits = {}): Promise<{ shop: Workshop; node: Node }> {
  const shop = new Workshop();
  const node = shop.node(limits);
  await shop.provision(node, allocated);
  return { shop, node };
}

describe('concurrent requests', () => {
  it('of 200 reserves of 1 against a budget of 100 exactly 100 succeed', async () => {
    const { shop, node } = await given(100n);
    const answers = await shop.until(
      Promise.all(
        Array.from({ length: 200 }, (_, i) => node.writers.execute(ACME, reserve(1n), origin(`k${i}`))),
      ),
    );
    expect(kinds(answers)).toEqual({ accepted: 100, refused: 100 });
    expect(shop.types.filter((type) => type === 'Reserved')).toHaveLength(100);
  });

  it('of 20 racing commits of one reservation one wins', async () => {
    const { shop, node } = await given(100n);
    const held = reserve(10n);
    await shop.execute(node, held, origin('r'));
    const answers = await shop.until(
      Promise.all(
        Array.from({ length: 20 }, (_, i) =>
          node.writers.execute(ACME, commit(held.reservationId, 5n), origin(`c${i}`)),
        ),
      ),
    );
    expect(kinds(answers)).toEqual({ accepted: 1, refused: 19 });
    expect(new Set(answers.map(codeOf))).toEqual(new Set(['accepted', 'reservation_finalized']));
  });

  it('20 equal commits are one charge, and the rest replays it', async () => {
    const { shop, node } = await given(100n);
    const held = reserve(10n);
    await shop.execute(node, held, origin('r'));
    const answers = await shop.until(
      Promise.all(
        Array.from({ length: 20 }, () =>
          node.writers.execute(ACME, commit(held.reservationId, 5n), origin('same')),
        ),
      ),
    );
    expect(kinds(answers)).toEqual({ accepted: 1, replayed: 19 });
    expect(shop.payloads('Committed')).toHaveLength(1);
  });
});

describe('idempotency', () => {
  it('a denied reserve, retried with the same key after funding, succeeds and is stored', async () => {
    const { shop, node } = await given(5n);
    expect(codeOf(await shop.execute(node, reserve(8n), origin('k')))).toBe('budget_exceeded');
    await shop.execute(node, fund('tenant:acme', 5n), origin('f'));
    expect(codeOf(await shop.execute(node, reserve(8n), origin('k')))).toBe('accepted');
    expect(codeOf(await shop.execute(node, reserve(8n), origin('k')))).toBe('replayed');
    expect(shop.payloads('Reserved')).toHaveLength(1);
  });

  it('a key that memory has forgotten replays from the index, even when the request would be refused now', async () => {
    const { shop, node } = await given(5n, { recentMax: 1 });
    await shop.execute(node, reserve(5n), origin('old'));
    await shop.execute(node, reserve(0n), origin('newer'));
    expect(codeOf(await shop.execute(node, reserve(5n), origin('old')))).toBe('replayed');
    expect(codeOf(await shop.execute(node, reserve(1n), origin('old', 'other')))).toBe(
      'idempotency_mismatch',
    );
  });

  it('many repeats after a restart are recognised together, not one batch each', async () => {
    const { shop, node } = await given(100n);
    const repeatAll = (at: Node): Promise<Answer[]> =>
      shop.until(
        Promise.all(
          Array.from({ length: 90 }, (_, i) => at.writers.execute(ACME, reserve(1n), origin(`k${i}`))),
        ),
      );
    expect(kinds(await repeatAll(node))).toEqual({ accepted: 90 });
    const restarted = shop.node();
    // Ten fit anew, so the rest of the first batch is taken for new requests until the index says otherwise.
    expect(kinds(await repeatAll(restarted))).toEqual({ replayed: 90 });
    expect(restarted.writers.stats().redecided).toBeLessThanOrEqual(2);
  });

  it('repeats after a restart never use up a tenant’s patience, one after another or for good', async () => {
    const { shop, node } = await given(100n);
    for (let i = 0; i < 70; i++) await shop.execute(node, reserve(1n), origin(`k${i}`));
    const restarted = shop.node();
    for (let i = 0; i < 70; i++) {
      expect(codeOf(await shop.execute(restarted, reserve(1n), origin(`k${i}`)))).toBe('replayed');
    }
    expect(codeOf(await shop.execute(restarted, reserve(1n), origin('new')))).toBe('accepted');
  });

  it('a commit is answered from the index and the read models when the hold is long over', async () => {
    const { shop, node } = await given(100n, { recentMax: 1 });
    const [first, second] = [reserve(1n), reserve(1n)];
    for (const held of [first, second]) {
      await shop.execute(node, held, origin(held.reservationId));
      await shop.execute(node, commit(held.reservationId, 1n), origin(`c${held.reservationId}`));
    }
    const again = commit(first.reservationId, 1n);
    expect(codeOf(await shop.execute(node, again, origin(`c${first.reservationId}`)))).toBe('replayed');
    expect(codeOf(await shop.execute(node, again, origin('another')))).toBe('reservation_finalized');
    expect(codeOf(await shop.execute(node, release('rsv_unknown'), origin('x')))).toBe(
      'reservation_not_found',
    );
  });
});

describe('faults of the store', () => {
  it('an append of unknown outcome is sent again until it is known, and answered once', async () => {
    const { shop, node } = await given(100n);
    node.store.weather = { ...node.store.weather, answerLost: 1 };
    const answer = node.writers.execute(ACME, reserve(1n), origin('k'));
    await shop.pass(500);
    node.store.weather = { ...node.store.weather, answerLost: 0 };
    expect(codeOf(await shop.until(answer))).toBe('accepted');
    expect(shop.payloads('Reserved')).toHaveLength(1);
  });

  it('what another node wrote first is read, and the batch decided again', async () => {
    const { shop, node } = await given(10n);
    const other = shop.node();
    expect(codeOf(await shop.execute(other, reserve(7n), origin('theirs')))).toBe('accepted');
    expect(codeOf(await shop.execute(node, reserve(7n), origin('ours')))).toBe('budget_exceeded');
    expect(codeOf(await shop.execute(node, reserve(3n), origin('fits')))).toBe('accepted');
    expect(node.writers.stats().redecided).toBe(1);
  });

  it('a store that cannot write turns callers away and leaves nothing behind', async () => {
    const { shop, node } = await given(100n);
    const before = shop.types.length;
    node.store.weather = { ...node.store.weather, notWritten: 1 };
    await expect(shop.execute(node, reserve(1n), origin('k'))).rejects.toThrow('simulated');
    expect(shop.types).toHaveLength(before);
    node.store.weather = { ...node.store.weather, notWritten: 0 };
    expect(codeOf(await shop.execute(node, reserve(1n), origin('k')))).toBe('accepted');
  });

  it('callers do not wait for ever for an unknown outcome, and the repeat is a replay', async () => {
    const { shop, node } = await given(100n, { unsettledMaxMs: 1000 });
    node.store.weather = { ...node.store.weather, answerLost: 1 };
    await expect(shop.execute(node, reserve(1n), origin('k'))).rejects.toThrow('unknown');
    await expect(shop.execute(node, reserve(1n), origin('k2'))).rejects.toThrow('unknown');
    node.store.weather = { ...node.store.weather, answerLost: 0 };
    await shop.pass(5000);
    expect(codeOf(await shop.execute(node, reserve(1n), origin('k')))).toBe('replayed');
  });

  it('a full queue turns commands away at once and keeps those it took', async () => {
    const { shop, node } = await given(100n, { queueMax: 3 });
    const taken = [1, 2, 3].map((i) => node.writers.execute(ACME, reserve(1n), origin(`k${i}`)));
    await expect(node.writers.execute(ACME, reserve(1n), origin('k4'))).rejects.toMatchObject({
      name: 'Overloaded',
      retryAfterMs: 1000,
    });
    expect(kinds(await shop.until(Promise.all(taken)))).toEqual({ accepted: 3 });
  });
});

describe('what time brings', () => {
  it('an expiry is recorded at its due time, before the command that finds the budget free again', async () => {
    const { shop, node } = await given(10n);
    await shop.execute(node, reserve(10n, { ttlMs: 1000, graceMs: 500 }), origin('a'));
    await shop.pass(1200);
    expect(codeOf(await shop.execute(node, reserve(10n), origin('b')))).toBe('budget_exceeded');
    await shop.pass(400);
    expect(codeOf(await shop.execute(node, reserve(10n), origin('b')))).toBe('accepted');
    expect(shop.types.slice(-3)).toEqual(['Decided', 'Released', 'Reserved']);
    expect(shop.payloads('Released')).toMatchObject([{ reason: 'expired' }]);
  });

  it('an expiry needs no request: a timer records it, and a sweep on a node that has not loaded the tenant', async () => {
    const { shop, node } = await given(10n);
    await shop.execute(node, reserve(10n, { ttlMs: 1000 }), origin('a'));
    await shop.pass(1100);
    expect(shop.types.at(-1)).toBe('Released');
    await shop.execute(node, reserve(10n, { ttlMs: 5000 }), origin('b'));
    await shop.until(node.writers.drain());
    shop.node();
    await shop.pass(60_000);
    expect(shop.payloads('Released')).toHaveLength(2);
  });

  it('an expiry that could not be written is due again', async () => {
    const { shop, node } = await given(10n);
    await shop.execute(node, reserve(10n, { ttlMs: 1000 }), origin('a'));
    node.store.weather = { ...node.store.weather, notWritten: 1 };
    await shop.pass(5000);
    expect(shop.payloads('Released')).toHaveLength(0);
    node.store.weather = { ...node.store.weather, notWritten: 0 };
    await shop.pass(5000);
    expect(shop.payloads('Released')).toMatchObject([{ reason: 'expired' }]);
  });

  it('thousands that expire at once go in as many appends as they need', async () => {
    const { shop, node } = await given(1000n, { batchEventsMax: 50 });
    await shop.until(
      Promise.all(
        Array.from({ length: 300 }, (_, i) =>
          node.writers.execute(ACME, reserve(1n, { ttlMs: 1000 }), origin(`k${i}`)),
        ),
      ),
    );
    await shop.pass(1100);
    const reserved = await shop.read(node, (state) => [...state.budgets.values()][0]?.reserved);
    expect(reserved).toBe(0n);
    expect(shop.payloads('Released')).toHaveLength(300);
  });

  it('identical refusals within a minute are counted and become one record', async () => {
    const { shop, node } = await given(1n);
    for (let i = 0; i < 10; i++) await shop.execute(node, reserve(5n), origin(`k${i}`));
    await shop.execute(node, reserve(6n), origin('different'));
    expect(shop.payloads('Decided')).toMatchObject([{ repeats: 1 }, { repeats: 1 }]);
    await shop.pass(61_000);
    expect(shop.payloads('Decided')).toMatchObject([{ repeats: 1 }, { repeats: 1 }, { repeats: 9 }]);
    await shop.execute(node, reserve(5n), origin('next minute'));
    expect(shop.payloads('Decided')).toHaveLength(4);
  });

  it('a drain answers what is in flight, records the counted repeats and takes nothing new', async () => {
    const { shop, node } = await given(1n);
    for (let i = 0; i < 3; i++) await shop.execute(node, reserve(5n), origin(`k${i}`));
    const last = node.writers.execute(ACME, reserve(1n), origin('last'));
    const drained = node.writers.drain();
    await expect(node.writers.execute(ACME, reserve(1n), origin('late'))).rejects.toMatchObject({
      name: 'ShuttingDown',
    });
    await shop.until(drained);
    expect(codeOf(await last)).toBe('accepted');
    expect(shop.payloads('Decided')).toMatchObject([{ repeats: 1 }, { repeats: 2 }]);
  });
});
