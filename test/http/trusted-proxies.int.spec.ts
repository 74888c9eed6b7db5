/** Where requests come from: the connection's address, or what proxies say that are trusted, and nobody else. */

import { eventually } from '../event-store/eventually.js';
import { type Reply, Serving } from './serving.js';

const PATIENCE_MS = 60_000;
/** Failed sign-ins of one name from one source until it is locked out. */
const FAILURES_MAX = 5;

const signIn = (serving: Serving, name: string, forwardedFor?: string): Promise<Reply> =>
  serving.ask('POST', '/auth/sign-in', {
    body: { name, password: 'not the password' },
    headers: { ...(forwardedFor !== undefined && { 'x-forwarded-for': forwardedFor }) },
  });

async function failedSignIns(serving: Serving, name: string, forwardedFor: (nth: number) => string) {
  const statuses: number[] = [];
  for (let nth = 0; nth <= FAILURES_MAX; nth++) {
    statuses.push((await signIn(serving, name, forwardedFor(nth))).status);
  }
  return statuses;
}

const LOCKED_OUT = [401, 401, 401, 401, 401, 429];
const NEVER_LOCKED_OUT = [401, 401, 401, 401, 401, 401];

/** Where the operators' log says that refused sign-ins came from. */
async function recordedSources(serving: Serving): Promise<unknown[]> {
  const log = await serving.asAdmin('GET', '/v1/admin/audit/logs?limit=100');
  return (log.at('logs') as { source_ip?: string }[]).map((entry) => entry.source_ip);
}

describe.each([
  ['no proxy', {}],
  ['a proxy elsewhere', { COUNTERSIGN_TRUSTED_PROXIES: '10.1.2.3,fd00::/8' }],
])('a server that trusts %s', (_whom, settings) => {
  let serving: Serving;
  beforeAll(async () => {
    serving = await Serving.start(settings);
  }, PATIENCE_MS);
  afterAll(() => serving.stop());

  it('goes by the connection, whatever a client says of its address', async () => {
    const statuses = await failedSignIns(serving, 'spoofed', (nth) => `203.0.113.${nth}, 10.1.2.3`);
    expect(statuses).toEqual(LOCKED_OUT);
    await eventually(async () => expect(await recordedSources(serving)).toContain('127.0.0.1'));
    expect((await recordedSources(serving)).filter((source) => source !== '127.0.0.1')).toEqual([]);
  });
});

describe('a server behind proxies that it trusts', () => {
  let serving: Serving;
  beforeAll(async () => {
    serving = await Serving.start({ COUNTERSIGN_TRUSTED_PROXIES: '127.0.0.0/8,10.1.2.3' });
  }, PATIENCE_MS);
  afterAll(() => serving.stop());

  it('locks out a client by its own address, and no other that came through the same proxy', async () => {
    expect(await failedSignIns(serving, 'alice', () => '203.0.113.1')).toEqual(LOCKED_OUT);
    expect((await signIn(serving, 'alice', '203.0.113.2')).status).toBe(401);
  });

  it('records that address', async () => {
    await signIn(serving, 'recorded', '2001:db8::7');
    await eventually(async () => expect(await recordedSources(serving)).toContain('2001:db8::7'));
  });

  it('goes through a chain of them, and believes nothing that came before the first stranger', async () => {
    const forged = (nth: number) => `198.51.100.${nth}, 203.0.113.3, 10.1.2.3`;
    expect(await failedSignIns(serving, 'bob', forged)).toEqual(LOCKED_OUT);
    const apart = (nth: number) => `203.0.113.${10 + nth}, 10.1.2.3`;
    expect(await failedSignIns(serving, 'bob', apart)).toEqual(NEVER_LOCKED_OUT);
  });

  it('takes nothing for an address that is none', async () => {
    expect(await failedSignIns(serving, 'carol', (nth) => `somebody-${nth}`)).toEqual(LOCKED_OUT);
    expect(await recordedSources(serving)).not.toContain('somebody-0');
  });
});
