/** Answers in the server's place while the event store cannot be reached: alive, not ready, and come again. */

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { newRequestId } from './correlation.js';

const RETRY_AFTER_S = 5;
const LIVE = /^\/(health\/live|actuator\/health\/liveness)$/;
const READY = /^\/(health\/ready|actuator\/health|actuator\/health\/readiness)$/;
const PROBLEM = 'the event store cannot be reached; it is waited for';
const DOWN = { status: 'DOWN', problems: [PROBLEM] };

export class WaitingRoom {
  private server: Server | null = null;

  /** The port it was given, so that whoever comes after it has the same; null before it was opened. */
  port: number | null = null;

  /** Listens from now on. @throws the system's error when it cannot */
  async open({ port, host }: { readonly port: number; readonly host: string }): Promise<void> {
    const server = createServer(answer);
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

function answer(request: IncomingMessage, response: ServerResponse): void {
  const path = request.url?.split('?', 1)[0] ?? '';
  const isProbe = request.method === 'GET' || request.method === 'HEAD';
  if (isProbe && LIVE.test(path)) send(response, 200, { status: 'UP' });
  else if (isProbe && READY.test(path)) send(response, 503, { ...DOWN, components: { event_store: DOWN } });
  else {
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
