/** The routes of FinOps: who may call them, and requests that they take. */

import type { Asked, Role, RouteRule } from './routes.js';

const FINOPS: readonly Role[] = ['admin', 'finops', 'auditor'];
const JANUARY = 'from=2026-01-01T00:00:00Z&to=2026-02-01T00:00:00Z';

const byFinops = (path: string, body?: Asked['body']): RouteRule => ({
  roles: FINOPS,
  ask: () => ({ path: `/finops/${path}`, ...(body && { body }) }),
});

export const FINOPS_ROUTES: Readonly<Record<string, RouteRule>> = {
  'GET /finops/chargeback': byFinops(`chargeback?${JANUARY}`),
  'GET /finops/unit-economics': byFinops(`unit-economics?${JANUARY}`),
  'GET /finops/forecast': byFinops('forecast'),
  'GET /finops/focus.csv': byFinops(`focus.csv?${JANUARY}`),
  'GET /finops/showback.html': byFinops(`showback.html?${JANUARY}`),
  'POST /finops/periods': {
    roles: ['admin', 'finops'],
    ask: () => ({
      path: '/finops/periods',
      body: { tenant_id: 'nobody', from: '2026-01-01T00:00:00Z', to: '2026-02-01T00:00:00Z' },
    }),
  },
  'GET /finops/periods': byFinops('periods'),
  'GET /finops/periods/{period_id}': byFinops('periods/per_none'),
};
