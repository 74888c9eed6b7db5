/** Exports as texts: made no faster than they are read, and each ending in a line that fits what is before it. */

import { createHash } from 'node:crypto';
import { csvExport, ndjsonExport } from '../../src/http/audit/export.js';
import type { ActionView } from '../../src/projections/actions/actions.queries.js';

const AMOUNT = 9_007_199_254_740_993n;

const action = (nth: number): ActionView => ({
  actionId: `dec_${nth}`,
  tenantId: 'acme',
  ledger: { position: nth, revision: nth, eventId: `event-${nth}`, hash: 'ab'.repeat(32) },
  proposed: {
    atMs: nth,
    operation: 'reserve',
    sessionId: null,
    subject: { app: 'ide', dimensions: { note: '=HYPERLINK("x")' } },
    action: { kind: 'llm.completion', name: '+1' },
    estimate: { unit: 'TOKENS', amount: AMOUNT },
    metadata: null,
    toolCall: null,
    assessment: null,
  },
  decided: {
    decision: 'ALLOW',
    reasonCode: null,
    message: null,
    details: null,
    deny: null,
    policyId: null,
    observed: false,
    caps: null,
    answered: true,
    repeats: 1,
    balances: [],
  },
  authorized: {
    atMs: nth,
    scopePath: null,
    affectedScopes: [],
    reservationId: null,
    holds: [],
    approval: null,
  },
  outcome: null,
  carriedBy: {
    actorType: 'admin',
    keyId: null,
    operatorId: null,
    sourceIp: null,
    userAgent: '-evil',
    requestId: null,
    traceId: null,
    idempotencyKey: null,
  },
});

/** Counts how many actions were asked for. */
function counted(total: number) {
  const made = { count: 0 };
  async function* actions(): AsyncGenerator<ActionView> {
    while (made.count < total) {
      made.count += 1;
      yield action(made.count);
    }
  }
  return { made, actions: actions() };
}

describe.each([
  ['NDJSON', ndjsonExport, 0],
  ['CSV', csvExport, 1],
] as const)('an export as %s', (_name, write, headings) => {
  it('makes a line only when it is read', async () => {
    const { made, actions } = counted(1_000_000);
    const lines = write(actions);
    for (let nth = 0; nth < 5 + headings; nth++) await lines.next();
    expect(made.count).toBe(5);
    await lines.return(undefined);
  });

  it('ends in the number of its actions and the digest of all lines before', async () => {
    let before = '';
    let last = '';
    for await (const line of write(counted(3).actions)) {
      before += last;
      last = line;
    }
    expect(last).toContain(createHash('sha256').update(before).digest('hex'));
    expect(last).toMatch(/^complete,3,|^\{"complete":true,"rows":3,/);
  });

  it('has amounts to the last digit', async () => {
    let text = '';
    for await (const line of write(counted(1).actions)) text += line;
    expect(text).toContain(String(AMOUNT));
  });
});

describe('an export as CSV', () => {
  it('has an apostrophe before every text that a spreadsheet would take for a formula, and before no number', async () => {
    let text = '';
    for await (const line of csvExport(counted(1).actions)) text += line;
    expect(text).toContain(",'+1,");
    expect(text).toContain(",'-evil,");
    expect(text).toContain('"{""note"":""=HYPERLINK');
    expect(text).not.toMatch(/,'\d/);
  });
});
