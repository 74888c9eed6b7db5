/** What keeps one tenant's, one command's and one snapshot's trouble from becoming everybody's. */

import type { Command } from '../../src/domain/commands.js';
import type { TenantId } from '../../src/domain/ids.js';
import { initialState, STATE_VERSION } from '../../src/domain/state.js';
import { serializeState } from '../../src/domain/state-codec.js';
import type { Answer } from '../../src/writer/answer.js';
import { ACME, commit, createBudget, openTenant, origin, reserve } from './requests.js';
import { type Node, Workshop } from './workshop.js';

const BOLT = 'bolt' as TenantId;
const codeOf = (answer: Answer): string => (answer.kind === 'refused' ? answer.refusal.code : answer.kind);

async function given(limits = {}): Promise<{ shop: Workshop; node: Node }> {
  const shop = new Workshop();
  const node = shop.node(limits);
  await shop.provision(node, 100n);
  return { shop, node };
}

describe('a command that breaks an assertion', () => {
  it('fails alone: nothing of it is stored, its neighbours in the batch stand, and it is logged', async () => {
    const { shop, node } = await given();
    const twice = reserve(1n);
    await shop.execute(node, twice, origin('first'));
    const before = shop.types.length;
    const answers = [
      node.writers.execute(ACME, reserve(2n), origin('a')),
      // The same reservation id under another key: a handler never does this.
      node.writers.execute(ACME, twice, origin('b')),
      node.writers.execute(ACME, reserve(3n), origin('c')),
    ];
    const settled = await shop.until(Promise.allSettled(answers));
    expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(settled[1]).toMatchObject({ reason: { name: 'InternalError' } });
    expect(shop.types.slice(before)).toEqual(['Reserved', 'Reserved']);
    expect(node.logged).toEqual(['a command broke an assertion and was not stored']);
    expect(await shop.read(node, (state) => [...state.budgets.values()][0]?.reserved)).toBe(6n);
  });

  it('fails alone when its events cannot fit an append', async () => {
    const { shop, node } = await given({ batchBytesMax: 4000 });
    const large: Command = { ...reserve(1n), metadata: { note: 'x'.repeat(5000) } };
    await expect(shop.execute(node, large, origin('large'))).rejects.toMatchObject({ name: 'InternalError' });
    expect(codeOf(await shop.execute(node, reserve(1n), origin('small')))).toBe('accepted');
  });
});

describe('a stream that contradicts its fold', () => {
  it('stops the writer of its tenant and of no other', async () => {
    const { shop, node } = await given();
    await shop.until(node.writers.execute(BOLT, openTenant('REJECT', BOLT), origin()));
    await shop.execute(node, reserve(500n), origin('denied'));
    // A denial changes no state: only its place in the chain can give a copy of it away.
    const line = shop.log.lines.at(-1);
    if (line === undefined) throw new Error('the log is empty');
    shop.log.append('tenant-acme', shop.log.revisionOf('tenant-acme'), [{ ...line.sealed, id: 'forged' }]);
    const fresh = shop.node();
    await expect(shop.execute(fresh, reserve(1n), origin('k'))).rejects.toMatchObject({
      name: 'WriterStopped',
    });
    await expect(shop.read(fresh, (state) => state.tenant)).rejects.toMatchObject({ name: 'WriterStopped' });
    expect(fresh.writers.stats().stopped).toEqual([ACME]);
    const other = await shop.until(fresh.writers.execute(BOLT, createBudget('tenant:bolt', 1n), origin()));
    expect(other.kind).toBe('accepted');
  });
});

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('snapshots', () => {
  it('with its tail a snapshot gives what a full fold gives', async () => {
    const { shop, node } = await given({ snapshotEvery: 5 });
    for (let i = 0; i < 12; i++) await shop.execute(node, reserve(1n), origin(`k${i}`));
    await shop.pass(10);
    expect(node.writers.stats().snapshots).toBeGreaterThan(0);
    await shop.execute(node, reserve(1n), origin('tail'));
    const fold = (): Promise<string> => shop.read(shop.node(), serializeState);
    const withSnapshot = await fold();
    shop.snapshots.saved.clear();
    expect(await fold()).toBe(withSnapshot);
  });

  it('that is of another chain, or cannot be read, is ignored', async () => {
    const { shop, node } = await given();
    const state = bytes(serializeState(initialState()));
    const snapshot = {
      tenantId: ACME,
      revision: 1,
      stateVersion: STATE_VERSION,
      chainHash: 'f'.repeat(64),
      state,
    };
    await shop.snapshots.save(snapshot);
    const elsewhere = shop.node();
    expect(codeOf(await shop.execute(elsewhere, reserve(1n), origin('a')))).toBe('accepted');
    const [, second] = shop.log.lines;
    await shop.snapshots.save({
      ...snapshot,
      chainHash: second?.sealed.metadata.hash ?? '',
      state: bytes('{}'),
    });
    const broken = shop.node();
    expect(codeOf(await shop.execute(broken, reserve(1n), origin('b')))).toBe('accepted');
    expect(broken.logged).toEqual(['a snapshot is ignored']);
    expect(node.logged).toEqual([]);
  });
});

describe('tenants', () => {
  it('that do not exist are refused and leave nothing in memory', async () => {
    const { shop, node } = await given();
    const answer = await shop.until(node.writers.execute('ghost' as TenantId, reserve(1n), origin('k')));
    expect(codeOf(answer)).toBe('tenant_not_found');
    expect(await shop.until(node.writers.read('ghost' as TenantId, (state) => state.tenant))).toBeNull();
    await shop.pass(1);
    expect(node.writers.stats().tenants).toBe(1);
  });

  it('leave memory when idle, and come back with their keys and holds', async () => {
    const { shop, node } = await given({ idleMs: 10_000 });
    await shop.execute(node, reserve(4n, { ttlMs: 600_000 }), origin('k'));
    await shop.pass(12_000);
    expect(node.writers.stats().tenants).toBe(0);
    expect(codeOf(await shop.execute(node, reserve(4n), origin('k')))).toBe('replayed');
    expect(await shop.read(node, (state) => state.reservations.size)).toBe(1);
  });

  it('stay in memory while a counted refusal is unrecorded', async () => {
    const { shop, node } = await given({ idleMs: 10_000 });
    for (let i = 0; i < 3; i++) await shop.execute(node, reserve(500n), origin(`k${i}`));
    await shop.pass(30_000);
    expect(node.writers.stats().tenants).toBe(1);
    await shop.pass(60_000);
    expect(node.writers.stats().tenants).toBe(0);
    expect(shop.payloads('Decided')).toMatchObject([{ repeats: 1 }, { repeats: 2 }]);
  });

  it('cannot settle what belongs to another', async () => {
    const { shop, node } = await given();
    const held = reserve(1n);
    await shop.execute(node, held, origin('k'));
    await shop.until(node.writers.execute(BOLT, openTenant('REJECT', BOLT), origin()));
    const answer = await shop.until(node.writers.execute(BOLT, commit(held.reservationId, 1n), origin('c')));
    expect(codeOf(answer)).toBe('foreign_object');
  });
});
