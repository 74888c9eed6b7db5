/** Talks to the gate over HTTP with nothing but Node's own client: a hook must start fast. */

import { type ClientRequest, Agent as HttpAgent, request as requestHttp } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import { parseJson } from './json.js';

const ANSWER_BYTES_MAX = 1024 * 1024;

export interface GateAddress {
  /** Base URL of the server. */
  readonly url: string;
  readonly apiKey: string;
  /** Whether connections are kept for the next call; a process that ends after one call has no use for it. */
  readonly keepsConnections?: boolean;
}

/** What waits unused in them keeps no process alive. */
const KEPT = {
  'http:': new HttpAgent({ keepAlive: true }),
  'https:': new HttpsAgent({ keepAlive: true }),
} as const;

/** A whole answer of the server, whatever its status. */
export interface GateReply {
  readonly status: number;
  /** The parsed body; undefined when it is no JSON. */
  readonly body: unknown;
}

/** No whole answer came back. The message is half a sentence that a person can read. */
export class GateUnreachable extends Error {
  override readonly name = 'GateUnreachable';
}

/**
 * Posts JSON and waits for the whole answer. What is posted may arrive twice: it must bear that.
 * @param body what becomes JSON, or the JSON itself
 * @param deadlineMs how long all of it may take, in ms
 * @param signal cuts the request off
 * @throws GateUnreachable when no whole answer arrives in time
 */
export async function postToGate(
  address: GateAddress,
  path: string,
  body: string | object,
  deadlineMs: number,
  signal?: AbortSignal,
): Promise<GateReply> {
  const url = targetOf(address.url, path);
  const payload = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body), 'utf8');
  checkKey(address.apiKey);
  const post: Post = { url, address, payload, deadlineMs, signal };
  try {
    return await exchange(post);
  } catch (error) {
    // The gate may just then have closed a connection that was kept. Asked again, it is the same call.
    if (error instanceof StaleConnection) return await exchange({ ...post, isFresh: true });
    throw error;
  }
}

interface Post {
  readonly url: URL;
  readonly address: GateAddress;
  readonly payload: Buffer;
  readonly deadlineMs: number;
  readonly signal: AbortSignal | undefined;
  /** On a connection of its own. */
  readonly isFresh?: boolean;
}

class StaleConnection extends Error {
  override readonly name = 'StaleConnection';
}

function open({ url, address, payload, signal, isFresh }: Post): ClientRequest {
  const protocol = url.protocol === 'https:' ? 'https:' : 'http:';
  const send = protocol === 'https:' ? requestHttps : requestHttp;
  return send(url, {
    method: 'POST',
    agent: address.keepsConnections === true && isFresh !== true && KEPT[protocol],
    ...(signal !== undefined && { signal }),
    headers: {
      'content-type': 'application/json',
      'content-length': payload.length,
      'x-cycles-api-key': address.apiKey,
      'user-agent': 'countersign-hook',
    },
  });
}

function exchange(post: Post): Promise<GateReply> {
  const { deadlineMs } = post;
  return new Promise((resolve, reject) => {
    const request = open(post);
    let isHeard = false;
    const timer = setTimeout(() => fail(`did not answer within ${deadlineMs} ms`), deadlineMs);
    const fail = (why: string): void => {
      clearTimeout(timer);
      reject(new GateUnreachable(why));
      request.destroy();
    };
    request.on('error', (error: NodeJS.ErrnoException) => {
      const isStale = request.reusedSocket && !isHeard && ['ECONNRESET', 'EPIPE'].includes(error.code ?? '');
      if (isStale) reject(new StaleConnection());
      fail(reasonOf(error));
    });
    request.on('response', (response) => {
      isHeard = true;
      const chunks: Buffer[] = [];
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > ANSWER_BYTES_MAX) fail('answered too much');
        else chunks.push(chunk);
      });
      response.on('error', () => fail('broke off its answer'));
      response.on('close', () => {
        if (!response.complete) fail('broke off its answer');
      });
      response.on('end', () => {
        clearTimeout(timer);
        resolve({
          status: response.statusCode ?? 0,
          body: parseJson(Buffer.concat(chunks).toString('utf8')),
        });
      });
    });
    request.end(post.payload);
  });
}

function targetOf(base: string, path: string): URL {
  const target = `${base.replace(/\/+$/, '')}${path}`;
  const url = URL.canParse(target) ? new URL(target) : null;
  if (url === null || !/^https?:$/.test(url.protocol)) throw new GateUnreachable('has no valid address');
  return url;
}

function checkKey(apiKey: string): void {
  if (!/^[\x21-\x7e]+$/.test(apiKey)) {
    throw new GateUnreachable('cannot be asked: the API key has blanks or other odd characters in it');
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'refuses the connection',
  ENOTFOUND: 'has an address that does not resolve',
  ECONNRESET: 'closed the connection',
  EPIPE: 'closed the connection',
};

const reasonOf = (error: NodeJS.ErrnoException): string => REASONS[error.code ?? ''] ?? 'cannot be reached';
