/** The routes of the audit record: who may call them, and requests that they take. */

import type { Asked, Role, RouteRule } from './routes.js';

const AUDITORS: readonly Role[] = ['admin', 'auditor'];

const byAuditors = (path: string, body?: Asked['body']): RouteRule => ({
  roles: AUDITORS,
  ask: () => ({ path: `/audit/${path}`, ...(body && { body }) }),
});

export const AUDIT_ROUTES: Readonly<Record<string, RouteRule>> = {
  'GET /audit/actions': byAuditors('actions'),
  'GET /audit/actions/{id}': byAuditors('actions/dec_none'),
  'GET /audit/shadow-report': byAuditors('shadow-report?tenant_id=acme'),
  'GET /audit/export': byAuditors('export'),
  'GET /audit/sessions': byAuditors('sessions'),
  'GET /audit/sessions/{session_id}': byAuditors('sessions/none?tenant_id=acme'),
  'GET /audit/sessions/{session_id}/replay': byAuditors('sessions/none/replay?tenant_id=acme'),
  'POST /audit/what-if': byAuditors('what-if', {
    tenant_id: 'acme',
    from: '2026-01-01T00:00:00Z',
    to: '2026-02-01T00:00:00Z',
    policies: [{ name: 'draft', scope_pattern: 'tenant:acme' }],
  }),
  'GET /audit/tenants/{tenant_id}/state': byAuditors('tenants/acme/state'),
};
