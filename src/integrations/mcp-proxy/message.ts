/** JSON-RPC messages as the proxy carries them: the text that goes on, and what it says. */

import { LosslessNumber, parse, stringify } from 'lossless-json';
import { isRecord, type JsonRecord, parseJson, recordOf } from '../json.js';
import { isAlmostToolCall, misspeltInMessage } from './spelling.js';

/** No message may be longer, in bytes, on either side. */
export const MESSAGE_BYTES_MAX = 4 * 1024 * 1024;

/** What JSON-RPC names a request by. */
export type RequestId = string | number;

export interface Message {
  /** One line, without its end. */
  readonly text: string;
  /** The same, parsed. */
  readonly body: JsonRecord;
  /** Whether a number in it is beyond what JSON readers keep exactly. */
  readonly isInexact?: boolean;
}

/** What JSON-RPC and MCP call the failures that the proxy itself answers with. */
export const FAILURE = {
  parse: -32700,
  invalidRequest: -32600,
  methodNotFound: -32601,
  invalidParams: -32602,
  /** The server behind is gone, or could not be reached. */
  serverGone: -32000,
} as const;

export const messageOf = (body: JsonRecord): Message => ({ text: JSON.stringify(body), body });

/** A server's message, whose text goes on as it is; null when it is none. */
export function readServerMessage(text: string): Message | null {
  const body = parseJson(text);
  return isRecord(body) ? { text, body } : null;
}

/**
 * A client's message in the one form in which the gate and the server behind read the same: a key that stands
 * twice could be read one way here and another way there, so it is not taken, and what goes on is written anew,
 * with every digit of its numbers. Nor are names taken that only a lenient reader understands.
 * @returns the message, or the JSON-RPC error that it deserves
 */
export function readClientMessage(line: string): Message | { readonly refused: Message } {
  let isInexact = false;
  let text: string | undefined;
  try {
    const value = parse(line, null, (digits) => {
      if (!isExact(digits)) isInexact = true;
      return new LosslessNumber(digits);
    });
    text = stringify(value);
  } catch {
    text = undefined;
  }
  const body = text === undefined ? undefined : parseJson(text);
  if (text === undefined || body === undefined) {
    const read = parseJson(line);
    const id = isRecord(read) ? requestIdOf(read) : null;
    return { refused: errorTo(id, FAILURE.parse, 'This is no JSON, or a key stands in it twice.') };
  }
  if (Array.isArray(body)) {
    return { refused: errorTo(null, FAILURE.invalidRequest, 'Batches are not taken: send each call alone.') };
  }
  if (!isRecord(body)) {
    return { refused: errorTo(null, FAILURE.invalidRequest, 'A message is a JSON object.') };
  }
  const odd = isAlmostToolCall(body['method']) ? 'method' : misspeltInMessage(body);
  if (odd !== undefined) {
    const reason = `${JSON.stringify(odd)} is not spelled as the protocol does, so nothing is passed on.`;
    return { refused: errorTo(idOf(body), FAILURE.invalidRequest, reason) };
  }
  return { text, body, isInexact };
}

/** Integers beyond 2^53 lose digits in most readers, and what is beyond every float becomes null. */
function isExact(digits: string): boolean {
  const value = Number(digits);
  return Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value));
}

/** The id of a message that is too long to be read, where its first or its last member is the id. */
export function idAtAnEnd({
  head,
  tail,
}: {
  readonly head: string;
  readonly tail: string;
}): RequestId | null {
  const id = '"id":(-?\\d+|"(?:[^"\\\\]|\\\\.)*")';
  const first = new RegExp(`^\\{(?:"jsonrpc":"2\\.0",)?${id},`).exec(head);
  const last = new RegExp(`[}\\]],(?:"jsonrpc":"2\\.0",)?${id}\\}$`).exec(tail.trimEnd());
  const found = first?.[1] ?? last?.[1];
  return found === undefined ? null : (JSON.parse(found) as RequestId);
}

const isId = (value: unknown): value is RequestId => typeof value === 'string' || typeof value === 'number';

export const idOf = (body: JsonRecord): RequestId | null => (isId(body['id']) ? body['id'] : null);

export const methodOf = (body: JsonRecord): string | null =>
  typeof body['method'] === 'string' ? body['method'] : null;

/** The id, when it asks for something that is owed an answer; null otherwise. */
export const requestIdOf = (body: JsonRecord): RequestId | null =>
  methodOf(body) === null ? null : idOf(body);

/** The id, when it answers something; null otherwise. */
export const answeredIdOf = (body: JsonRecord): RequestId | null =>
  methodOf(body) === null ? idOf(body) : null;

/** The message with another id, or with some parameters changed, and every digit of its numbers as it was. */
export function rewritten(
  message: Message,
  changes: { readonly id?: RequestId; readonly params?: JsonRecord },
): Message {
  const value = parse(message.text) as JsonRecord;
  const { id, params } = changes;
  const text = stringify({
    ...value,
    ...(id !== undefined && { id }),
    ...(params !== undefined && { params: { ...recordOf(value, 'params'), ...params } }),
  });
  const body = text === undefined ? undefined : parseJson(text);
  if (text === undefined || !isRecord(body)) throw new TypeError('a message stays a message');
  return { ...message, text, body };
}

export const errorTo = (id: RequestId | null, code: number, message: string): Message =>
  messageOf({ jsonrpc: '2.0', id, error: { code, message } });

export const resultTo = (id: RequestId, result: JsonRecord): Message =>
  messageOf({ jsonrpc: '2.0', id, result });
