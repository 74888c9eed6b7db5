/** Answers in the server's place while a store cannot be reached: alive, not ready, and come again. */

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { newRequestId } from './correlation.js';

const RETRY_AFTER_S = 5;
const LIVE = /^\/(health\/live|actuator\/health\/liveness)$/;
const READY = /^\/(health\/ready|actuator\/health|actuator\/health\/readiness)$/;
const PROBLEMS = {
  event_store: 'the event store cannot be reached; it is waited for',
  read_store: 'the database of the read models cannot be reached; it is waited for',
} as const;
/** What is waited for, as probes name it. */
type Awaited = keyof typeof PROBLEMS;

export class WaitingRoom {
  private server: Server | null = null;
  private awaited: Awaited = 'event_store';

  /** The port it was given, so that whoever comes after it has the same; null before it was opened. */
  port: number | null = null;

  /** Listens from now on. @throws the system's error when it cannot */
  async open(
    { port, host }: { readonly port: number; readonly host: string },
    awaited: Awaited = 'event_store',
  ): Promise<void> {
    this.awaited = awaited;
    if (this.server !== null) return;
    const server = createServer((request, response) => answer(request, response, this.awaited));
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, host, resolve);
    });
    this.server = server;
    this.port = (server.address() as AddressInfo).port;
  }

  /** Makes room for the server itself. */
  async close(): Promise<void> {
    const { server } = this;
    this.server = null;
    if (server === null) return;
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

function answer(request: IncomingMessage, response: ServerResponse, awaited: Awaited): void {
  const path = request.url?.split('?', 1)[0] ?? '';
  const isProbe = request.method === 'GET' || request.method === 'HEAD';
  if (isProbe && LIVE.test(path)) send(response, 200, { status: 'UP' });
  else if (isProbe && READY.test(path)) {
    const down = { status: 'DOWN', problems: [PROBLEMS[awaited]] };
    send(response, 503, { ...down, components: { [awaited]: down } });
  } else {
    const message =
      'The server cannot do this at the moment; repeat the request under the same idempotency key.';
    send(response, 503, { error: 'INTERNAL_ERROR', message, request_id: newRequestId() });
  }
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    connection: 'close',
    ...(status === 503 && { 'retry-after': String(RETRY_AFTER_S) }),
  });
  response.end(JSON.stringify(body));
}
