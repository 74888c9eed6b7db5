/** Talks to the gate over HTTP with nothing but Node's own client: a hook must start fast. */

import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { parseJson } from './json.js';

const ANSWER_BYTES_MAX = 1024 * 1024;

export interface GateAddress {
  /** Base URL of the server. */
  readonly url: string;
  readonly apiKey: string;
}

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
 * Posts JSON and waits for the whole answer.
 * @param body what becomes JSON, or the JSON itself
 * @param deadlineMs how long all of it may take, in ms
 * @throws GateUnreachable when no whole answer arrives in time
 */
export function postToGate(
  address: GateAddress,
  path: string,
  body: string | object,
  deadlineMs: number,
): Promise<GateReply> {
  const url = targetOf(address.url, path);
  const payload = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body), 'utf8');
  return new Promise((resolve, reject) => {
    const send = url.protocol === 'https:' ? requestHttps : requestHttp;
    const request = send(url, {
      method: 'POST',
      agent: false,
      headers: {
        'content-type': 'application/json',
        'content-length': payload.length,
        'x-cycles-api-key': address.apiKey,
        'user-agent': 'countersign-hook',
      },
    });
    const timer = setTimeout(() => fail(`did not answer within ${deadlineMs} ms`), deadlineMs);
    const fail = (why: string): void => {
      clearTimeout(timer);
      reject(new GateUnreachable(why));
      request.destroy();
    };
    request.on('error', (error: NodeJS.ErrnoException) => fail(reasonOf(error)));
    request.on('response', (response) => {
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
    request.end(payload);
  });
}

function targetOf(base: string, path: string): URL {
  try {
    return new URL(`${base.replace(/\/+$/, '')}${path}`);
  } catch {
    throw new GateUnreachable('has no valid address');
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'refuses the connection',
  ENOTFOUND: 'has an address that does not resolve',
  ECONNRESET: 'closed the connection',
  EPIPE: 'closed the connection',
};

const reasonOf = (error: NodeJS.ErrnoException): string => REASONS[error.code ?? ''] ?? 'cannot be reached';
