/** A node with other keys than the rest does not start, and says which, instead of answering 401 to everybody. */

import { StartError } from '../../src/main.js';
import { Nodes } from './nodes.js';
import { Serving } from './serving.js';

const OTHER = 'another key, long enough for either of the two';
const PATIENCE_MS = 60_000;

let nodes: Nodes;
beforeAll(async () => {
  nodes = await Nodes.start(1);
}, PATIENCE_MS);
afterAll(() => nodes.stop());

async function refusedWith(settings: Record<string, string>): Promise<string> {
  try {
    const serving = await Serving.start({ ...nodes.settings, ...settings });
    await serving.stop();
    return 'it started';
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    return error.message;
  }
}

it('refuses to start with another master key, in one line without the key', async () => {
  const line = await refusedWith({ COUNTERSIGN_MASTER_KEY: OTHER });
  expect(line).toMatch(/^COUNTERSIGN_MASTER_KEY is not the one that this ledger is written with/);
  expect(line).not.toMatch(new RegExp(`\n|${OTHER}`));
});

it('refuses to start with another admin key, in one line without the key', async () => {
  const line = await refusedWith({ COUNTERSIGN_ADMIN_KEY: OTHER });
  expect(line).toMatch(/^COUNTERSIGN_ADMIN_KEY is not the one of the other nodes/);
  expect(line).not.toMatch(new RegExp(`\n|${OTHER}`));
});

it('keeps neither key on the event store', () => {
  const text = nodes.double.log.all
    .map(({ data, metadata }) => Buffer.concat([data, metadata]).toString())
    .join();
  expect(text).toContain('masterKey');
  for (const name of ['COUNTERSIGN_MASTER_KEY', 'COUNTERSIGN_ADMIN_KEY']) {
    expect(text).not.toContain(nodes.settings[name]);
  }
});

it(
  'changes the admin key of all nodes when it is told to',
  async () => {
    const settings = { ...nodes.settings, COUNTERSIGN_ADMIN_KEY: OTHER };
    const changing = await Serving.start({ ...settings, COUNTERSIGN_CHANGE_ADMIN_KEY: '1' });
    await changing.stop();
    const next = await Serving.start(settings);
    expect((await next.asAdmin('GET', '/v1/admin/tenants')).status).toBe(200);
    await next.stop();
    expect(await refusedWith({})).toMatch(/^COUNTERSIGN_ADMIN_KEY is not the one of the other nodes/);
  },
  PATIENCE_MS,
);
