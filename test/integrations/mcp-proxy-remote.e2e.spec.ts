/** The MCP proxy in front of servers over HTTP, and between client and server of the stateless protocol. */

import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Client as ModernClient } from '@modelcontextprotocol/client';
import { StdioClientTransport as ModernTransport } from '@modelcontextprotocol/client/stdio';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { createMcpHandler } from '@modelcontextprotocol/server';
import { GateServer } from '../gate/gate-server.js';
import { countingServer } from './mcp-counting-tools.js';
import { modernServer } from './mcp-modern-server.js';

const PROGRAM = fileURLToPath(new URL('../../src/cli/countersign.js', import.meta.url));
const MODERN = fileURLToPath(new URL('./mcp-modern-server.js', import.meta.url));
const MODERN_META = { _meta: { 'io.modelcontextprotocol/protocolVersion': '2026-07-28' } };

describe('the proxy in front of a remote server', () => {
  let gate: GateServer;
  let environment: Record<string, string>;
  let home: string;
  let remote: Server;
  let url: string;
  let reached: string[];
  let authorizations: Set<string | undefined>;
  const ends: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    gate = await GateServer.start();
    await gate.sessions('ide', 100);
    environment = {
      PATH: process.env['PATH'] ?? '',
      COUNTERSIGN_URL: gate.url,
      COUNTERSIGN_API_KEY: await gate.key(),
      TOKEN: 'secret-of-remote',
    };
  });
  afterAll(() => gate.remove());
  beforeEach(async () => {
    home = mkdtempSync(join(tmpdir(), 'countersign-mcp-'));
    reached = [];
    authorizations = new Set();
    remote = createServer();
    await new Promise<void>((resolve) => remote.listen(0, '127.0.0.1', resolve));
    const address = remote.address();
    url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/mcp`;
  });
  afterEach(async () => {
    for (const end of ends.splice(0)) await end();
    remote.closeAllConnections();
    remote.close();
    rmSync(home, { recursive: true, force: true });
  });

  const proxy = (...words: string[]) => ({
    command: process.execPath,
    args: [PROGRAM, 'mcp-proxy', '--wait', '0', ...words],
    env: { ...environment, HOME: home, XDG_CONFIG_HOME: home },
    stderr: 'ignore' as const,
  });
  const toRemote = () => proxy('--to', url, '--header', 'Authorization: Bearer $TOKEN');

  const older = async (): Promise<Client> => {
    const client = new Client({ name: 'test', version: '1' });
    ends.push(() => client.close());
    await client.connect(new StdioClientTransport(toRemote()));
    return client;
  };

  /** A server of the 1.x SDK, with sessions. */
  const withSessions = (json = false): void => {
    const sessions = new Map<string, StreamableHTTPServerTransport>();
    remote.on('request', async (request, response) => {
      authorizations.add(request.headers.authorization);
      const id = request.headers['mcp-session-id'];
      let transport = typeof id === 'string' ? sessions.get(id) : undefined;
      if (transport === undefined) {
        const fresh = new StreamableHTTPServerTransport({
          sessionIdGenerator: randomUUID,
          enableJsonResponse: json,
          onsessioninitialized: (session) => {
            sessions.set(session, fresh);
          },
        });
        await countingServer((line) => reached.push(line)).connect(fresh as never);
        transport = fresh;
      }
      await transport.handleRequest(request, response);
    });
  };

  const withoutSessions = (): void => {
    const handler = createMcpHandler(() => modernServer((line) => reached.push(line)));
    remote.on('request', async (request, response) => {
      const headers = Object.entries(request.headers).map(([name, value]) => [name, String(value)]);
      const body = await textOf(request);
      const answer = await handler.fetch(
        new Request(url, {
          method: request.method ?? '',
          headers: Object.fromEntries(headers) as Record<string, string>,
          ...(body !== '' && { body }),
        }),
      );
      response.writeHead(answer.status, Object.fromEntries(answer.headers));
      for await (const chunk of answer.body ?? []) response.write(chunk);
      response.end();
    });
  };

  it.each([
    ['events', false],
    ['JSON', true],
  ])(
    'keeps a destructive call from one that answers by %s, and lets the rest through',
    async (_how, json) => {
      withSessions(json);
      const client = await older();
      expect((await client.listTools()).tools.length).toBeGreaterThan(5);
      expect(await client.callTool({ name: 'get_page', arguments: { page: 7 } })).toEqual({
        content: [{ type: 'text', text: 'page 7' }],
      });
      expect(await client.callTool({ name: 'drop_all_databases' })).toMatchObject({
        isError: true,
        structuredContent: { decision: 'DENY', reason_code: 'RADIUS_REFUSED' },
      });
      expect(reached).toEqual(['get_page 7']);
      expect([...authorizations]).toEqual(['Bearer secret-of-remote']);
    },
  );

  it('answers for one that cannot be reached, and for one that breaks off', async () => {
    remote.on('request', (request) => request.socket.destroy());
    await expect(older()).rejects.toThrow(/cannot be reached/);
  });

  it('answers for one that breaks off in a call', async () => {
    withSessions();
    const client = await older();
    remote.removeAllListeners('request');
    remote.on('request', (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).end('data: {"half":');
    });
    await expect(client.callTool({ name: 'get_page', arguments: { page: 7 } })).rejects.toThrow(
      /before it was whole/,
    );
    remote.removeAllListeners('request');
    remote.on('request', (_request, response) => response.writeHead(502).end('<html>'));
    await expect(client.callTool({ name: 'get_page', arguments: { page: 7 } })).rejects.toThrow(/502/);
  });

  it('survives one that agrees on a version that no header can carry', async () => {
    remote.on('request', async (request, response) => {
      const text = await textOf(request);
      const { id } = JSON.parse(text || '{}') as { id?: number };
      response.writeHead(id === undefined ? 202 : 200, { 'content-type': 'application/json' });
      const result = {
        protocolVersion: '2025-11-25\r\nx: y',
        capabilities: {},
        serverInfo: { name: 'odd', version: '1' },
      };
      response.end(id === undefined ? '' : JSON.stringify({ jsonrpc: '2.0', id, result }));
    });
    const { args } = toRemote();
    const child = spawn(process.execPath, args, {
      env: { ...environment, HOME: home, XDG_CONFIG_HOME: home },
    });
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const ask = async (message: object): Promise<unknown> => {
      child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
      return JSON.parse(String((await lines.next()).value)) as unknown;
    };
    expect(await ask({ id: 1, method: 'initialize' })).toMatchObject({ id: 1, result: {} });
    expect(await ask({ id: 2, method: 'odd\r\nmethod', params: MODERN_META })).toMatchObject({ id: 2 });
    expect(await ask({ id: 3, method: 'ping' })).toMatchObject({ id: 3, result: {} });
    child.stdin.end();
    await new Promise((resolve) => child.on('close', resolve));
    expect(child.exitCode).toBe(0);
  });

  it('says that a session is forgotten', async () => {
    withSessions();
    const client = await older();
    remote.removeAllListeners('request');
    remote.on('request', (_request, response) => response.writeHead(404).end());
    await expect(client.listTools()).rejects.toThrow(/no longer knows this session/);
  });

  it.each(['stdio', 'http'])('speaks the stateless protocol over %s', async (how) => {
    if (how === 'http') withoutSessions();
    const journal = join(home, 'journal');
    const client = new ModernClient({ name: 'test', version: '2' }, { versionNegotiation: { mode: 'auto' } });
    ends.push(() => client.close());
    await client.connect(
      new ModernTransport(how === 'http' ? toRemote() : proxy('--', process.execPath, MODERN, journal)),
    );
    expect(client.getNegotiatedProtocolVersion()).toBe('2026-07-28');
    expect((await client.listTools()).tools.map(({ name }) => name)).toContain('get_page');
    expect(await client.callTool({ name: 'get_page', arguments: { page: 3 } })).toMatchObject({
      content: [{ type: 'text', text: 'page 3' }],
    });
    expect(await client.callTool({ name: 'drop_all_databases' })).toMatchObject({
      isError: true,
      structuredContent: { decision: 'DENY', reason_code: 'RADIUS_REFUSED' },
    });
    if (how === 'stdio' && existsSync(journal)) reached.push(readFileSync(journal, 'utf8').trimEnd());
    expect(reached).toEqual(['get_page 3']);
  });
});

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
}
