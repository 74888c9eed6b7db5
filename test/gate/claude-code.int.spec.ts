/** Claude Code's HTTP hook: the same events, the same answers, without a program in between. */

import { preToolUse } from '../integrations/hook-process.js';
import { GateServer, type Reply } from './gate-server.js';

const VOLUME_DELETE = `curl https://backboard.railway.app/graphql/v2 -d '{"query":"mutation { volumeDelete(volumeId: 1) }"}'`;

describe('POST /gate/hooks/claude-code', () => {
  let server: GateServer;
  let key: string;
  beforeAll(async () => {
    server = await GateServer.start();
    await server.sessions('ide', 100);
    key = await server.key();
  });
  afterAll(() => server.remove());

  const hook = (event: object): Promise<Reply> => server.post(key, '/gate/hooks/claude-code', event);
  const no = (reason: unknown): object => ({
    hookSpecificOutput: {
      hookEventName: 'PreToolUse',
      permissionDecision: 'deny',
      permissionDecisionReason: reason,
    },
  });

  it('denies the nine-second call, and the ledger has it', async () => {
    const { status, body } = await hook({ ...preToolUse(VOLUME_DELETE), session_id: 'http-no' });
    expect({ status, body }).toEqual({ status: 200, body: no(expect.stringContaining('500 risk points')) });
    expect(await server.actions('http-no')).toMatchObject([
      { proposed: { tool_call: { harness: 'claude-code' } }, decided: { decision: 'DENY' } },
    ]);
  });

  it('leaves the normal flow in place for an ordinary call, and settles it by the id of the harness', async () => {
    const before = { ...preToolUse('git push origin feature', 'toolu_http'), session_id: 'http-yes' };
    expect(await hook(before)).toEqual({ status: 200, body: {} });
    const after = { ...before, hook_event_name: 'PostToolUse', tool_response: { exit_code: 1 } };
    expect(await hook(after)).toEqual({ status: 200, body: {} });
    expect(await server.actions('http-yes')).toMatchObject([
      {
        authorized: { holds: [{ status: 'COMMITTED', charged: 5 }] },
        outcome: { status: 'failed', exit_code: 1 },
        carried_by: { idempotency_key: 'toolu_http' },
      },
    ]);
  });

  it('has nothing to settle for a call that nobody asked about', async () => {
    const after = { ...preToolUse('ls', 'toolu_never'), hook_event_name: 'PostToolUse', tool_response: 'x' };
    expect(await hook(after)).toEqual({ status: 200, body: {} });
  });

  it.each([
    ['no name', { ...preToolUse('ls'), hook_event_name: null }, 'has no name'],
    ['an unknown name and a call', { hook_event_name: 'PreEverything', command: 'ls' }, 'does not know'],
    ['no session', { ...preToolUse('ls'), session_id: undefined }, 'names no session'],
    ['a session that is no level', { ...preToolUse('ls'), session_id: 'a/b' }, 'session_id'],
  ])('says no, with a status that counts, to an event with %s', async (_what, event, sentence) => {
    expect(await hook(event)).toEqual({ status: 200, body: no(expect.stringContaining(sentence)) });
  });

  it('says no to a number that no record could repeat', async () => {
    const text = JSON.stringify(preToolUse('ls')).replace('"ls"', '"ls","n":1152921504606846977');
    const answer = await fetch(`${server.url}/gate/hooks/claude-code`, {
      method: 'POST',
      headers: { 'x-cycles-api-key': key, 'content-type': 'application/json' },
      body: text,
    });
    const body: unknown = await answer.json();
    expect({ status: answer.status, body }).toEqual({
      status: 200,
      body: no(expect.stringContaining('tool.input')),
    });
  });

  it.each([
    ['no JSON', '{"hook_event_name":"PreToolUse"'],
    ['nothing', ''],
    ['a list', '[]'],
    ['a name that is a number', JSON.stringify({ ...preToolUse('ls'), hook_event_name: 5 })],
    ['a field that no object may have', '{"hook_event_name":"PreToolUse","tool_input":{"__proto__":{}}}'],
    ['a value as deep as a well', `{"tool_input":${'['.repeat(99)}${']'.repeat(99)}}`],
    ['more than it may hold', JSON.stringify(preToolUse('a'.repeat(4 * 1024 * 1024)))],
  ])('says no, with a status that counts, to a body that is %s', async (_what, text) => {
    const answer = await fetch(`${server.url}/gate/hooks/claude-code`, {
      method: 'POST',
      headers: { 'x-cycles-api-key': key, 'content-type': 'application/json' },
      body: text,
    });
    const body: unknown = await answer.json();
    expect({ status: answer.status, body }).toEqual({
      status: 200,
      body: no(expect.stringContaining('is denied')),
    });
  });

  it('answers a request for permission in its own form', async () => {
    const request = { ...preToolUse(VOLUME_DELETE), hook_event_name: 'PermissionRequest' };
    expect((await hook(request)).body).toMatchObject({
      hookSpecificOutput: { hookEventName: 'PermissionRequest', decision: { behavior: 'deny' } },
    });
  });

  it('knows nobody without a key', async () => {
    const { status } = await server.post('cyc_live_nobody', '/gate/hooks/claude-code', preToolUse('ls'));
    expect(status).toBe(401);
  });
});
