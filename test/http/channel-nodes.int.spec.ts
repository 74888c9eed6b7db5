/** Channels where several servers are nodes of a cluster: of all of them one delivers. */

import { answer, person } from './approvers.js';
import { about } from './channelled.js';
import { Nodes } from './nodes.js';
import { Receiver } from './receivers.js';

const PATIENCE_MS = 120_000;
const KEY = { permissions: ['reservations:create'], fixed_subject: { app: 'ide' } };

it(
  'tells each message once, whichever node was asked',
  async () => {
    const receiver = await Receiver.start();
    const nodes = await Nodes.start(2);
    try {
      const acme = await nodes.at(0).tenant('acme', KEY);
      await acme.budget('', 10_000, { unit: 'RISK_POINTS' });
      const ada = await person(nodes.at(0), 'ada');
      await nodes.at(1).asAdmin('POST', '/admin/channels', { name: 'bot', webhook: { url: receiver.url } });
      await nodes.at(0).asAdmin('GET', '/admin/channels');
      for (const [session, node] of [
        ['first', 0],
        ['second', 1],
      ] as const) {
        const submitted = await acme.at(nodes.at(node)).ask('POST', '/gate/tool-calls', {
          idempotency_key: session,
          harness: 'test',
          session_id: session,
          tool: { name: 'Shell', input: { command: 'npm publish' } },
        });
        const id = String(submitted.at('approval.approval_id'));
        await receiver.next(about(id));
        await answer(nodes.at(0), id, 'approve', ada);
        await receiver.next(about(id, 'approval.ended'));
      }
      const ids = receiver.received.map(({ headers }) => headers['webhook-id']);
      expect([ids.length, new Set(ids).size]).toEqual([4, 4]);
    } finally {
      await nodes.stop();
      await receiver.stop();
    }
  },
  PATIENCE_MS,
);
