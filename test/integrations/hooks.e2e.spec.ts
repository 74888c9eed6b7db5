/** The hooks as processes against a real server: the nine-second call is stopped, ordinary work goes on. */

import { createServer, type Server } from 'node:http';
import { GateServer, TENANT } from '../gate/gate-server.js';
import { beforeShell, Machine, preToolUse } from './hook-process.js';

const VOLUME = '3d2c42fb-9a1e-4c57-8f0b-6e7d1c2b5a94';
const incident = (url: string): string => `curl -X POST ${url} \\
      -H "Authorization: Bearer 0a7be3a1-token-of-railway" \\
      -d '{"query":"mutation { volumeDelete(volumeId: \\"${VOLUME}\\") }"}'`;

describe('the hooks', () => {
  let server: GateServer;
  let railway: Server;
  let railwayHost: string;
  let requests = 0;
  let machine: Machine;

  beforeAll(async () => {
    railway = createServer((_request, response) => {
      requests += 1;
      response.end('{"data":{}}');
    });
    await new Promise<void>((resolve) => railway.listen(0, '127.0.0.1', resolve));
    const address = railway.address();
    railwayHost = `127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
    const hosts = [{ host: railwayHost, standsFor: 'backboard.railway.app' }];
    server = await GateServer.start({ registry: { hosts } });
    await server.sessions('ide', 100);
  });
  afterAll(async () => {
    railway.closeAllConnections();
    railway.close();
    await server.remove();
  });
  beforeEach(async () => {
    const jwks = await fetch(`${server.url}/v1/.well-known/cycles-jwks.json`);
    const { keys } = (await jwks.json()) as { keys: { x: string }[] };
    machine = new Machine({
      COUNTERSIGN_URL: server.url,
      COUNTERSIGN_API_KEY: await server.key(),
      COUNTERSIGN_PUBLIC_KEY: keys[0]?.x ?? '',
    });
  });
  afterEach(() => machine.remove());

  it.each([
    ['exactly as it was sent', () => incident('https://backboard.railway.app/graphql/v2')],
    ['sent to a host that an operator says is Railway’s', () => incident(`http://${railwayHost}/graphql/v2`)],
  ])('deny the nine-second call through Cursor, %s, and the ledger has it', async (_how, command) => {
    const session = `incident-${requests}-${command().length}`;
    const { exitCode, answer } = await machine.run('cursor', {
      ...beforeShell(command()),
      conversation_id: session,
    });
    expect(exitCode).toBe(0);
    expect(answer).toMatchObject({
      permission: 'deny',
      user_message: expect.stringContaining('500 risk points'),
    });
    expect(requests).toBe(0);

    const actions = await server.actions(session);
    expect(actions).toMatchObject([
      {
        tenant_id: TENANT,
        proposed: {
          tool_call: { harness: 'cursor', tool: { name: 'Shell' } },
          assessment: { tier: 4, risk_points: 500 },
        },
        decided: { decision: 'DENY', reason_code: 'RADIUS_REFUSED' },
        authorized: { at_ms: null, holds: [] },
        outcome: null,
      },
    ]);
    const text = JSON.stringify(actions);
    expect(text).toContain(VOLUME);
    expect(text).not.toContain('token-of-railway');
  });

  it('allow an ordinary command in Cursor and report its outcome', async () => {
    const before = { ...beforeShell('git push origin feature'), conversation_id: 'ordinary' };
    expect((await machine.run('cursor', before)).answer).toEqual({ permission: 'allow' });
    const after = { ...before, hook_event_name: 'afterShellExecution', output: 'pushed', duration: 12 };
    expect(await machine.run('cursor', after)).toMatchObject({ exitCode: 0, answer: {} });
    expect(await server.actions('ordinary')).toMatchObject([
      {
        decided: { decision: 'ALLOW' },
        authorized: { holds: [{ status: 'COMMITTED', charged: 5 }] },
        outcome: { status: 'unknown' },
      },
    ]);
  });

  it('allow and settle for Claude Code under the id of its call', async () => {
    const before = { ...preToolUse('npm test', 'toolu_ok'), session_id: 'claude' };
    expect(await machine.run('claude-code', before)).toMatchObject({ exitCode: 0, answer: {} });
    const after = {
      ...before,
      hook_event_name: 'PostToolUse',
      tool_response: { stdout: 'ok' },
      duration_ms: 3,
    };
    await machine.run('claude-code', after);
    expect(await server.actions('claude')).toMatchObject([
      { carried_by: { idempotency_key: 'toolu_ok' }, outcome: { status: 'succeeded' } },
    ]);
  });

  it('settle also a call whose output is longer than any call may be', async () => {
    const before = { ...preToolUse('npm test', 'toolu_long'), session_id: 'long' };
    await machine.run('claude-code', before);
    const after = {
      ...before,
      hook_event_name: 'PostToolUse',
      tool_response: { stdout: 'x'.repeat(4 * 1024 * 1024) },
    };
    expect(await machine.run('claude-code', after)).toMatchObject({ exitCode: 0, answer: {} });
    expect(await server.actions('long')).toMatchObject([{ outcome: { status: 'succeeded' } }]);
  });

  it('deny an MCP call by what it would do', async () => {
    const call = {
      ...preToolUse('', 'toolu_mcp'),
      session_id: 'mcp',
      tool_name: 'mcp__railway__volumeDelete',
      tool_input: { volumeId: VOLUME },
    };
    const { answer } = await machine.run('claude-code', call);
    expect(answer).toMatchObject({
      hookSpecificOutput: { hookEventName: 'PreToolUse', permissionDecision: 'deny' },
    });
    expect(await server.actions('mcp')).toMatchObject([{ decided: { decision: 'DENY' } }]);
  });

  it('deny under a wrong key', async () => {
    const wrong = { COUNTERSIGN_API_KEY: `cyc_live_${'x'.repeat(32)}` };
    const { answer } = await machine.run('cursor', beforeShell('ls'), wrong);
    expect(answer).toMatchObject({ permission: 'deny', user_message: expect.stringContaining('API key') });
  });

  it('deny once the server has stopped', async () => {
    const other = await GateServer.start();
    await other.stop();
    const { exitCode, answer } = await machine.run('cursor', beforeShell('ls'), {
      COUNTERSIGN_URL: other.url,
    });
    await other.remove();
    expect(exitCode).toBe(0);
    expect(answer).toMatchObject({
      permission: 'deny',
      user_message: expect.stringContaining('refuses the connection'),
    });
  });

  it('deny when another server answers in its place', async () => {
    const impostor = await GateServer.start();
    await impostor.sessions('ide', 100);
    const run = machine.run('cursor', beforeShell('ls'), {
      COUNTERSIGN_URL: impostor.url,
      COUNTERSIGN_API_KEY: await impostor.key(),
    });
    expect((await run).answer).toMatchObject({
      permission: 'deny',
      user_message: expect.stringContaining('not signed by the pinned server'),
    });
    await impostor.remove();
  });
});
