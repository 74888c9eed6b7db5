/** A server behind streamable HTTP: each message is a POST, what it sends comes as JSON or as events. */

import { type ClientRequest, type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { createParser } from 'eventsource-parser';
import { recordOf, textOf } from '../json.js';
import {
  answeredIdOf,
  MESSAGE_BYTES_MAX,
  type Message,
  methodOf,
  type RequestId,
  readServerMessage,
  requestIdOf,
} from './message.js';
import { mirroredHeaders, ownVersionOf } from './request-headers.js';
import type { ServerBehind, ServerListener } from './server.js';

/** Pauses before the stream of the server's own messages is opened again, in ms. */
const REOPEN_MS_MIN = 1_000;
const REOPEN_MS_MAX = 30_000;
const GOODBYE_MS = 2_000;

export interface HttpTarget {
  readonly url: URL;
  /** Sent with every request, such as `authorization`. */
  readonly headers?: Readonly<Record<string, string>>;
}

export const openHttpServer = (target: HttpTarget, listener: ServerListener): ServerBehind =>
  new HttpServer(target, listener);

class HttpServer implements ServerBehind {
  private sessionId: string | null = null;
  /** As agreed when the session began; null from 2026-07-28 on, where each request says its own. */
  private version: string | null = null;
  private readonly exchanges = new Map<ClientRequest, RequestId | null>();
  /** Requests of the stateless protocol: to hang up on one is to cancel it. */
  private readonly stateless = new WeakSet<ClientRequest>();
  /** What has to have arrived before the next message is sent. */
  private turn: Promise<void> = Promise.resolve();
  private reopening: NodeJS.Timeout | null = null;
  private reopenMs = REOPEN_MS_MIN;
  private isClosed = false;

  constructor(
    private readonly target: HttpTarget,
    private readonly listener: ServerListener,
  ) {}

  send(message: Message): void {
    this.turn = this.turn
      .then(() => (this.isClosed ? undefined : this.post(message)))
      .catch((error: unknown) => this.notSent(message, error));
  }

  /** Not even begun, such as for a header that nothing can carry. */
  private notSent({ body }: Message, error: unknown): void {
    const id = requestIdOf(body);
    const why = error instanceof Error ? error.message : String(error);
    if (id === null) this.listener.trouble(`a message could not be sent: ${why}`);
    else this.listener.lost(id, `The request could not be sent to the server behind: ${why}.`);
  }

  async close(): Promise<void> {
    this.isClosed = true;
    if (this.reopening !== null) clearTimeout(this.reopening);
    for (const request of this.exchanges.keys()) request.destroy();
    if (this.sessionId === null) return;
    await new Promise<void>((resolve) => {
      const goodbye = this.open('DELETE', {});
      goodbye.setTimeout(GOODBYE_MS, () => goodbye.destroy());
      goodbye.on('response', (response) => response.resume());
      goodbye.on('close', () => resolve());
      goodbye.on('error', () => resolve());
      goodbye.end();
    });
  }

  /** Resolves when the next message may follow: notifications and answers must not overtake each other. */
  private post(message: Message): Promise<void> {
    const { body, text } = message;
    const id = requestIdOf(body);
    if (methodOf(body) === 'notifications/cancelled' && this.cut(recordOf(body, 'params')?.['requestId'])) {
      return Promise.resolve();
    }
    const request = this.open('POST', {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      ...mirroredHeaders(body),
    });
    const isOwed = { id, isInitialize: methodOf(body) === 'initialize' };
    if (ownVersionOf(body) !== null) this.stateless.add(request);
    const taken = this.follow(request, isOwed);
    request.end(text);
    if (methodOf(body) === 'notifications/initialized') void taken.then(() => this.listen(null));
    return id === null ? taken : Promise.resolve();
  }

  private cut(id: unknown): boolean {
    for (const [request, exchanged] of this.exchanges) {
      if (exchanged === null || exchanged !== id || !this.stateless.has(request)) continue;
      request.destroy();
      return true;
    }
    return false;
  }

  private open(method: string, headers: Readonly<Record<string, string>>): ClientRequest {
    const send = this.target.url.protocol === 'https:' ? requestHttps : requestHttp;
    return send(this.target.url, {
      method,
      headers: {
        ...this.target.headers,
        ...(this.sessionId !== null && { 'mcp-session-id': this.sessionId }),
        ...(this.version !== null && { 'mcp-protocol-version': this.version }),
        ...headers,
      },
    });
  }

  /** Hears what answers a POST; resolves when the server has taken it, or never will. */
  private follow(request: ClientRequest, owed: Owed): Promise<void> {
    let isAnswered = owed.id === null;
    let problem = 'The server behind ended its answer before it was whole.';
    this.exchanges.set(request, owed.id);
    return new Promise((resolve) => {
      request.on('error', (error: NodeJS.ErrnoException) => {
        problem = `The server behind cannot be reached (${error.code ?? error.message}).`;
      });
      request.on('response', (response) => {
        resolve();
        this.sessionId ??= owed.isInitialize ? headerOf(response, 'mcp-session-id') : null;
        const status = response.statusCode ?? 0;
        if (status >= 300) problem = this.failed(status);
        this.read(response, {
          hear: (message) => {
            if (owed.id !== null && answeredIdOf(message.body) === owed.id) isAnswered = true;
            if (owed.isInitialize) this.version = agreedVersion(message) ?? this.version;
            this.listener.message(message);
          },
          fail: (reason) => {
            problem = reason;
            request.destroy();
          },
        });
      });
      request.on('close', () => {
        this.exchanges.delete(request);
        resolve();
        if (!this.isClosed && !isAnswered && owed.id !== null) this.listener.lost(owed.id, problem);
        else if (!this.isClosed && owed.id === null && problem.includes('cannot')) {
          this.listener.trouble(problem);
        }
      });
    });
  }

  private failed(status: number): string {
    return status === 404 && this.sessionId !== null
      ? 'The server behind no longer knows this session (404): connect to it anew.'
      : `The server behind answered ${status}.`;
  }

  /** Opens the stream on which a server with sessions says what nobody asked for; most have none. */
  private listen(lastEventId: string | null): void {
    if (this.isClosed) return;
    const request = this.open('GET', {
      accept: 'text/event-stream',
      ...(lastEventId !== null && { 'last-event-id': lastEventId }),
    });
    let latest = lastEventId;
    let isOffered = true;
    this.exchanges.set(request, null);
    request.on('error', () => undefined);
    request.on('response', (response) => {
      isOffered = response.statusCode === 200;
      if (isOffered) this.reopenMs = REOPEN_MS_MIN;
      this.read(response, {
        hear: (message) => this.listener.message(message),
        eventId: (id) => {
          latest = id;
        },
        fail: (reason) => {
          this.listener.trouble(reason);
          request.destroy();
        },
      });
    });
    request.on('close', () => {
      this.exchanges.delete(request);
      if (this.isClosed || !isOffered) return;
      this.reopening = setTimeout(() => this.listen(latest), this.reopenMs);
      this.reopenMs = Math.min(this.reopenMs * 2, REOPEN_MS_MAX);
    });
    request.end();
  }

  private read(response: IncomingMessage, reader: Reader): void {
    response.on('error', () => undefined);
    response.setEncoding('utf8');
    const type = headerOf(response, 'content-type') ?? '';
    if (type.startsWith('text/event-stream')) readEvents(response, reader);
    else readWhole(response, reader);
  }
}

interface Owed {
  readonly id: RequestId | null;
  readonly isInitialize: boolean;
}

interface Reader {
  hear(message: Message): void;
  eventId?(id: string): void;
  fail(reason: string): void;
}

const TOO_LONG = `The server behind answered with more than ${MESSAGE_BYTES_MAX} bytes.`;

function readEvents(response: IncomingMessage, reader: Reader): void {
  const parser = createParser({
    maxBufferSize: MESSAGE_BYTES_MAX,
    onError: ({ type }) => {
      if (String(type) === 'max-buffer-size-exceeded') reader.fail(TOO_LONG);
    },
    onEvent: ({ id, data }) => {
      if (id !== undefined) reader.eventId?.(id);
      const message = readServerMessage(onOneLine(data));
      if (message !== null) reader.hear(message);
    },
  });
  let isFed = true;
  response.on('data', (chunk: string) => {
    if (!isFed) return;
    try {
      parser.feed(chunk);
    } catch {
      isFed = false;
      reader.fail(TOO_LONG);
    }
  });
}

function readWhole(response: IncomingMessage, reader: Reader): void {
  let text = '';
  response.on('data', (chunk: string) => {
    text += chunk;
    if (text.length > MESSAGE_BYTES_MAX) reader.fail(TOO_LONG);
  });
  response.on('end', () => {
    const message = readServerMessage(onOneLine(text));
    // A page of some web server is no message, and neither is an error that no request is named by.
    if (message?.body['jsonrpc'] === '2.0' && message.body['id'] !== null) reader.hear(message);
  });
}

/** Between the values of JSON a line may end; in its texts it cannot. */
const onOneLine = (json: string): string => json.replace(/[\r\n]+/g, ' ').trim();

/** Null where none was agreed on that a header could carry. */
function agreedVersion({ body }: Message): string | null {
  const version = textOf(recordOf(body, 'result') ?? {}, 'protocolVersion');
  return version !== null && /^[\w.-]{1,64}$/.test(version) ? version : null;
}

function headerOf({ headers }: IncomingMessage, name: string): string | null {
  const value = headers[name];
  return typeof value === 'string' && value !== '' ? value : null;
}
