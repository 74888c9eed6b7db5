/** The routes of approvals: who may call them, and requests that they take. */

import type { Asked, Role, RouteRule, Stage } from './routes.js';

const LOOKERS: readonly Role[] = ['admin', 'approver', 'auditor'];

/** Servers that have somebody to ask. */
const staffed = new WeakSet<Stage['serving']>();
/** What each client asked last. */
const asked = new WeakMap<Stage['acme'], string>();

/** A call that waits for a person, in a session of its own. The one before is withdrawn: a key has few at a time. */
async function waiting({ serving, acme, fresh }: Stage): Promise<string> {
  const session = fresh();
  if (!staffed.has(serving)) {
    await serving.asAdmin('POST', '/admin/operators', { name: 'somebody-to-ask', roles: ['approver'] });
    staffed.add(serving);
  }
  const before = asked.get(acme);
  if (before !== undefined) await acme.ask('POST', `/gate/approvals/${before}/cancel`, {});
  const answer = await acme.ask('POST', '/gate/tool-calls', {
    idempotency_key: acme.nextKey(),
    harness: 'test',
    session_id: session,
    subject: { app: 'ide' },
    tool: { name: 'Shell', input: { command: 'npm publish' } },
    cwd: '/repo',
  });
  const id = String(answer.at('approval.approval_id'));
  asked.set(acme, id);
  return id;
}

const ofKeys = (path: string, body?: Asked['body']): RouteRule => ({
  key: 'reservations:create',
  ask: async (stage) => ({ path: `/gate/approvals/${await waiting(stage)}${path}`, ...(body && { body }) }),
});
const ofPeople = (path: string, body: Asked['body']): RouteRule => ({
  isPersonal: true,
  roles: ['admin', 'approver'],
  ask: () => ({ path: `/admin/approvals/apr_none/${path}`, ...(body && { body }) }),
});
const ofLookers = (path: string): RouteRule => ({ roles: LOOKERS, ask: () => ({ path }) });

const ofAdmins = (path: string, body?: Asked['body']): RouteRule => ({
  roles: ['admin'],
  ask: () => ({ path: `/admin/channels${path}`, ...(body && { body }) }),
});
/** What comes back through a channel is known by its signature. */
const signed = (path: string): RouteRule => ({ isPublic: true, ask: () => ({ path, body: {} }) });

export const APPROVAL_ROUTES: Readonly<Record<string, RouteRule>> = {
  'GET /gate/approvals/{approval_id}': ofKeys(''),
  'GET /gate/approvals/{approval_id}/events': ofKeys('/events?wait_ms=0'),
  'POST /gate/approvals/{approval_id}/cancel': ofKeys('/cancel', {}),
  'GET /admin/approvals': ofLookers('/admin/approvals'),
  'GET /admin/approvals/{approval_id}': ofLookers('/admin/approvals/apr_none'),
  'POST /admin/approvals/{approval_id}/answer': ofPeople('answer', { answer: 'approve' }),
  'POST /admin/approvals/{approval_id}/cancel': ofPeople('cancel', {}),
  'POST /admin/channels': {
    roles: ['admin'],
    ask: ({ fresh }) => ({
      path: '/admin/channels',
      body: { name: fresh(), webhook: { url: 'http://127.0.0.1:9/' } },
    }),
  },
  'GET /admin/channels': ofAdmins(''),
  'GET /admin/channels/{channel_id}': ofAdmins('/chn_none'),
  'PATCH /admin/channels/{channel_id}': ofAdmins('/chn_none', { order: 1 }),
  'DELETE /admin/channels/{channel_id}': ofAdmins('/chn_none'),
  'POST /admin/channels/{channel_id}/test': ofAdmins('/chn_none/test'),
  'POST /approvals/slack/{channel_id}': signed('/approvals/slack/chn_none'),
  'POST /approvals/webhook/{channel_id}': signed('/approvals/webhook/chn_none'),
};
