/** The hook against a gate that is gone, slow, broken or somebody else: whatever happens, it denies. */

import { generateKeyPairSync, sign } from 'node:crypto';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { actionHashOf, type GateCall } from '../../src/integrations/gate-call.js';
import { readSettings } from '../../src/integrations/settings.js';
import { beforeShell, Machine, preToolUse } from './hook-process.js';

type Behaviour = (call: GateCall, response: ServerResponse) => void;

const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const PINNED = publicKey.export({ format: 'jwk' }).x ?? '';

/** An answer as the real gate gives it, but for what a test changes. */
function allowed(call: GateCall, changes: object = {}, nonce = call.nonce): object {
  const actionHash = actionHashOf('acme', call);
  const signature = sign(null, Buffer.from(`${nonce}\n${actionHash}\nALLOW\n1000`), privateKey).toString(
    'base64url',
  );
  return {
    tool_call_id: 'dec_1',
    decision: 'ALLOW',
    message: 'Allowed.',
    tenant: 'acme',
    action_hash: actionHash,
    signed_at_ms: 1000,
    signature,
    ...changes,
  };
}

const json =
  (status: number, body: (call: GateCall) => object): Behaviour =>
  (call, response) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body(call)));

describe('the hook', () => {
  let server: Server;
  let machine: Machine;
  let behave: Behaviour;
  let url: string;

  beforeAll(async () => {
    server = createServer((request: IncomingMessage, response) => {
      let text = '';
      request.on('data', (chunk) => {
        text += String(chunk);
      });
      request.on('end', () => behave(JSON.parse(text) as GateCall, response));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  beforeEach(() => {
    machine = new Machine({ COUNTERSIGN_URL: url, COUNTERSIGN_API_KEY: 'k', COUNTERSIGN_PUBLIC_KEY: PINNED });
  });
  afterEach(() => machine.remove());

  const denial = async (input: string | Buffer | object = beforeShell('ls'), more = {}): Promise<string> => {
    const { exitCode, answer } = await machine.run('cursor', input, more);
    expect(exitCode).toBe(0);
    expect(answer).toMatchObject({ permission: 'deny' });
    const { user_message: message } = answer as { user_message: string };
    expect(message).toMatch(/\.$/);
    return message;
  };

  it('allows what a genuine, signed answer allows', async () => {
    behave = json(200, (call) => allowed(call));
    expect((await machine.run('cursor', beforeShell('ls'))).answer).toEqual({ permission: 'allow' });
    expect((await machine.run('claude-code', preToolUse('ls'))).answer).toEqual({});
  });

  it.each<[string, (call: GateCall) => object]>([
    ['no signature', (call) => allowed(call, { signature: undefined })],
    ['a broken signature', (call) => allowed(call, { signature: 'AAAA' })],
    ['another time than the signed one', (call) => allowed(call, { signed_at_ms: 2000 })],
    ['the signature of another request', (call) => allowed(call, {}, 'another-nonce')],
    ['a genuine answer about another call', (call) => allowed({ ...call, cwd: '/elsewhere' })],
    ['another tenant than the signed one', (call) => allowed(call, { tenant: 'evil' })],
  ])('denies an answer with %s', async (_what, body) => {
    behave = json(200, body);
    expect(await denial()).toContain('not signed by the pinned server');
  });

  it('denies a genuine denial whose decision was changed on the way', async () => {
    behave = json(200, (call) => allowed(call, { decision: 'ALLOW_WITH_CAPS' }));
    expect(await denial()).toContain('not signed');
  });

  it('trusts an unsigned answer only while no key is pinned', async () => {
    behave = json(200, (call) => allowed(call, { signature: undefined }));
    const { answer } = await machine.run('cursor', beforeShell('ls'), { COUNTERSIGN_PUBLIC_KEY: '' });
    expect(answer).toEqual({ permission: 'allow' });
  });

  it('takes the pinned key of its settings file over the one in the environment', async () => {
    mkdirSync(join(machine.home, 'config', 'countersign'), { recursive: true });
    const other = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' }).x;
    writeFileSync(
      join(machine.home, 'config', 'countersign', 'hooks.json'),
      JSON.stringify({ public_key: other }),
    );
    behave = json(200, (call) => allowed(call));
    expect(await denial()).toContain('not signed');
  });

  it.each([
    ['PENDING', 'PENDING'],
    ['a decision it does not know', 'MAYBE'],
  ])('denies %s', async (_what, decision) => {
    behave = json(200, (call) => allowed(call, { decision, message: undefined }));
    expect(await denial(beforeShell('ls'), { COUNTERSIGN_PUBLIC_KEY: '' })).toContain(decision);
  });

  it.each<[string, Behaviour]>([
    [
      'half an answer',
      (_call, response) =>
        void response.writeHead(200, { 'content-length': '500' }).write('{"deci', () => response.destroy()),
    ],
    ['an answer that lacks its decision', json(200, (call) => allowed(call, { decision: undefined }))],
    ['an answer that is no JSON', (_call, response) => void response.writeHead(200).end('ALLOW')],
    ['an empty answer', (_call, response) => void response.writeHead(200).end()],
    ['a redirect', (_call, response) => void response.writeHead(302, { location: '/' }).end()],
    [
      'an answer without end',
      (_call, response) => void response.writeHead(200).write('x'.repeat(2 * 1024 * 1024)),
    ],
    ['a closed connection', (_call, response) => void response.destroy()],
  ])('denies %s', async (_what, behaviour) => {
    behave = behaviour;
    expect(await denial()).toContain('so the call is denied');
  });

  it.each([400, 401, 403, 409, 429, 500, 503])('denies status %d', async (status) => {
    behave = json(status, () => ({ error: 'X', message: 'Because.' }));
    expect(await denial()).toContain('denied');
  });

  it('denies when the gate does not answer in time', async () => {
    mkdirSync(join(machine.home, 'config', 'countersign'), { recursive: true });
    writeFileSync(
      join(machine.home, 'config', 'countersign', 'hooks.json'),
      JSON.stringify({ deadline_ms: 150 }),
    );
    behave = () => undefined;
    expect(await denial()).toContain('did not answer within 150 ms');
  });

  it('says nothing and leaves nothing behind when it is killed while it asks', async () => {
    const asked = new Promise<void>((resolve) => {
      behave = () => resolve();
    });
    const child = machine.start('cursor');
    let said = '';
    child.stdout?.on('data', (chunk) => {
      said += String(chunk);
    });
    child.stdin?.end(JSON.stringify(beforeShell('ls')));
    await asked;
    child.kill('SIGKILL');
    await new Promise((resolve) => child.on('close', resolve));
    expect([said, readdirSync(machine.home)]).toEqual(['', []]);
  });

  it('denies when no gate is there', async () => {
    expect(await denial(beforeShell('ls'), { COUNTERSIGN_URL: 'http://127.0.0.1:9' })).toContain(
      'refuses the connection',
    );
    expect(await denial(beforeShell('ls'), { COUNTERSIGN_URL: 'nonsense' })).toContain('denied');
  });

  it('denies when it has no key, or a broken settings file', async () => {
    expect(await denial(beforeShell('ls'), { COUNTERSIGN_API_KEY: '' })).toContain('COUNTERSIGN_API_KEY');
    mkdirSync(join(machine.home, 'config', 'countersign'), { recursive: true });
    writeFileSync(join(machine.home, 'config', 'countersign', 'hooks.json'), '{');
    expect(await denial()).toContain('no JSON object');
  });

  it.each([
    ['public_key', 5],
    ['public_key', ''],
    ['api_key', ['k']],
    ['url', {}],
    ['deadline_ms', 'soon'],
    ['subject', 'acme'],
  ])('denies when its settings file says nonsense about %s', async (field, value) => {
    behave = json(200, (call) => allowed(call));
    mkdirSync(join(machine.home, 'config', 'countersign'), { recursive: true });
    const path = join(machine.home, 'config', 'countersign', 'hooks.json');
    writeFileSync(path, JSON.stringify({ url, [field]: value }));
    expect(await denial()).toContain(field);
  });

  it('reads a settings file that begins with a byte order mark, and an event that does', async () => {
    behave = json(200, (call) => allowed(call));
    mkdirSync(join(machine.home, 'config', 'countersign'), { recursive: true });
    const path = join(machine.home, 'config', 'countersign', 'hooks.json');
    writeFileSync(path, `\uFEFF${JSON.stringify({ url })}`);
    const { answer } = await machine.run('cursor', `\uFEFF${JSON.stringify(beforeShell('ls'))}`);
    expect(answer).toEqual({ permission: 'allow' });
  });

  it('lets the environment add nothing to the settings of the machine', () => {
    const folder = join(machine.home, 'machine');
    mkdirSync(folder);
    writeFileSync(join(folder, 'hooks.json'), JSON.stringify({ api_key: 'theirs' }));
    const environment = { COUNTERSIGN_URL: 'http://elsewhere', COUNTERSIGN_PUBLIC_KEY: PINNED };
    expect(readSettings(environment, folder)).toMatchObject({
      url: 'http://127.0.0.1:7878',
      apiKey: 'theirs',
      publicKey: null,
    });
  });

  it('says what is wrong with an address or a key that cannot be used', async () => {
    for (const odd of ['ftp://127.0.0.1', 'nonsense']) {
      expect(await denial(beforeShell('ls'), { COUNTERSIGN_URL: odd })).toContain('no valid address');
    }
    expect(await denial(beforeShell('ls'), { COUNTERSIGN_API_KEY: 'a\nb' })).toContain('API key');
  });

  it('denies when the pinned key is none', async () => {
    behave = json(200, (call) => allowed(call));
    expect(await denial(beforeShell('ls'), { COUNTERSIGN_PUBLIC_KEY: 'abc' })).toContain('denied');
  });

  it.each([
    ['nothing', ''],
    ['broken JSON', '{"hook_event_name":'],
    ['a list', '[]'],
    ['bytes that are no text', Buffer.from([...Buffer.from('{"command":"'), 0xff, ...Buffer.from('"}')])],
    ['an event that names no command', { hook_event_name: 'beforeShellExecution', conversation_id: 'c' }],
    ['an endless input', `{"command":"${'x'.repeat(4 * 1024 * 1024)}"}`],
  ])('denies %s on its input', async (_what, input) => {
    expect(await denial(input)).toContain('denied');
  });

  it('denies Claude Code in its own words', async () => {
    const { exitCode, answer } = await machine.run('claude-code', '{');
    expect(exitCode).toBe(0);
    expect(answer).toMatchObject({
      hookSpecificOutput: { hookEventName: 'PreToolUse', permissionDecision: 'deny' },
    });
  });

  it('ends with code 2, which blocks, for a harness it does not know', async () => {
    const { exitCode, stderr } = await machine.run('emacs', '{}');
    expect(exitCode).toBe(2);
    expect(stderr).toContain('claude-code, codex, copilot, cursor, gemini, windsurf');
    for (const wrong of ['', 'cursor\nmore', '--loud']) {
      expect(await machine.run(wrong, '{}')).toMatchObject({ exitCode: 2, stdout: '' });
    }
  });

  it('answers after-events even when their report gets lost', async () => {
    behave = json(200, (call) => allowed(call));
    await machine.run('claude-code', preToolUse('ls'));
    behave = (_call, response) => void response.destroy();
    const after = { ...preToolUse('ls'), hook_event_name: 'PostToolUse', tool_response: {} };
    expect(await machine.run('claude-code', after)).toMatchObject({ exitCode: 0, answer: {} });
  });
});
