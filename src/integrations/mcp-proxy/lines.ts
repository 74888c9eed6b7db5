/** Cuts a stream of bytes into lines, none longer than a bound. */

import type { Readable } from 'node:stream';

const NEWLINE = 0x0a;
/** What is kept of each end of a line that is too long. */
const REMAINS_BYTES = 1024;

export interface LineListener {
  line(text: string): void;
  /** A line was longer than allowed: its beginning and its end are all that is known of it. */
  tooLong(remains: { readonly head: string; readonly tail: string }): void;
  end(): void;
}

/** Reads lines until the stream ends. Blank lines are left out; what follows the last newline is no line. */
export function readLines(stream: Readable, bytesMax: number, listener: LineListener): void {
  let held: Buffer[] = [];
  let heldBytes = 0;
  /** Of a line that is too long: what it began with, and the latest of it. */
  let head: Buffer | null = null;
  let tail = Buffer.alloc(0);

  const take = (part: Buffer): void => {
    if (head !== null) {
      tail = Buffer.concat([tail, part.subarray(-REMAINS_BYTES)]).subarray(-REMAINS_BYTES);
      return;
    }
    held.push(part);
    heldBytes += part.length;
    if (heldBytes <= bytesMax) return;
    const whole = Buffer.concat(held);
    head = Buffer.from(whole.subarray(0, REMAINS_BYTES));
    tail = Buffer.from(whole.subarray(-REMAINS_BYTES));
    held = [];
  };
  const finish = (): void => {
    if (head !== null) listener.tooLong({ head: head.toString('utf8'), tail: tail.toString('utf8') });
    else {
      const text = Buffer.concat(held).toString('utf8').trim();
      if (text !== '') listener.line(text);
    }
    held = [];
    heldBytes = 0;
    head = null;
  };

  stream.on('data', (chunk: Buffer) => {
    let start = 0;
    for (let at = chunk.indexOf(NEWLINE); at !== -1; at = chunk.indexOf(NEWLINE, start)) {
      take(chunk.subarray(start, at));
      finish();
      start = at + 1;
    }
    if (start < chunk.length) take(chunk.subarray(start));
  });
  stream.on('end', () => listener.end());
  stream.on('error', () => listener.end());
}
