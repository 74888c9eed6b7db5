/** `countersign mcp-proxy`: stands in front of an MCP server, whose tools then run only after the gate's yes. */

import { randomUUID } from 'node:crypto';
import { basename } from 'node:path';
import { createGate, type Gate } from '../integrations/client/guard.js';
import { openGatedServer } from '../integrations/mcp-proxy/gated-server.js';
import { openHttpServer } from '../integrations/mcp-proxy/http-server.js';
import { selfTest } from '../integrations/mcp-proxy/self-test.js';
import type { OpenServer } from '../integrations/mcp-proxy/server.js';
import { serveStdio } from '../integrations/mcp-proxy/stdio-front.js';
import { openStdioServer } from '../integrations/mcp-proxy/stdio-server.js';
import { readSettings, SettingsError } from '../integrations/settings.js';
import { Complaint, paletteFor, print, visible } from './terminal.js';

/** Below the minute after which most clients give a call up. */
const WAIT_MS = 45_000;
const SESSION = /^[\w.-]{1,128}$/;

export interface ProxyOptions {
  readonly name?: string;
  readonly session?: string;
  readonly wait?: string;
  readonly to?: string;
  readonly header?: readonly string[];
  readonly selfTest?: boolean;
}

/** Serves the client on standard input and output until it goes. */
export async function runProxy(words: readonly string[], options: ProxyOptions): Promise<void> {
  const server = serverOf(words, options);
  const gate = gateOf(options);
  if (options.selfTest) {
    await showSelfTest(server, gate);
    return;
  }
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop.abort());
  await serveStdio(openGatedServer(server.open, { gate, server: server.name }), {
    input: process.stdin,
    output: process.stdout,
    onTrouble: complain,
    stop: stop.signal,
  });
  process.exit(0);
}

/** Exit code 1 when anything is not as it must be. */
async function showSelfTest({ open, name }: NamedServer, gate: Gate): Promise<void> {
  const { green, red } = paletteFor(process.stdout, process.env);
  const steps = await selfTest(open, { gate, server: name });
  for (const { what, isWell, found } of steps) {
    const mark = isWell ? green('ok    ') : red('FAILED');
    print(`${mark}  ${what}${found === '' ? '' : ` (${visible(found)})`}`);
  }
  process.exit(steps.every(({ isWell }) => isWell) ? 0 : 1);
}

/** Standard output belongs to the protocol. */
const complain = (text: string): void => {
  process.stderr.write(`countersign mcp-proxy: ${visible(text)}\n`);
};

interface NamedServer {
  readonly name: string;
  readonly open: OpenServer;
}

function serverOf(
  [command, ...args]: readonly string[],
  { name, to, header = [] }: ProxyOptions,
): NamedServer {
  if ((command === undefined) === (to === undefined)) {
    throw new Complaint('which server? "countersign mcp-proxy -- <command> [args…]", or "--to <url>"');
  }
  if (command !== undefined) {
    return {
      name: name ?? basename(command),
      open: (listener) => openStdioServer({ command, args }, listener),
    };
  }
  const target = { url: addressOf(to ?? ''), headers: Object.fromEntries(header.map(headerOf)) };
  return { name: name ?? target.url.hostname, open: (listener) => openHttpServer(target, listener) };
}

const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];

function addressOf(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && LOOPBACK.includes(url.hostname));
  if (url === null || !isSafe) throw new Complaint('--to takes an https address; http on this machine only');
  return url;
}

/** `$NAME` in a header's value stands for a variable, which no list of processes shows. */
function headerOf(text: string): [string, string] {
  const [, name, value] = /^([\w-]+):\s*(.*)$/.exec(text) ?? [];
  if (name === undefined || value === undefined) throw new Complaint('--header takes "Name: value"');
  return [name, value.replace(/\$(\w+)/g, (_whole, variable: string) => process.env[variable] ?? '')];
}

function gateOf({ session = `mcp-${randomUUID()}`, wait }: ProxyOptions): Gate {
  if (!SESSION.test(session)) {
    throw new Complaint('--session takes 1 to 128 letters, digits, "_", "." or "-"');
  }
  const waitMs = wait === undefined ? WAIT_MS : Number(wait);
  if (!Number.isInteger(waitMs) || waitMs < 0 || waitMs > 600_000) {
    throw new Complaint('--wait takes a time in ms, from 0 to 600000');
  }
  try {
    const { url, apiKey, publicKey, deadlineMs, subject } = readSettings(process.env);
    return createGate({
      url,
      apiKey,
      deadlineMs,
      session,
      waitMs,
      harness: 'mcp-proxy',
      onTrouble: (problem) => complain(problem.message),
      ...(publicKey !== null && { publicKey }),
      ...(subject !== null && { subject }),
    });
  } catch (error) {
    if (error instanceof SettingsError) throw new Complaint(error.message);
    throw error;
  }
}
