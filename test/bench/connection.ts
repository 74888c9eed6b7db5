/** One keep-alive HTTP/1.1 connection that sends the next request as soon as the last one is answered. */

import { connect, type Socket } from 'node:net';

export interface Answer {
  readonly status: number;
  readonly body: string;
  /** From the request's first byte sent to the answer's last byte read, in ms. */
  readonly latencyMs: number;
}

export interface Exchange {
  /** The next request, or null when there is none. */
  next(): string | null;
  answered(answer: Answer): void;
}

const END_OF_HEAD = '\r\n\r\n';
const CONTENT_LENGTH = /content-length: *(\d+)/i;
/** Place of the status in `HTTP/1.1 200 OK`. */
const STATUS_AT = 9;

/**
 * Sends requests one after the other until there are no more.
 * It reads just enough of HTTP for servers that state the length of their answers: a full client would need
 * more CPU than the servers it measures.
 * @throws Error when the connection fails or ends while an answer is due
 */
export function exchangeAll(port: number, exchange: Exchange): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    let received = '';
    let sentAt = 0;
    let isDone = false;
    const send = (): void => {
      const request = exchange.next();
      if (request === null) {
        isDone = true;
        socket.end();
        resolve();
        return;
      }
      sentAt = performance.now();
      socket.write(request, 'latin1');
    };
    socket.setEncoding('latin1');
    socket.on('connect', send);
    socket.on('data', (chunk) => {
      received += String(chunk);
      const answer = answerIn(received, sentAt);
      if (answer === null) return;
      received = '';
      exchange.answered(answer);
      send();
    });
    failWith(socket, (error) => {
      if (!isDone) reject(error);
    });
  });
}

function failWith(socket: Socket, fail: (error: Error) => void): void {
  socket.on('error', fail);
  socket.on('close', () => fail(new Error('the server closed a connection')));
}

/** The answer, once all of it is there. */
function answerIn(received: string, sentAt: number): Answer | null {
  const headLength = received.indexOf(END_OF_HEAD);
  if (headLength < 0) return null;
  const head = received.slice(0, headLength);
  const bodyLength = Number(CONTENT_LENGTH.exec(head)?.[1]);
  if (Number.isNaN(bodyLength)) throw new Error('an answer does not state its length');
  const bodyAt = headLength + END_OF_HEAD.length;
  if (received.length < bodyAt + bodyLength) return null;
  return {
    status: Number(head.slice(STATUS_AT, STATUS_AT + 3)),
    body: received.slice(bodyAt),
    latencyMs: performance.now() - sentAt,
  };
}
