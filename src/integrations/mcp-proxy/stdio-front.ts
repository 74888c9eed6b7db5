/** A client on standard input and output: one JSON message a line, until its input ends. */

import type { Readable, Writable } from 'node:stream';
import { readLines } from './lines.js';
import { errorTo, FAILURE, idAtAnEnd, MESSAGE_BYTES_MAX, readClientMessage } from './message.js';
import type { OpenServer } from './server.js';

export interface StdioFront {
  readonly input: Readable;
  readonly output: Writable;
  readonly onTrouble: (text: string) => void;
  /** Ends the session as the end of the input does. */
  readonly stop: AbortSignal;
}

/** Serves one client, and resolves when it has gone and nothing of the server is left. */
export async function serveStdio(open: OpenServer, front: StdioFront): Promise<void> {
  const { input, output, onTrouble, stop } = front;
  const write = (text: string): void => {
    if (output.writable) output.write(`${text}\n`);
  };
  const server = open({
    message: ({ text }) => write(text),
    lost: () => undefined,
    closed: onTrouble,
    trouble: onTrouble,
  });
  await new Promise<void>((resolve) => {
    stop.addEventListener('abort', () => resolve(), { once: true });
    output.on('error', () => resolve());
    readLines(input, MESSAGE_BYTES_MAX, {
      line: (line) => {
        const message = readClientMessage(line);
        if ('refused' in message) write(message.refused.text);
        else server.send(message);
      },
      tooLong: (remains) => {
        const reason = `A message may have at most ${MESSAGE_BYTES_MAX} bytes.`;
        write(errorTo(idAtAnEnd(remains), FAILURE.invalidRequest, reason).text);
      },
      end: resolve,
    });
  });
  await server.close();
}
