/** The MCP proxy between the official SDK's client and server: what the gate refuses never gets through. */

import { execFile, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { CreateMessageRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { GateServer } from '../gate/gate-server.js';

const PROGRAM = fileURLToPath(new URL('../../src/cli/countersign.js', import.meta.url));
const SERVER = fileURLToPath(new URL('./mcp-counting-server.js', import.meta.url));

describe('the proxy in front of a server on standard input and output', () => {
  let gate: GateServer;
  let environment: Record<string, string>;
  let home: string;
  let journal: string;
  let session = 0;
  const clients: Client[] = [];

  beforeAll(async () => {
    gate = await GateServer.start();
    await gate.sessions('ide', 100);
    const jwks = await fetch(`${gate.url}/v1/.well-known/cycles-jwks.json`);
    const { keys } = (await jwks.json()) as { keys: { x: string }[] };
    environment = {
      PATH: process.env['PATH'] ?? '',
      COUNTERSIGN_URL: gate.url,
      COUNTERSIGN_API_KEY: await gate.key(),
      COUNTERSIGN_PUBLIC_KEY: keys[0]?.x ?? '',
    };
  });
  afterAll(() => gate.remove());
  beforeEach(() => {
    session += 1;
    home = mkdtempSync(join(tmpdir(), 'countersign-mcp-'));
    journal = join(home, 'journal');
  });
  afterEach(async () => {
    await Promise.all(clients.splice(0).map((client) => client.close()));
    rmSync(home, { recursive: true, force: true });
  });

  const reached = (): string[] =>
    existsSync(journal) ? readFileSync(journal, 'utf8').trimEnd().split('\n') : [];

  const proxied = async (mode = '', more: Record<string, string> = {}): Promise<Client> => {
    const client = new Client({ name: 'test', version: '1' }, { capabilities: { sampling: {} } });
    const proxy = [PROGRAM, 'mcp-proxy', '--session', `mcp-${session}`, '--name', 'counting', '--wait', '0'];
    await client.connect(
      new StdioClientTransport({
        command: process.execPath,
        args: [...proxy, '--', process.execPath, SERVER, journal, mode],
        env: { ...environment, HOME: home, XDG_CONFIG_HOME: home, ...more },
        stderr: 'ignore',
      }),
    );
    clients.push(client);
    return client;
  };

  it('lets a harmless call through and settles it', async () => {
    const client = await proxied();
    expect(client.getServerVersion()).toMatchObject({ name: 'counting' });
    expect((await client.listTools()).tools.map(({ name }) => name)).toContain('get_page');
    expect(await client.callTool({ name: 'get_page', arguments: { page: 7 } })).toEqual({
      content: [{ type: 'text', text: 'page 7' }],
    });
    expect(reached()).toEqual(['get_page 7']);
    await client.close();
    const actions = await gate.actions(`mcp-${session}`);
    expect(actions).toMatchObject([
      {
        proposed: { tool_call: { harness: 'mcp-proxy', tool: { name: 'get_page', server: 'counting' } } },
        decided: { decision: 'ALLOW' },
      },
    ]);
  });

  it('refuses a destructive call as a result that a model can read, and the server never hears of it', async () => {
    const client = await proxied();
    const refusal = {
      isError: true,
      structuredContent: { decision: 'DENY', reason_code: 'RADIUS_REFUSED' },
      content: [{ type: 'text', text: expect.stringContaining('500 risk points') }],
    };
    expect(await client.callTool({ name: 'drop_all_databases' })).toMatchObject(refusal);
    await client.listTools();
    expect(await client.callTool({ name: 'drop_all_databases' })).toMatchObject(refusal);
    expect(reached()).toEqual([]);
  });

  it('refuses a tool with a declared result without breaking its declaration', async () => {
    const client = await proxied();
    await client.listTools();
    const result = await client.callTool({ name: 'volumeDelete', arguments: { volumeId: 'v' } });
    expect(result).toMatchObject({
      isError: true,
      _meta: { 'countersign/decision': { decision: 'DENY', reason_code: 'RADIUS_REFUSED' } },
    });
    expect(result).not.toHaveProperty('structuredContent');
    expect(reached()).toEqual([]);
  });

  it('carries progress, and what the server asks of the client', async () => {
    const client = await proxied();
    client.setRequestHandler(CreateMessageRequestSchema, () => ({
      model: 'm',
      role: 'assistant',
      content: { type: 'text', text: 'I agree' },
    }));
    expect(await client.callTool({ name: 'get_opinion' })).toMatchObject({
      content: [{ type: 'text', text: 'I agree' }],
    });
    const seen: number[] = [];
    await client.callTool({ name: 'get_progress' }, undefined, {
      onprogress: ({ progress }) => seen.push(progress),
    });
    expect(seen).toEqual([1]);
  });

  it.each([
    ['an error of the tool', 'get_error', 'no such page', 'failed'],
    ['garbage beside the answer', 'get_garbage', 'after garbage', 'succeeded'],
  ])('passes on %s', async (_what, name, text, status) => {
    const client = await proxied();
    expect(await client.callTool({ name })).toMatchObject({ content: [{ text }] });
    await client.close();
    expect(await gate.actions(`mcp-${session}`)).toMatchObject([{ outcome: { status } }]);
  });

  it.each([
    ['a server that ends in a call', 'get_crash', 'has ended \\(exit code 3\\)'],
    ['an answer that is too long', 'get_huge', 'more than 4194304 bytes'],
  ])('answers for %s, of unknown outcome', async (_what, name, text) => {
    const client = await proxied();
    await expect(client.callTool({ name })).rejects.toThrow(new RegExp(text));
    if (name === 'get_crash') await expect(client.listTools()).rejects.toThrow(/has ended/);
    else expect((await client.listTools()).tools.length).toBeGreaterThan(0);
    await client.close();
    expect(await gate.actions(`mcp-${session}`)).toMatchObject([{ outcome: { status: 'unknown' } }]);
  });

  it('answers for a server that ends at its start, and for one that ends when it is listed', async () => {
    await expect(proxied('crash-at-start')).rejects.toThrow(/has ended/);
    const client = await proxied('crash-at-list');
    await expect(client.listTools()).rejects.toThrow(/has ended/);
  });

  it('settles a cancelled call as unknown and goes on', async () => {
    const client = await proxied();
    const cut = new AbortController();
    const call = client.callTool({ name: 'get_nothing' }, undefined, { signal: cut.signal });
    while (!reached().includes('get_nothing')) await new Promise((resolve) => setImmediate(resolve));
    cut.abort('enough');
    await expect(call).rejects.toThrow('enough');
    expect(await client.callTool({ name: 'get_page', arguments: { page: 1 } })).not.toHaveProperty('isError');
    await client.close();
    expect(await gate.actions(`mcp-${session}`)).toMatchObject([
      { outcome: { status: 'unknown' } },
      { outcome: { status: 'succeeded' } },
    ]);
  });

  it.each([
    ['no gate', { COUNTERSIGN_URL: 'http://127.0.0.1:9' }, 'refuses the connection'],
    ['a wrong key', { COUNTERSIGN_API_KEY: `cyc_live_${'x'.repeat(32)}` }, 'API key'],
    ['another gate’s key pinned', { COUNTERSIGN_PUBLIC_KEY: 'A'.repeat(43) }, 'not signed'],
    ['a pinned key that is none', { COUNTERSIGN_PUBLIC_KEY: 'AAAA' }, 'could not be asked'],
  ])('denies every call with %s, and passes on the rest', async (_what, more, sentence) => {
    const client = await proxied('', more);
    expect((await client.listTools()).tools.length).toBeGreaterThan(0);
    expect(await client.callTool({ name: 'get_page', arguments: { page: 1 } })).toMatchObject({
      isError: true,
      structuredContent: { decision: 'DENY', reason_code: 'GATE_UNAVAILABLE' },
      content: [{ text: expect.stringContaining(sentence) }],
    });
    expect(reached()).toEqual([]);
  });

  it.each([
    ['is well where it should be', '', {}, 0, 'RADIUS_REFUSED'],
    ['says that the server behind ends', 'crash-at-start', {}, 1, 'has ended'],
    ['says that the gate is not there', '', { COUNTERSIGN_URL: 'http://127.0.0.1:9' }, 1, 'refuses'],
  ])('tries itself and %s', async (_what, mode, more, exitCode, text) => {
    const words = ['mcp-proxy', '--self-test', '--', process.execPath, SERVER, journal, mode];
    const ran = await new Promise<{ code: unknown; stdout: string }>((resolve) => {
      const env = { ...environment, HOME: home, XDG_CONFIG_HOME: home, ...more };
      execFile(process.execPath, [PROGRAM, ...words], { env }, (error, stdout) =>
        resolve({ code: error === null ? 0 : error.code, stdout }),
      );
    });
    expect(ran.stdout).toContain(text);
    expect(ran.code).toBe(exitCode);
    expect(reached()).toEqual([]);
  });

  it.each([
    ['--header', ['--to', 'http://127.0.0.1:9/', '--header', 'Authorization: Bearer $NO_SUCH_TOKEN']],
    ['--header in braces', ['--to', 'http://127.0.0.1:9/', '--header', `A: \${NO_SUCH_TOKEN}`]],
  ])('says which variable is missing in a %s, and starts nothing', async (_what, words) => {
    const ran = await new Promise<{ code: unknown; stderr: string }>((resolve) => {
      const env = { ...environment, HOME: home, XDG_CONFIG_HOME: home };
      const child = execFile(
        process.execPath,
        [PROGRAM, 'mcp-proxy', ...words],
        { env },
        (error, _out, stderr) => resolve({ code: error?.code, stderr }),
      );
      child.stdin?.end();
    });
    expect(ran).toEqual({ code: 1, stderr: expect.stringContaining('NO_SUCH_TOKEN is not set') });
  });

  it('takes neither garbage, nor batches, nor what two readers would read differently', async () => {
    const child = spawn(
      process.execPath,
      [PROGRAM, 'mcp-proxy', '--wait', '0', '--', process.execPath, SERVER, journal],
      { env: { ...environment, HOME: home, XDG_CONFIG_HOME: home }, stdio: ['pipe', 'pipe', 'ignore'] },
    );
    const call = (name: string): string => `"method":"tools/call","params":{"name":"${name}"}`;
    const lines = [
      'no json',
      `[{"jsonrpc":"2.0","id":1,${call('get_nothing')}}]`,
      `{"jsonrpc":"2.0","id":2,${call('get_nothing')},"method":"ping"}`,
      `{"jsonrpc":"2.0",${call('get_nothing')}}`,
      `{"jsonrpc":"2.0","id":3,"method":"tools/call","params":{"name":"get_page","arguments":{"page":12345678901234567890}}}`,
      `{"jsonrpc":"2.0","id":4,"method":"tools/call"}`,
      `{"jsonrpc":"2.0","id":5,"method":"tools/call","params":{"name":"get_page","arguments":{"page":"${'x'.repeat(5_000_000)}"}}}`,
      '{"jsonrpc":"2.0","id":6,"method":"ping"}',
    ];
    child.stdin.write(`${lines.join('\n')}\n`);
    const answers: Record<string, unknown>[] = [];
    for await (const line of createInterface({ input: child.stdout })) {
      answers.push(JSON.parse(line) as Record<string, unknown>);
      if (answers.at(-1)?.['id'] === 6) child.stdin.end();
    }
    expect(answers).toMatchObject([
      { id: null, error: { code: -32700 } },
      { id: null, error: { code: -32600 } },
      { id: 2, error: { code: -32700 } },
      { id: 3, result: { isError: true, structuredContent: { reason_code: 'INVALID_CALL' } } },
      { id: 4, result: { isError: true, structuredContent: { reason_code: 'INVALID_CALL' } } },
      { error: { code: -32600 } },
      { id: 6, result: {} },
    ]);
    expect(reached()).toEqual([]);
  });

  it('shows several servers as one, and survives that one of them is gone', async () => {
    const config = join(home, 'servers.json');
    const behind = (mode: string) => ({ command: process.execPath, args: [SERVER, journal, mode] });
    const servers = { first: behind(''), second: behind(''), gone: behind('crash-at-start') };
    writeFileSync(config, JSON.stringify({ servers }));
    const client = new Client({ name: 'test', version: '1' }, { capabilities: { sampling: {} } });
    let questions = 0;
    client.setRequestHandler(CreateMessageRequestSchema, () => {
      questions += 1;
      return { model: 'm', role: 'assistant', content: { type: 'text', text: `opinion ${questions}` } };
    });
    await client.connect(
      new StdioClientTransport({
        command: process.execPath,
        args: [PROGRAM, 'mcp-proxy', '--session', `mcp-${session}`, '--wait', '0', '--config', config],
        env: { ...environment, HOME: home, XDG_CONFIG_HOME: home },
        stderr: 'ignore',
      }),
    );
    clients.push(client);
    const { tools } = await client.listTools();
    const names = tools.map(({ name }) => name);
    expect(names.filter((name) => name.endsWith('get_page'))).toEqual([
      'first__get_page',
      'second__get_page',
    ]);
    expect(await client.callTool({ name: 'second__get_page', arguments: { page: 2 } })).toMatchObject({
      content: [{ text: 'page 2' }],
    });
    const both = ['first__get_opinion', 'second__get_opinion'].map((name) => client.callTool({ name }));
    const opinions = (await Promise.all(both)).map(({ content }) => JSON.stringify(content));
    expect(opinions.sort()).toEqual([
      expect.stringContaining('opinion 1'),
      expect.stringContaining('opinion 2'),
    ]);
    expect(await client.callTool({ name: 'first__drop_all_databases' })).toMatchObject({
      structuredContent: { reason_code: 'RADIUS_REFUSED' },
    });
    await expect(client.callTool({ name: 'gone__get_page', arguments: { page: 1 } })).rejects.toThrow(
      /ended/,
    );
    await expect(client.callTool({ name: 'get_page', arguments: { page: 1 } })).rejects.toThrow(/No server/);
    expect(reached()).toEqual(['get_page 2']);
    await client.close();
    const [action] = await gate.actions(`mcp-${session}`);
    expect(action).toMatchObject({
      proposed: { tool_call: { tool: { name: 'get_page', server: 'second' } } },
    });
  });
});
