/** Channels after the master key has changed: nothing is believed, nothing breaks, and giving the secrets mends it. */

import { createHmac } from 'node:crypto';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isFromSlack } from '../../src/adapters/slack/slack.js';
import { SECRET } from './channelled.js';
import { Receiver } from './receivers.js';
import { Serving } from './serving.js';

const PATIENCE_MS = 60_000;

/** A server on the embedded store, where the key is not checked against the ledger. */
const startWith = (dataDir: string, masterKey: string): Promise<Serving> =>
  Serving.start({
    COUNTERSIGN_DATA_DIR: dataDir,
    COUNTERSIGN_EVENT_STORE: 'embedded',
    COUNTERSIGN_MASTER_KEY: masterKey,
  });

describe('a channel whose secrets cannot be read any more', () => {
  it(
    'says so, can be changed, takes no answer, and works again with new ones',
    async () => {
      const own = await Receiver.start();
      const dataDir = await mkdtemp(join(tmpdir(), 'countersign-key-'));
      const webhook = { url: own.url, secret: SECRET };
      const before = await startWith(dataDir, 'm'.repeat(43));
      const added = await before.asAdmin('POST', '/admin/channels', { name: 'a', webhook });
      const id = String(added.at('channel_id'));
      await before.server.close();
      const serving = await startWith(dataDir, 'n'.repeat(43));
      const path = `/admin/channels/${id}`;
      const tried = await serving.asAdmin('POST', `${path}/test`);
      expect(tried.at('error')).toContain('another master key');
      expect((await serving.asAdmin('PATCH', path, { order: 2 })).at('order')).toBe(2);
      const body = { approval_id: `apr_${'0'.repeat(26)}`, answer: 'approve', operator: 'ada' };
      const back = await serving.ask('POST', `/approvals/webhook/${id}`, { body });
      expect(back.refused).toBe('401 UNAUTHORIZED');
      expect((await serving.asAdmin('PATCH', path, { webhook })).status).toBe(200);
      expect((await serving.asAdmin('POST', `${path}/test`)).body).toEqual({ delivered: true });
      await serving.stop();
      await own.stop();
    },
    PATIENCE_MS,
  );

  it('believes nothing that is signed with no secret', () => {
    const nowMs = 1_700_000_000_000;
    const mac = createHmac('sha256', '').update('v0:1700000000:payload=x').digest('hex');
    const signed = { timestamp: '1700000000', signature: `v0=${mac}`, nowMs };
    expect(isFromSlack({ secrets: {} }, 'payload=x', signed)).toBe(false);
  });
});
