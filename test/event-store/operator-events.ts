/** An example of each event about the people who operate the server, with every field in use. */

import type { LedgerEvent } from '../../src/domain/events.js';
import type { OperatorId } from '../../src/domain/ids.js';

const operatorId = 'opr_01JZX0A1B2C3D4E5F6G7H8J9K0' as OperatorId;
const password = {
  hash: `$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0c2FsdA$${'ab'.repeat(32)}`,
  oneTime: true,
};

export const OPERATOR_EVENTS: readonly LedgerEvent[] = [
  {
    type: 'OperatorAdded',
    data: { operatorId, name: 'ada', roles: ['admin'], tenants: ['acme'], groups: ['oncall'], password },
  },
  {
    type: 'OperatorChanged',
    data: {
      operatorId,
      changes: {
        roles: ['auditor', 'viewer'],
        tenants: null,
        groups: ['oncall', 'night'],
        password: { ...password, oneTime: false },
      },
    },
  },
  { type: 'OperatorDisabled', data: { operatorId, reason: 'left' } },
  {
    type: 'OperatorSignedIn',
    data: { operatorId, sessionId: 'session-1', tokenHash: 'cd'.repeat(32), expiresAtMs: 1_795_000_000_000 },
  },
  { type: 'OperatorSignedOut', data: { operatorId, sessionId: 'session-1' } },
  { type: 'AccessRefused', data: { presented: 'password', operatorId, route: '/auth/sign-in', repeats: 3 } },
];
