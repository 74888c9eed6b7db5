/**
 * `npm run bench:agents`: what an agent waits for the gate. Each hook as a process, start included, beside a bare
 * `node -e 0`; and calls of a read-only tool through the MCP proxy beside the same calls without it.
 */

import { spawn } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { Machine, SHELL_EVENTS, YES } from '../integrations/hook-process.js';
import { ServedChild } from './children.js';
import { quantileOf } from './statistics.js';
import { aligned } from './table.js';

const TENANT = 'bench';
const SERVER_NAME = 'counting';
const PROGRAM = fileURLToPath(new URL('../../src/cli/countersign.js', import.meta.url));
const MCP_SERVER = fileURLToPath(new URL('../integrations/mcp-counting-server.js', import.meta.url));

const USAGE = `npm run bench:agents -- [flags]
  --hooks N   runs of each hook (50)
  --calls N   calls of a tool, with and without the proxy (1000)`;

/** The times of one thing, in ms. */
interface Timed {
  readonly what: string;
  readonly times: readonly number[];
}

/** A server in a process of its own, and what a hook or a proxy needs to reach it. */
class Gate {
  private constructor(
    private readonly server: ServedChild,
    private readonly adminKey: string,
    readonly environment: Readonly<Record<string, string>>,
  ) {}

  static async start(dataDir: string): Promise<Gate> {
    const adminKey = randomBytes(32).toString('hex');
    const env = {
      COUNTERSIGN_DATA_DIR: dataDir,
      COUNTERSIGN_PORT: '0',
      COUNTERSIGN_ADMIN_KEY: adminKey,
    };
    const server = await ServedChild.start('embedded', { env });
    const url = `http://127.0.0.1:${server.port}`;
    const gate = new Gate(server, adminKey, { COUNTERSIGN_URL: url });
    await gate.send('/v1/admin/tenants', { tenant_id: TENANT, name: 'Bench' });
    await gate.send('/admin/budget-templates', {
      tenant_id: TENANT,
      scope_pattern: `tenant:${TENANT}/app:ide/workflow:*`,
      unit: 'RISK_POINTS',
      allocated: { unit: 'RISK_POINTS', amount: 1_000_000 },
    });
    await gate.send('/admin/tools', {
      tenant_id: TENANT,
      name: 'get_page',
      server: SERVER_NAME,
      points: 0,
    });
    const key = await gate.send('/admin/api-keys', {
      tenant_id: TENANT,
      name: 'agent',
      permissions: ['reservations:create'],
      fixed_subject: { app: 'ide' },
    });
    const keys = (await (await fetch(`${url}/v1/.well-known/cycles-jwks.json`)).json()) as {
      keys: { x: string }[];
    };
    return new Gate(server, adminKey, {
      COUNTERSIGN_URL: url,
      COUNTERSIGN_API_KEY: String(key['key_secret']),
      COUNTERSIGN_PUBLIC_KEY: String(keys.keys[0]?.x),
    });
  }

  close(): Promise<void> {
    return this.server.close();
  }

  private async send(path: string, body: object): Promise<Record<string, unknown>> {
    const response = await fetch(`${this.environment['COUNTERSIGN_URL']}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-admin-api-key': this.adminKey },
      body: JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`POST ${path}: ${response.status} ${text}`);
    return JSON.parse(text) as Record<string, unknown>;
  }
}

async function timeOf(run: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await run();
  return performance.now() - startedAt;
}

const bareNode = (): Promise<unknown> =>
  new Promise((resolve) => spawn(process.execPath, ['-e', '0'], { stdio: 'ignore' }).on('close', resolve));

/** Hooks and the bare process in turn, so that whatever else the machine does happens to all of them. */
async function timeHooks(machine: Machine, runs: number): Promise<Timed[]> {
  const hooks = Object.entries(SHELL_EVENTS).map(([harness, eventOf]) => ({
    what: `hook ${harness}`,
    run: () => allowed(machine, harness, eventOf('git status', randomUUID())),
  }));
  const timed = [{ what: 'node -e 0', run: bareNode }, ...hooks].map((one) => ({
    ...one,
    times: [] as number[],
  }));
  for (let nth = 0; nth < runs; nth++) {
    for (const { run, times } of timed) times.push(await timeOf(run));
  }
  return timed;
}

async function allowed(machine: Machine, harness: string, event: object): Promise<void> {
  const { stdout, stderr } = await machine.run(harness, event);
  if (stdout !== YES[harness]) throw new Error(`the hook of ${harness} did not allow: ${stdout}${stderr}`);
}

/** Calls with and without the proxy in turn, and what each pair differs by. */
async function timeProxy(gate: Gate, dir: string, calls: number): Promise<Timed[]> {
  const command = (journal: string): string[] => [MCP_SERVER, join(dir, journal)];
  const direct = await connected(command('direct'), {});
  const proxy = [PROGRAM, 'mcp-proxy', '--name', SERVER_NAME, '--', process.execPath, ...command('proxied')];
  const proxied = await connected(proxy, { ...gate.environment, HOME: dir, XDG_CONFIG_HOME: dir });
  try {
    const warmUp = Math.min(calls, 100);
    const pairs: { direct: number; proxied: number }[] = [];
    for (let page = 0; page < warmUp + calls; page++) {
      const pair = {
        direct: await timeOf(() => getPage(direct, page)),
        proxied: await timeOf(() => getPage(proxied, page)),
      };
      if (page >= warmUp) pairs.push(pair);
    }
    return [
      { what: 'MCP tool, direct', times: pairs.map(({ direct }) => direct) },
      { what: 'MCP tool, by the proxy', times: pairs.map(({ proxied }) => proxied) },
      { what: 'added by the proxy', times: pairs.map(({ direct, proxied }) => proxied - direct) },
    ];
  } finally {
    await direct.close();
    await proxied.close();
  }
}

async function connected(args: string[], more: Readonly<Record<string, string>>): Promise<Client> {
  const client = new Client({ name: 'bench', version: '1' });
  const env = { PATH: process.env['PATH'] ?? '', ...more };
  await client.connect(new StdioClientTransport({ command: process.execPath, args, env, stderr: 'inherit' }));
  await client.listTools();
  return client;
}

async function getPage(client: Client, page: number): Promise<void> {
  const result = await client.callTool({ name: 'get_page', arguments: { page } });
  if (result.isError === true) throw new Error(`the call was refused: ${JSON.stringify(result.content)}`);
}

function printed(timed: readonly Timed[]): string {
  const shown = (value: number): string => value.toFixed(value < 20 ? 2 : 0);
  const rows = timed.map(({ what, times }) => [
    what,
    ...[0.5, 0.95].map((share) => shown(quantileOf(times, share))),
    String(times.length),
  ]);
  return aligned([['', 'median ms', 'p95 ms', 'runs'], ...rows]);
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { hooks: { type: 'string' }, calls: { type: 'string' }, help: { type: 'boolean' } },
  });
  if (values.help) {
    console.log(USAGE);
    return;
  }
  const dir = mkdtempSync(join(tmpdir(), 'countersign-bench-'));
  const gate = await Gate.start(join(dir, 'data'));
  const machine = new Machine(gate.environment);
  try {
    const hooks = await timeHooks(machine, countOf('hooks', values.hooks, 50));
    const proxy = await timeProxy(gate, dir, countOf('calls', values.calls, 1_000));
    console.log(printed([...hooks, ...proxy]));
  } finally {
    machine.remove();
    await gate.close();
    rmSync(dir, { recursive: true, force: true });
  }
}

function countOf(name: string, text: string | undefined, usual: number): number {
  const count = Number(text ?? usual);
  if (!Number.isInteger(count) || count < 1) throw new Error(`--${name} must be a whole number, not ${text}`);
  return count;
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
