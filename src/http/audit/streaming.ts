/** Long answers, written as they are made: constant in memory, and at most a few at a time. */

import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { HttpFailure } from '../failure.js';
import { printExact } from '../json.js';
import { announceRetry } from '../reply.js';

/** Long answers under way at most: each reads far back, while others wait to be decided. */
const AT_ONCE_MAX = 4;
const RETRY_MS = 2_000;
const CHUNK_LENGTH = 16_384;

/** Long answers that are under way in this process. */
let underWay = 0;

/**
 * Sends texts as one answer. The first one is made before anything is sent, so that what cannot even begin is
 * answered with its error; what fails later cuts the connection, which no client takes for the end.
 * @param chunkLength characters gathered before they are handed on; 1 hands on each text at once
 * @throws HttpFailure 429 when too many are under way
 */
export async function sendLong(
  reply: FastifyReply,
  texts: AsyncIterable<string>,
  type = 'application/json; charset=utf-8',
  chunkLength = CHUNK_LENGTH,
): Promise<void> {
  if (underWay >= AT_ONCE_MAX) {
    announceRetry(reply, RETRY_MS);
    throw new HttpFailure(429, 'LIMIT_EXCEEDED', 'Too many long reads are under way; try again shortly.');
  }
  underWay += 1;
  let isOver = false;
  const leave = (): void => {
    if (!isOver) underWay -= 1;
    isOver = true;
  };
  try {
    const chunks = inChunks(texts, chunkLength);
    const first = await chunks.next();
    const body = Readable.from(rejoined(first, chunks));
    body.once('close', leave);
    reply.code(200).type(type).send(body);
  } catch (error) {
    leave();
    throw error;
  }
}

async function* inChunks(
  texts: AsyncIterable<string>,
  chunkLength: number,
): AsyncGenerator<string, undefined> {
  let chunk = '';
  for await (const text of texts) {
    chunk += text;
    if (chunk.length < chunkLength) continue;
    yield chunk;
    chunk = '';
  }
  if (chunk !== '') yield chunk;
  return undefined;
}

async function* rejoined(
  first: IteratorResult<string, undefined>,
  rest: AsyncGenerator<string, undefined>,
): AsyncGenerator<string> {
  if (first.done) return;
  yield first.value;
  yield* rest;
}

/** A list as JSON, element by element. */
export async function* jsonList(elements: AsyncIterable<object> | Iterable<object>): AsyncGenerator<string> {
  yield '[';
  let isFirst = true;
  for await (const element of elements) {
    yield `${isFirst ? '' : ','}${printExact(element)}`;
    isFirst = false;
  }
  yield ']';
}
