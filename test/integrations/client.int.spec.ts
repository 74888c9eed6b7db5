/** The client against a real server: what it guards runs only after a yes, and is settled whatever becomes of it. */

import { createServer, type Server } from 'node:http';
import {
  createGate,
  type Gate,
  type GateOptions,
  GateUnavailable,
  Refused,
} from '../../src/integrations/client/client.js';
import { GateServer } from '../gate/gate-server.js';

describe('a guarded function', () => {
  let server: GateServer;
  let key: string;
  let publicKey: string;
  let ran: unknown[];
  const troubles: Error[] = [];

  beforeAll(async () => {
    server = await GateServer.start();
    await server.sessions('ide', 100);
    key = await server.key();
    const jwks = (await (await fetch(`${server.url}/v1/.well-known/cycles-jwks.json`)).json()) as {
      keys: { x: string }[];
    };
    publicKey = jwks.keys[0]?.x ?? '';
  });
  afterAll(() => server.remove());
  beforeEach(() => {
    ran = [];
    troubles.length = 0;
  });

  const gateOf = (session: string, more: Partial<GateOptions> = {}): Gate =>
    createGate({
      url: server.url,
      apiKey: key,
      publicKey,
      session,
      onTrouble: (problem) => troubles.push(problem),
      ...more,
    });
  const run = (input: unknown): string => {
    ran.push(input);
    return 'done';
  };

  it('runs after a yes, and its success is in the record', async () => {
    const push = gateOf('client-yes').guard('Shell', run);
    expect(await push({ command: 'git push origin feature' })).toBe('done');
    expect(ran).toEqual([{ command: 'git push origin feature' }]);
    expect(await server.actions('client-yes')).toMatchObject([
      {
        proposed: { tool_call: { harness: 'sdk', tool: { name: 'Shell' } } },
        authorized: { holds: [{ status: 'COMMITTED', charged: 5 }] },
        outcome: { status: 'succeeded' },
      },
    ]);
  });

  it('does not run after a no, which says why', async () => {
    const drop = gateOf('client-no').guard({ name: 'volumeDelete', server: 'railway' }, run);
    const refused = (await drop({ volumeId: 'v' }).catch((error: unknown) => error)) as Refused;
    expect(refused).toBeInstanceOf(Refused);
    expect(refused).toMatchObject({ decision: 'DENY', reasonCode: 'RADIUS_REFUSED', approvalId: null });
    expect(refused.message).toContain('500 risk points');
    expect(ran).toEqual([]);
  });

  it('reports its error and throws it as it is', async () => {
    const own = new RangeError('out of cheese');
    const fail = gateOf('client-error').guard('Shell', () => Promise.reject(own));
    await expect(fail({ command: 'git push origin x' })).rejects.toBe(own);
    expect(await server.actions('client-error')).toMatchObject([
      { outcome: { status: 'failed', error: 'RangeError: out of cheese' } },
    ]);
  });

  it('is of unknown outcome when it was cut off, and not even asked about when that was before', async () => {
    const cut = new AbortController();
    const guarded = gateOf('client-abort').guard('Shell', async (_input, { signal }) => {
      cut.abort(new Error('enough'));
      signal?.throwIfAborted();
    });
    const input = { command: 'git push origin x' };
    await expect(guarded(input, { signal: cut.signal })).rejects.toThrow('enough');
    await expect(guarded(input, { signal: cut.signal })).rejects.toThrow('enough');
    expect(await server.actions('client-abort')).toMatchObject([{ outcome: { status: 'unknown' } }]);
  });

  it('waits no longer when it is cut off while a gate is asked, and does not run', async () => {
    const cut = new AbortController();
    const silent: Server = createServer(() => cut.abort(new Error('enough')));
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const address = silent.address();
    const url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
    const guarded = gateOf('client-cut', { url, waitMs: 600_000 }).guard('Shell', run);
    await expect(guarded({ command: 'ls' }, { signal: cut.signal })).rejects.toThrow('enough');
    expect(ran).toEqual([]);
    silent.closeAllConnections();
    silent.close();
  });

  it.each([
    ['an address that is none', { url: 'nonsense' }, 'no valid address'],
    ['an address of another kind', { url: 'ftp://127.0.0.1' }, 'no valid address'],
    ['a key that no request can carry', { apiKey: 'a\nb' }, 'API key'],
  ])('is unavailable by its own error under %s', async (_what, options, sentence) => {
    const error: unknown = await gateOf('client-odd', options)
      .submit('Shell', {})
      .catch((each: unknown) => each);
    expect(error).toBeInstanceOf(GateUnavailable);
    expect((error as Error).message).toContain(sentence);
  });

  it('throws on what cannot be told in words, once it is reported', async () => {
    const wordless: unknown = Object.create(null);
    const guarded = gateOf('client-wordless').guard('Shell', () => {
      throw wordless;
    });
    await expect(guarded({ command: 'git push origin x' })).rejects.toBe(wordless);
    expect(await server.actions('client-wordless')).toMatchObject([{ outcome: { status: 'failed' } }]);
  });

  it('settles money at what it says it cost, to the last digit', async () => {
    const amount = 2n ** 60n + 1n;
    await server.admin('POST', '/v1/admin/budgets', {
      tenant_id: 'acme',
      scope: 'tenant:acme/app:ide',
      unit: 'TOKENS',
      allocated: { unit: 'TOKENS', amount: 100 },
    });
    const gate = gateOf('client-money');
    const estimate = { unit: 'TOKENS', amount: 60 } as const;
    const call = gate.guard({ name: 'Shell', estimate }, (_input, { report }) => {
      report({ actual: { unit: 'TOKENS', amount: 41 }, httpStatus: 201 });
    });
    await call({ command: 'git push origin x' });
    expect(await server.actions('client-money')).toMatchObject([
      {
        authorized: {
          holds: [{ charged: 5 }, { amount: { unit: 'TOKENS' }, charged: 41 }],
        },
        outcome: { http_status: 201 },
      },
    ]);
    const dear = gate.guard({ name: 'Shell', estimate: { unit: 'TOKENS', amount } }, run);
    await expect(dear({ command: 'git push origin x' })).rejects.toMatchObject({
      reasonCode: 'BUDGET_EXCEEDED',
    });
    const rows = await server.actions('client-money');
    expect(JSON.stringify(rows[1])).not.toContain('1152921504606846976');
    const float = gate.guard({ name: 'Shell', estimate: { unit: 'TOKENS', amount: 0.5 } }, run);
    await expect(float({ command: 'ls' })).rejects.toThrow('whole number');
  });

  it('spends no more than its session has, however many run at once', async () => {
    const push = gateOf('client-race').guard('Shell', run);
    const all = await Promise.allSettled(
      Array.from({ length: 40 }, (_, index) => push({ command: `git push origin feature-${index}` })),
    );
    expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(20);
    expect(ran).toHaveLength(20);
  });

  it('is one call under one key, and settled only once', async () => {
    const gate = gateOf('client-same');
    const input = { command: 'git push origin x' };
    const first = await gate.submit('Shell', input, { idempotencyKey: 'k' });
    expect(await gate.submit('Shell', input, { idempotencyKey: 'k' })).toMatchObject({
      toolCallId: first.toolCallId,
    });
    expect(await gate.settle(first.toolCallId, { status: 'succeeded' })).toBe(true);
    await expect(gate.submit('Shell', input, { idempotencyKey: 'k' })).rejects.toMatchObject({ status: 409 });
  });

  it.each([
    ['no server', { url: 'http://127.0.0.1:9' }, 'refuses the connection'],
    ['a wrong key', { apiKey: `cyc_live_${'x'.repeat(32)}` }, 'API key'],
    ['another server’s key pinned', { publicKey: 'A'.repeat(43) }, 'not signed by the pinned server'],
  ])('does not run with %s', async (_what, options, sentence) => {
    const guarded = gateOf('client-unavailable', options).guard('Shell', run);
    const error: unknown = await guarded({ command: 'ls' }).catch((problem: unknown) => problem);
    expect(error).toBeInstanceOf(GateUnavailable);
    expect((error as Error).message).toContain(sentence);
    expect(ran).toEqual([]);
  });

  it('has run all the same when the server goes away meanwhile, and somebody hears of it', async () => {
    const other = await GateServer.start();
    await other.sessions('ide', 100);
    const gate = createGate({
      url: other.url,
      apiKey: await other.key(),
      session: 's',
      onTrouble: (problem) => troubles.push(problem),
    });
    const guarded = gate.guard('Shell', async () => {
      await other.stop();
      return 'done';
    });
    expect(await guarded({ command: 'git push origin x' })).toBe('done');
    expect(troubles.map(({ message }) => message)).toEqual([
      expect.stringMatching(/did not take the outcome of dec_/),
    ]);
    await other.remove();
  });

  it.each([
    [0, 1],
    [200, 2],
    [600, 3],
  ])('goes on trying to report for %d ms', async (reportMs, times) => {
    let asked = 0;
    const busy: Server = createServer((_request, response) => {
      asked += 1;
      response.writeHead(503).end();
    });
    await new Promise<void>((resolve) => busy.listen(0, '127.0.0.1', resolve));
    const address = busy.address();
    const url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
    const gate = gateOf('report', { url, reportMs });
    expect(await gate.settle('dec_1', { status: 'succeeded' })).toBe(false);
    expect([asked, troubles.length]).toEqual([times, 1]);
    busy.closeAllConnections();
    busy.close();
  });

  it('tries again what is busy, under the same key', async () => {
    const asked: { idempotency_key: string }[] = [];
    const busy: Server = createServer((request, response) => {
      let text = '';
      request.on('data', (chunk) => {
        text += String(chunk);
      });
      request.on('end', () => {
        asked.push(JSON.parse(text) as { idempotency_key: string });
        response.writeHead(503, { 'content-type': 'application/json' }).end('{"message":"busy"}');
      });
    });
    await new Promise<void>((resolve) => busy.listen(0, '127.0.0.1', resolve));
    const address = busy.address();
    const url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
    await expect(gateOf('busy', { url }).submit('Shell', {})).rejects.toMatchObject({ status: 503 });
    expect(new Set(asked.map((call) => call.idempotency_key)).size).toBe(1);
    expect(asked).toHaveLength(3);
    busy.closeAllConnections();
    busy.close();
  });

  it.each([
    ['an API key', { apiKey: '' }],
    ['a session that is one', { session: 'a/b' }],
    ['a wait in range', { waitMs: 600_001 }],
    ['a deadline in time', { deadlineMs: 0 }],
    ['a time to report that is one', { reportMs: Number.NaN }],
  ])('needs %s', (_what, options) => {
    expect(() => gateOf('s', options)).toThrow(TypeError);
  });
});
