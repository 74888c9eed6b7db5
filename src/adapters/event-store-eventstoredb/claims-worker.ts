/** The thread of the idempotency index, so that its disk never holds up whoever decides. */

import { rmSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import type { FromIndex, ToIndex } from './claims-messages.js';
import { ClaimsTable } from './claims-table.js';
import { messageOf } from './outcome.js';

if (parentPort === null) throw new Error('the idempotency index runs as a worker thread only');
const port = parentPort;
const { path } = workerData as { readonly path: string };

/** How long a note may wait in memory; what is lost with it is read from the log again. */
const FLUSH_MS = 1_000;
let flushing: NodeJS.Timeout | null = null;

/** Answers to what came together go together: a message between threads costs more than what it carries. */
let outbox: FromIndex[] = [];
const post = (message: FromIndex): void => void outbox.push(message);
function send(): void {
  if (outbox.length > 0) port.postMessage(outbox);
  outbox = [];
}

try {
  const table = open();
  port.on('message', (messages: readonly ToIndex[]) => {
    for (const message of messages) answer(table, message);
    send();
  });
  post({ kind: 'opened' });
} catch (error) {
  post({ kind: 'refused', message: `the idempotency index ${path} cannot be opened: ${messageOf(error)}` });
}
send();

/** A file that is damaged or no index is made anew: whatever was in it can be read from the log. */
function open(): ClaimsTable {
  try {
    return new ClaimsTable(path);
  } catch (error) {
    if (!/malformed|not a database|corrupt/i.test(messageOf(error))) throw error;
    post({ kind: 'trouble', message: `the idempotency index ${path} is made anew: ${messageOf(error)}` });
    for (const suffix of ['', '-wal', '-shm']) rmSync(`${path}${suffix}`, { force: true });
    return new ClaimsTable(path);
  }
}

function answer(table: ClaimsTable, message: ToIndex): void {
  if (message.kind === 'note') {
    note(table, message);
    return;
  }
  const { call } = message;
  try {
    if (message.kind === 'check') {
      post({ kind: 'checked', call, checked: table.check(message.stream, message.events) });
      return;
    }
    if (message.kind === 'identify') identify(table, message.firstId);
    else close(table);
    post({ kind: 'done', call });
  } catch (error) {
    const advice = `the idempotency index ${path} failed: ${messageOf(error)}; it is a cache and may be removed`;
    post({ kind: 'failed', call, message: advice });
  }
}

function identify(table: ClaimsTable, firstId: string | null): void {
  if (!table.identify(firstId)) return;
  post({ kind: 'trouble', message: `the idempotency index ${path} was of another log and is made anew` });
}

function note(table: ClaimsTable, { stream, revision, events }: ToIndex & { kind: 'note' }): void {
  try {
    table.note(stream, revision, events);
    if (table.isFull) table.flush();
  } catch (error) {
    post({ kind: 'trouble', message: `the idempotency index ${path} was not written: ${messageOf(error)}` });
  }
  flushing ??= setTimeout(() => {
    flushing = null;
    flush(table);
    send();
  }, FLUSH_MS);
}

function flush(table: ClaimsTable): void {
  try {
    table.flush();
  } catch (error) {
    post({ kind: 'trouble', message: `the idempotency index ${path} was not written: ${messageOf(error)}` });
  }
}

function close(table: ClaimsTable): void {
  if (flushing !== null) clearTimeout(flushing);
  flush(table);
  table.close();
  // The answer is on its way before the port closes.
  setImmediate(() => port.close());
}
