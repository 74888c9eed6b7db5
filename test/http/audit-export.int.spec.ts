/** The record as a file: whole or visibly not, exact, harmless to a spreadsheet, and small in memory. */

import { createHash } from 'node:crypto';
import { Serving, type TenantClient } from './serving.js';

let serving: Serving;
let acme: TenantClient;
let tenants = 0;

beforeAll(async () => {
  serving = await Serving.start();
});
afterAll(() => serving.stop());
beforeEach(async () => {
  tenants += 1;
  acme = await serving.tenant(`exported-${tenants}`);
  await acme.budget('', 1_000_000, { unit: 'RISK_POINTS' });
  await acme.budget('', 1_000_000);
});

const run = (command: string, more: object = {}) =>
  acme.ask('POST', '/gate/tool-calls', {
    idempotency_key: acme.nextKey(),
    harness: 'cursor',
    session_id: 'run-1',
    subject: { app: 'ide' },
    tool: { name: 'Shell', input: { command } },
    cwd: '/repo',
    ...more,
  });
const exported = (query = '') => serving.asAdmin('GET', `/audit/export?tenant_id=${acme.tenantId}${query}`);
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** RFC 4180, read naively. */
function recordsOf(csv: string): string[][] {
  const records: string[][] = [[]];
  for (const [, quoted, plain = '', end] of csv.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)) {
    records.at(-1)?.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end === '\r\n') records.push([]);
  }
  return records.slice(0, -1);
}

describe('an export', () => {
  it('is NDJSON, oldest first, one line an action as the list has it, and one that says it is whole', async () => {
    for (const command of ['ls', 'git push origin feature', 'railway volume delete --volume 3d2c42fb'])
      await run(command);
    const { status, headers, text } = await exported();
    expect([status, headers.get('content-type')]).toEqual([200, 'application/x-ndjson; charset=utf-8']);
    const lines = text.split('\n').slice(0, -1);
    const listed = (await serving.asAdmin('GET', `/audit/actions?tenant_id=${acme.tenantId}`)).at('actions');
    const actions = lines.slice(0, -1).map((line) => JSON.parse(line) as object);
    expect([...actions].reverse()).toEqual(listed);
    const body = `${lines.slice(0, -1).join('\n')}\n`;
    expect(JSON.parse(lines.at(-1) ?? '')).toEqual({ complete: true, rows: 3, sha256: sha256(body) });
  });

  it('is CSV of as many columns in every record, the last of which says that it is whole', async () => {
    await run('echo "a, b"\necho c');
    await run('ls');
    const { headers, text } = await exported('&format=csv');
    expect(headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present');
    const records = recordsOf(text);
    const [heading = [], first = [], , last = []] = records;
    expect(new Set(records.map(({ length }) => length))).toEqual(new Set([heading.length]));
    expect(first[heading.indexOf('tool_input')]).toBe('{"command":"echo \\"a, b\\"\\necho c"}');
    expect(first[heading.indexOf('decision')]).toBe('ALLOW');
    const body = text.slice(0, text.lastIndexOf('complete,'));
    expect(last.slice(0, 3)).toEqual(['complete', '2', sha256(body)]);
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '  =cmd', '＝1'])(
    'lets no spreadsheet take %j for a formula',
    async (name) => {
      await run('ls', { tool: { name, input: {} } });
      const [heading = [], first = []] = recordsOf((await exported('&format=csv')).text);
      expect(first[heading.indexOf('tool_name')]).toBe(`'${name}`);
    },
  );

  it('takes the filters of the record, and refuses what it does not know', async () => {
    await run('ls');
    await run('railway volume delete --volume 3d2c42fb');
    const denied = await exported('&decision=DENY');
    expect(denied.text.split('\n').length).toBe(3);
    for (const [query, field] of [
      ['&format=xml', 'format'],
      ['&limit=5', 'limit'],
      ['&cursor=x', 'cursor'],
      ['&tier=9', 'tier'],
    ]) {
      const refused = await exported(query);
      expect([refused.refused, refused.at('details.field')]).toEqual(['400 INVALID_REQUEST', field]);
    }
  });

  it('of nothing says so', async () => {
    const { text } = await exported();
    expect(JSON.parse(text)).toEqual({ complete: true, rows: 0, sha256: sha256('') });
  });

  it('goes over many pages, each action once, while more arrive', async () => {
    const ids: unknown[] = [];
    for (let batch = 0; batch < 9; batch++) {
      const answers = await Promise.all(Array.from({ length: 50 }, () => acme.decide(1)));
      expect(answers.every(({ status }) => status < 500)).toBe(true);
    }
    const reading = exported();
    await Promise.all(Array.from({ length: 50 }, () => acme.decide(1)));
    for (const line of (await reading).text.split('\n').slice(0, -2))
      ids.push((JSON.parse(line) as { action_id: string }).action_id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.length).toBeGreaterThanOrEqual(450);
    expect(ids.length).toBeLessThanOrEqual(500);
  });

  it('is read as it is written, so that whoever leaves does not hold up anybody', async () => {
    for (let batch = 0; batch < 5; batch++)
      await Promise.all(Array.from({ length: 50 }, () => acme.decide(1)));
    for (let nth = 0; nth < 6; nth++) {
      const leaving = new AbortController();
      const answer = await admitted(leaving.signal);
      expect(answer.status).toBe(200);
      await answer.body?.getReader().read();
      leaving.abort();
    }
    const whole = await (await admitted()).text();
    expect(whole).toContain('"complete":true');
  });

  /** Asks until those that have left are seen to have left. */
  async function admitted(signal?: AbortSignal): Promise<Response> {
    for (;;) {
      const answer = await fetch(`${serving.server.url}/audit/export?tenant_id=${acme.tenantId}`, {
        headers: { 'x-admin-api-key': serving.server.adminKey },
        ...(signal && { signal }),
      });
      if (answer.status !== 429) return answer;
      expect(answer.headers.get('retry-after')).toBe('2');
    }
  }
});
