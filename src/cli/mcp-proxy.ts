/** `countersign mcp-proxy`: stands in front of an MCP server, whose tools then run only after the gate's yes. */

import { randomUUID } from 'node:crypto';
import { createGate, type Gate } from '../integrations/client/guard.js';
import { openGatedServer } from '../integrations/mcp-proxy/gated-server.js';
import { selfTest } from '../integrations/mcp-proxy/self-test.js';
import type { OpenServer } from '../integrations/mcp-proxy/server.js';
import { openSeveral } from '../integrations/mcp-proxy/several-servers.js';
import { serveStdio } from '../integrations/mcp-proxy/stdio-front.js';
import { readSettings, SettingsError } from '../integrations/settings.js';
import { type ServerOptions, serversOf } from './proxied-servers.js';
import { Complaint, paletteFor, print, visible } from './terminal.js';

/** Below the minute after which most clients give a call up. */
const WAIT_MS = 45_000;
/** A gate that is started anew within that time still hears of what ran meanwhile. */
const REPORT_MS = 60_000;
const SESSION = /^[\w.-]{1,128}$/;

export interface ProxyOptions extends ServerOptions {
  readonly session?: string;
  readonly wait?: string;
  readonly selfTest?: boolean;
}

/** Serves the client on standard input and output until it goes. */
export async function runProxy(words: readonly string[], options: ProxyOptions): Promise<void> {
  const servers = serversOf(words, options);
  const gate = gateOf(options);
  if (options.selfTest) {
    await showSelfTests(servers, gate);
    return;
  }
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop.abort());
  await serveStdio(gated(servers, gate), {
    input: process.stdin,
    output: process.stdout,
    onTrouble: complain,
    stop: stop.signal,
  });
  process.exit(0);
}

/** Each server has a gate before it; several together are shown as one. */
function gated(servers: ReadonlyMap<string, OpenServer>, gate: Gate): OpenServer {
  const behind = [...servers].map(([server, open]): [string, OpenServer] => [
    server,
    openGatedServer(open, { gate, server }),
  ]);
  const [only] = behind;
  return behind.length === 1 && only !== undefined ? only[1] : openSeveral(new Map(behind));
}

/** Exit code 1 when anything is not as it must be. */
async function showSelfTests(servers: ReadonlyMap<string, OpenServer>, gate: Gate): Promise<void> {
  const { bold, green, red } = paletteFor(process.stdout, process.env);
  let isWell = true;
  for (const [server, open] of servers) {
    if (servers.size > 1) print(bold(visible(server)));
    for (const step of await selfTest(open, { gate, server })) {
      isWell &&= step.isWell;
      const mark = step.isWell ? green('ok    ') : red('FAILED');
      print(`${mark}  ${step.what}${step.found === '' ? '' : ` (${visible(step.found)})`}`);
    }
  }
  process.exit(isWell ? 0 : 1);
}

/** Standard output belongs to the protocol. */
const complain = (text: string): void => {
  process.stderr.write(`countersign mcp-proxy: ${visible(text)}\n`);
};

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
      reportMs: REPORT_MS,
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
