/** What ledgers that are months old begin with, for benchmarks of what reads them. */

import type { Command } from '../../src/domain/commands.js';
import type { Origin } from '../../src/domain/events.js';
import { GENESIS_HASH } from '../../src/domain/hash-chain.js';
import type { TenantId } from '../../src/domain/ids.js';
import { TENANT } from './requests.js';

export const OPERATOR_ORIGIN: Origin = {
  actor: { type: 'admin' },
  sourceIp: '127.0.0.1',
  userAgent: null,
  requestId: 'req_bench',
  traceId: null,
  traceFlags: null,
  idempotencyKey: null,
  requestHash: GENESIS_HASH,
};

export const BENCH_TENANT: Command = {
  type: 'OpenTenant',
  tenantId: TENANT as TenantId,
  name: 'Acme',
  parentTenantId: null,
  settings: {
    overagePolicy: 'ALLOW_IF_AVAILABLE',
    defaultTtlMs: 60_000,
    maxTtlMs: 3_600_000,
    maxExtensions: 10,
    expiryPolicy: 'AUTO_RELEASE',
  },
  metadata: {},
};
