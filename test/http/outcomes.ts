/** What each operation of the runtime protocol may answer, and a way to each of those answers. */

import {
  bodyOf,
  CREDITS,
  expiredHold,
  freeze,
  goIntoDebt,
  goOverLimit,
  holdInGrace,
  inDebtApp,
  isSettlement,
  type Mutation,
  mayNot,
  type Operation,
  OVERDRAWN,
  overdrawable,
  pathOf,
  type Settlement,
  send,
  setTenant,
  TOKENS,
  UNKNOWN_KEY,
  type World,
} from './operations.js';
import type { Reply } from './serving.js';

/** Status alone for a success, status and decision for an evaluation, status and error code for a refusal. */
export interface Outcome {
  readonly operation: Operation;
  readonly answers: string;
  readonly when: string;
  readonly ask: (world: World) => Promise<Reply>;
}

const SETTLEMENTS: readonly Settlement[] = ['commitReservation', 'releaseReservation', 'extendReservation'];
const PROPOSALS = ['decide', 'createReservation', 'createEvent'] as const;
const MUTATIONS: readonly Mutation[] = [...PROPOSALS, ...SETTLEMENTS];
const READS: readonly (readonly [Operation, string])[] = [
  ['listReservations', '/v1/reservations'],
  ['getReservation', '/v1/reservations/rsv_1'],
  ['getBalances', '/v1/balances?app=ide'],
];

/** What every mutation answers alike. */
const ofMutations: readonly Outcome[] = MUTATIONS.flatMap((operation): Outcome[] => [
  {
    operation,
    answers: '400 INVALID_REQUEST',
    when: 'the body has an unknown field',
    ask: ({ acme }) => send(operation, acme, { body: { unheard_of: 1 } }),
  },
  {
    operation,
    answers: '400 INVALID_REQUEST',
    when: 'the keys of header and body differ',
    ask: ({ acme }) => send(operation, acme, { headers: { 'x-idempotency-key': 'another' } }),
  },
  {
    operation,
    answers: '401 UNAUTHORIZED',
    when: 'the key is not known',
    ask: ({ serving, acme }) =>
      serving.ask('POST', pathOf(operation, 'rsv_1'), {
        body: bodyOf(operation, acme),
        headers: { 'x-cycles-api-key': UNKNOWN_KEY },
      }),
  },
  {
    operation,
    answers: '403 FORBIDDEN',
    when: 'the key lacks the permission',
    ask: async (world) => send(operation, await mayNot(world), { id: 'rsv_1' }),
  },
  {
    operation,
    answers: '409 IDEMPOTENCY_MISMATCH',
    when: 'the idempotency key was used for another request',
    ask: async ({ acme }) => {
      const id = isSettlement(operation) ? await acme.held(10) : '';
      const key = { idempotency_key: 'used' };
      await send(operation, acme, { id, body: key });
      const other = operation === 'releaseReservation' ? { reason: 'another' } : { metadata: { other: 1 } };
      return send(operation, acme, { id, body: { ...key, ...other } });
    },
  },
]);

/** What proposals answer alike. */
const ofProposals: readonly Outcome[] = PROPOSALS.flatMap((operation): Outcome[] => [
  {
    operation,
    answers: '400 UNIT_MISMATCH',
    when: 'a budget is there in another unit only',
    ask: ({ acme }) =>
      send(operation, acme, {
        body: operation === 'createEvent' ? { actual: CREDITS(1) } : { estimate: CREDITS(1) },
      }),
  },
  {
    operation,
    answers: '403 FORBIDDEN',
    when: 'the subject is another tenant’s',
    ask: ({ acme }) => send(operation, acme, { body: { subject: { tenant: 'another' } } }),
  },
]);

/** What settlements and extensions answer alike. */
const ofSettlements: readonly Outcome[] = SETTLEMENTS.flatMap((operation): Outcome[] => [
  { operation, answers: '200', when: 'the hold is active', ask: ({ acme }) => send(operation, acme) },
  {
    operation,
    answers: '403 FORBIDDEN',
    when: 'the reservation is another tenant’s',
    ask: async ({ acme, stranger }) => send(operation, await stranger(), { id: await acme.held(1) }),
  },
  {
    operation,
    answers: '404 NOT_FOUND',
    when: 'the reservation never was',
    ask: ({ acme }) => send(operation, acme, { id: 'rsv_never' }),
  },
  {
    operation,
    answers: '409 RESERVATION_FINALIZED',
    when: 'it was released before',
    ask: async ({ acme }) => {
      const id = await acme.held(1);
      await acme.release(id);
      return send(operation, acme, { id });
    },
  },
  {
    operation,
    answers: '409 RESERVATION_FINALIZED',
    when: 'it was committed before',
    ask: async ({ acme }) => {
      const id = await acme.held(1);
      await acme.commit(id, 1);
      return send(operation, acme, { id });
    },
  },
  {
    operation,
    answers: '409 TENANT_CLOSED',
    when: 'the tenant is closed, though the reservation is over as well',
    ask: async (world) => {
      const id = await world.acme.held(1);
      await world.acme.commit(id, 1);
      await setTenant(world, 'CLOSED');
      return send(operation, world.acme, { id });
    },
  },
  {
    operation,
    answers: '410 RESERVATION_EXPIRED',
    when: 'its grace is over',
    ask: async ({ acme }) => send(operation, acme, { id: await expiredHold(acme) }),
  },
]);

/** What reads answer alike. */
const ofReads: readonly Outcome[] = READS.flatMap(([operation, path]): Outcome[] => [
  {
    operation,
    answers: '401 UNAUTHORIZED',
    when: 'there is no key',
    ask: ({ serving }) => serving.ask('GET', path),
  },
  {
    operation,
    answers: '403 FORBIDDEN',
    when: 'the key lacks the permission',
    ask: async (world) => (await mayNot(world)).ask('GET', path),
  },
]);

const get = (path: string, prepare?: (world: World) => Promise<unknown>) => async (world: World) => {
  await prepare?.(world);
  return world.acme.ask('GET', path);
};
const reserve =
  (amount: number, prepare?: (world: World) => Promise<unknown>, extra: object = {}) =>
  async (world: World) => {
    await prepare?.(world);
    return world.acme.reserve(amount, { ...extra });
  };
const decide = (amount: number, prepare?: (world: World) => Promise<unknown>) => async (world: World) => {
  await prepare?.(world);
  return world.acme.decide(amount);
};
const charge =
  (body: object, prepare?: (world: World) => Promise<unknown>) =>
  async (world: World): Promise<Reply> => {
    await prepare?.(world);
    return send('createEvent', world.acme, { body });
  };
const close = (world: World) => setTenant(world, 'CLOSED');
const suspend = (world: World) => setTenant(world, 'SUSPENDED');

type Row = readonly [Operation, answers: string, when: string, ask: Outcome['ask']];

const OWN: readonly Row[] = [
  ['decide', '200 ALLOW', 'there is enough', decide(100)],
  ['decide', '200 DENY BUDGET_EXCEEDED', 'there is not enough', decide(101)],
  ['decide', '200 DENY BUDGET_FROZEN', 'the budget is frozen', decide(1, freeze)],
  ['decide', '200 DENY OVERDRAFT_LIMIT_EXCEEDED', 'the scope is over its limit', decide(1, goOverLimit)],
  ['decide', '200 DENY TENANT_SUSPENDED', 'the tenant is suspended', decide(1, suspend)],
  ['decide', '200 DENY TENANT_CLOSED', 'the tenant is closed', decide(1, close)],
  [
    'decide',
    '200 DENY DEBT_OUTSTANDING',
    'a scope is in debt',
    async (world) => {
      await goIntoDebt(world);
      return world.acme.decide(1, inDebtApp(world));
    },
  ],
  [
    'decide',
    '200 DENY BUDGET_NOT_FOUND',
    'no budget is there',
    async ({ stranger }) => (await stranger()).decide(1),
  ],

  ['createReservation', '200 ALLOW', 'there is enough', reserve(100)],
  ['createReservation', '200 ALLOW', 'it is a dry run', reserve(1, undefined, { dry_run: true })],
  [
    'createReservation',
    '200 DENY TENANT_CLOSED',
    'it is a dry run for a closed tenant',
    reserve(1, close, { dry_run: true }),
  ],
  ['createReservation', '403 FORBIDDEN', 'the tenant is suspended', reserve(1, suspend)],
  [
    'createReservation',
    '404 NOT_FOUND',
    'no budget is there',
    async ({ stranger }) => (await stranger()).reserve(1),
  ],
  ['createReservation', '409 BUDGET_EXCEEDED', 'there is not enough', reserve(101)],
  ['createReservation', '409 BUDGET_FROZEN', 'the budget is frozen', reserve(1, freeze)],
  [
    'createReservation',
    '409 OVERDRAFT_LIMIT_EXCEEDED',
    'the scope is over its limit',
    reserve(1, goOverLimit),
  ],
  ['createReservation', '409 TENANT_CLOSED', 'the tenant is closed', reserve(1, close)],
  [
    'createReservation',
    '409 DEBT_OUTSTANDING',
    'a scope is in debt',
    async (world) => {
      await goIntoDebt(world);
      return world.acme.reserve(1, inDebtApp(world));
    },
  ],

  [
    'commitReservation',
    '400 UNIT_MISMATCH',
    'it is held in another unit',
    ({ acme }) => send('commitReservation', acme, { body: { actual: CREDITS(1) } }),
  ],
  [
    'commitReservation',
    '409 BUDGET_EXCEEDED',
    'the overage is rejected',
    async ({ acme }) => acme.commit(await acme.held(10, { overage_policy: 'REJECT' }), 1_000),
  ],
  [
    'commitReservation',
    '409 OVERDRAFT_LIMIT_EXCEEDED',
    'the overage is more than may be overdrawn',
    async (world) => {
      await overdrawable(world);
      const id = await world.acme.held(1, { ...inDebtApp(world), ...OVERDRAWN });
      return world.acme.commit(id, 99);
    },
  ],

  [
    'releaseReservation',
    '200',
    'an operator forces it',
    async ({ serving, acme }) => {
      const path = pathOf('releaseReservation', await acme.held(1));
      return serving.asAdmin('POST', path, bodyOf('releaseReservation', acme));
    },
  ],

  [
    'extendReservation',
    '409 MAX_EXTENSIONS_EXCEEDED',
    'it was extended as often as the tenant allows',
    async ({ acme }) => {
      const id = await acme.held(1);
      let extended = await send('extendReservation', acme, { id });
      while (extended.status === 200) extended = await send('extendReservation', acme, { id });
      return extended;
    },
  ],
  [
    'extendReservation',
    '410 RESERVATION_EXPIRED',
    'it is in its grace, in which it may still be settled',
    async ({ acme }) => send('extendReservation', acme, { id: await holdInGrace(acme) }),
  ],

  ['listReservations', '200', 'some are there', get('/v1/reservations', ({ acme }) => acme.held(1))],
  ['listReservations', '200', 'the tenant is closed', get('/v1/reservations', close)],
  [
    'listReservations',
    '400 INVALID_REQUEST',
    'a window ends before it begins',
    get('/v1/reservations?from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z'),
  ],
  [
    'listReservations',
    '403 FORBIDDEN',
    'another tenant’s are asked for',
    get('/v1/reservations?tenant=another'),
  ],

  [
    'getReservation',
    '200',
    'it is active',
    async ({ acme }) => acme.ask('GET', `/v1/reservations/${await acme.held(1)}`),
  ],
  ['getReservation', '400 INVALID_REQUEST', 'the path is malformed', get('/v1/reservations/%zz')],
  ['getReservation', '404 NOT_FOUND', 'it never was', get('/v1/reservations/rsv_never')],
  [
    'getReservation',
    '410 RESERVATION_EXPIRED',
    'it has expired',
    async ({ acme }) => acme.ask('GET', `/v1/reservations/${await expiredHold(acme)}`),
  ],
  [
    'getReservation',
    '403 FORBIDDEN',
    'it is another tenant’s',
    async ({ acme, stranger }) => (await stranger()).ask('GET', `/v1/reservations/${await acme.held(1)}`),
  ],
  [
    'getReservation',
    '200',
    'an operator asks',
    async ({ serving, acme }) => serving.asAdmin('GET', `/v1/reservations/${await acme.held(1)}`),
  ],

  [
    'getBalances',
    '200',
    'a level is named',
    async ({ acme }) => acme.ask('GET', `/v1/balances?tenant=${acme.tenantId}&include_children=true`),
  ],
  ['getBalances', '400 INVALID_REQUEST', 'no level is named', get('/v1/balances')],
  ['getBalances', '403 FORBIDDEN', 'another tenant’s are asked for', get('/v1/balances?tenant=another')],

  ['createEvent', '201', 'there is enough', charge({ actual: TOKENS(100) })],
  ['createEvent', '201', 'the charge is capped to what is there', charge({ actual: TOKENS(1_000) })],
  ['createEvent', '403 FORBIDDEN', 'the tenant is suspended', charge({}, suspend)],
  [
    'createEvent',
    '404 NOT_FOUND',
    'no budget is there',
    async ({ stranger }) => send('createEvent', await stranger()),
  ],
  [
    'createEvent',
    '409 BUDGET_EXCEEDED',
    'the overage is rejected',
    charge({ actual: TOKENS(101), overage_policy: 'REJECT' }),
  ],
  ['createEvent', '409 BUDGET_FROZEN', 'the budget is frozen', charge({}, freeze)],
  ['createEvent', '409 TENANT_CLOSED', 'the tenant is closed', charge({}, close)],
  [
    'createEvent',
    '409 OVERDRAFT_LIMIT_EXCEEDED',
    'it is more than may be overdrawn',
    async (world) => {
      await overdrawable(world);
      const body = { ...inDebtApp(world), ...OVERDRAWN, actual: TOKENS(99) };
      return send('createEvent', world.acme, { body });
    },
  ],
];

/** Every operation with every outcome that the protocol documents for it, once for each cause. */
export const OUTCOMES: readonly Outcome[] = [
  ...OWN.map(([operation, answers, when, ask]) => ({ operation, answers, when, ask })),
  ...ofMutations,
  ...ofProposals,
  ...ofSettlements,
  ...ofReads,
];
