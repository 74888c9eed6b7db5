/** The writing thread: drains whatever is queued into one transaction, answers after it is durable. */

import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import type { Claim } from '../../domain/ids.js';
import { messageOf, StoreOpenError } from './failure.js';
import type { EventLog } from './log.js';
import type { Flat } from './messages.js';
import { packOutcomes, unpackAppend } from './messages.js';
import { type OpenLog, openLog, type WorkerOptions } from './opening.js';

if (parentPort === null) throw new Error('the event store worker runs as a worker thread only');
const port = parentPort;

let appends: Flat[] = [];
const reads: Flat[] = [];
let closing = false;
/** Asks again whether there is room, while appends fail. */
let asking: NodeJS.Timeout | null = null;
const ASK_MS = 500;

try {
  const opened = openLog(workerData as WorkerOptions);
  port.on('message', (message: Flat) => {
    enqueue(message);
    work(opened);
  });
  post(['opened', opened.log.position]);
} catch (error) {
  const reason = error instanceof StoreOpenError ? error.reason : 'faulty';
  post(['refused', reason, messageOf(error)]);
}

/**
 * Appends that arrive while a transaction is being made durable wait for the next one, together. Reads take
 * turns with groups, so that neither starves the other.
 */
function work(opened: OpenLog): void {
  drain();
  while (appends.length > 0 || reads.length > 0) {
    if (appends.length > 0) writeGroup(opened);
    const read = reads.shift();
    if (read !== undefined) answer(opened, read);
    drain();
  }
  if (closing) close(opened);
}

function drain(): void {
  for (let next = receiveMessageOnPort(port); next !== undefined; next = receiveMessageOnPort(port)) {
    enqueue(next.message as Flat);
  }
}

function enqueue(message: Flat): void {
  if (message[0] === 'append') appends.push(message);
  else if (message[0] === 'close') closing = true;
  else reads.push(message);
}

function writeGroup({ log }: OpenLog): void {
  const group = appends;
  appends = [];
  const outcomes = log.appendGroup(group.map(unpackAppend));
  const ids = group.map((message) => message[1] as number);
  post(packOutcomes(log.position, ids, outcomes));
  if (outcomes.some(({ kind }) => kind === 'fault')) askForRoom(log);
}

function askForRoom(log: EventLog): void {
  asking ??= setTimeout(() => {
    asking = null;
    if (log.hasRoom()) post(['writable']);
    else askForRoom(log);
  }, ASK_MS);
}

function answer({ log }: OpenLog, request: Flat): void {
  const id = request[1] ?? null;
  try {
    post(['read', id, ...read(log, request)]);
  } catch (error) {
    post(['unread', id, messageOf(error)]);
  }
}

function read(log: EventLog, [verb, , first, second, third]: Flat): Flat {
  switch (verb) {
    case 'readStream':
      return log.readStream(first as string, second as number, third as number);
    case 'readAll':
      return log.readAll(first as number, second as number);
    case 'findClaim':
      return [log.findClaim(first as string, second as Claim)];
    default:
      return [log.position];
  }
}

function close(opened: OpenLog): void {
  if (asking !== null) clearTimeout(asking);
  opened.close();
  post(['closed']);
  port.close();
}

function post(message: Flat): void {
  port.postMessage(message);
}
