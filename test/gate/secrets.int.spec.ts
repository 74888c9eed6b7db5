/** A secret that is planted in a tool call is in no answer, no record, no file of the gate and no line of its log. */
import { randomBytes, randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Serving } from '../http/serving.js';
import { submission } from './gate-server.js';

/** Where a client can put a secret, wittingly or not. */
const POSITIONS: readonly (readonly [name: string, plant: (secret: string) => object])[] = [
  ['a flag', (s) => ({ tool: shell(`railway login --token ${s}`) })],
  ['a login', (s) => ({ tool: shell(`docker login -u me -p ${s} example.com`) })],
  [
    'an escaped header',
    (s) => ({ tool: shell(`curl -H Authorization:\\ Bearer\\ ${s} https://x.example.com`) }),
  ],
  ['a user and password', (s) => ({ tool: shell(`curl -u me:${s} https://x.example.com`) })],
  ['a statement', (s) => ({ tool: shell(`psql -c "ALTER USER app PASSWORD '${s}'"`) })],
  ['a setting', (s) => ({ tool: shell(`aws configure set aws_secret_access_key ${s}`) })],
  ['a variable', (s) => ({ tool: shell(`X=${s}; railway login --token $X`) })],
  ['a script in a script', (s) => ({ tool: shell(`bash -c 'MYSQL_PWD=${s} mysql -e "DROP DATABASE x"'`) })],
  ['a field', (s) => ({ tool: { name: 'mcp__x__do', input: { credentials: { value: s } } } })],
  ['a header field', (s) => ({ tool: { name: 'mcp__x__do', input: { headers: { authorization: s } } } })],
  [
    'an address of a server',
    (s) => ({ tool: { name: 'x', server: `https://x.example.com/?token=${s}`, input: {} } }),
  ],
  ['the context', (s) => ({ context: { token: s } })],
  ['a text in the context', (s) => ({ context: { note: `Authorization: Bearer ${s}` } })],
  ['the folder', (s) => ({ cwd: `/repo/token=${s}` })],
  ['a file and its repetition', (s) => ({ tool: shell(`some-tool ${s}`), context: { api_key: s } })],
];

const shell = (command: string): object => ({ name: 'Shell', input: { command } });

describe('a secret in a tool call', () => {
  const planted: string[] = [];
  const seen: string[] = [];
  let log = '';
  let serving: Serving;
  let dataDir: string;

  beforeAll(async () => {
    const write = (line: string): void => {
      log += line;
    };
    serving = await Serving.start({ COUNTERSIGN_LOG_LEVEL: 'trace' }, { logTo: { write } });
    dataDir = serving.dataDir;
    await serving.asAdmin('POST', '/v1/admin/tenants', { tenant_id: 'acme', name: 'Acme' });
    await serving.asAdmin('POST', '/admin/budget-templates', {
      tenant_id: 'acme',
      scope_pattern: 'tenant:acme/app:ide/workflow:*',
      unit: 'RISK_POINTS',
      allocated: { unit: 'RISK_POINTS', amount: 100_000 },
    });
    const key = await serving.asAdmin('POST', '/admin/api-keys', {
      tenant_id: 'acme',
      name: 'harness',
      permissions: ['reservations:create'],
      fixed_subject: { app: 'ide' },
    });
    const headers = { 'x-cycles-api-key': String(key.at('key_secret')) };
    for (const [, plant] of POSITIONS) {
      const secret = randomBytes(12).toString('hex');
      planted.push(secret);
      const body = submission(plant(secret));
      const answer = await serving.ask('POST', '/gate/tool-calls', { headers, body });
      expect(answer.status).toBe(200);
      const { tool, context, cwd } = body;
      const assessed = await serving.ask('POST', '/gate/assessments', {
        headers,
        body: { tool, context, cwd },
      });
      expect(assessed.status).toBe(200);
      const outcome = await serving.ask(
        'POST',
        `/gate/tool-calls/${String(answer.at('tool_call_id'))}/outcome`,
        {
          headers: { ...headers, 'x-idempotency-key': randomUUID() },
          body: {
            idempotency_key: randomUUID(),
            status: 'failed',
            error: `401 for Authorization: Bearer ${secret}`,
          },
        },
      );
      seen.push(answer.text, assessed.text, outcome.text);
    }
    const actions = await serving.asAdmin('GET', '/audit/actions?tenant_id=acme');
    expect(actions.status).toBe(200);
    expect(actions.text).toContain('railway login');
    seen.push(actions.text);
  });
  afterAll(() => serving.stop());

  it.each(POSITIONS.map(([name], index) => [name, index] as const))(
    'is in no answer, no file and no log line when it was %s',
    (_, index) => {
      const secret = planted[index] ?? '';
      const files = ['ledger.db', 'ledger.db-wal', 'read.db', 'read.db-wal']
        .map((name) => join(dataDir, name))
        .filter((path) => existsSync(path));
      expect(files.length).toBeGreaterThan(1);
      expect(seen.some((text) => text.includes(secret))).toBe(false);
      expect(files.filter((path) => readFileSync(path).includes(secret))).toEqual([]);
      expect(log).toContain('/gate/tool-calls');
      expect(log.includes(secret)).toBe(false);
    },
  );
});
