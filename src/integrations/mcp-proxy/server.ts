/** What stands behind: something that takes a client's messages and sends its own. */

import type { Message, RequestId } from './message.js';

/** A server as it is seen from the client's side, whatever carries its messages. */
export interface ServerBehind {
  /** Takes one message of the client. */
  send(message: Message): void;
  /** Ends it, and resolves when nothing of it is left. */
  close(): Promise<void>;
}

/** Hears what a server sends. */
export interface ServerListener {
  message(message: Message): void;
  /** The answer to one request will not come; the reason is a sentence. */
  lost(id: RequestId, reason: string): void;
  /** Nothing more will come, to any request; the reason is a sentence. Told once. */
  closed(reason: string): void;
  /** Something went wrong that no request is waiting for. */
  trouble(text: string): void;
}

/** Starts a server that tells that listener. */
export type OpenServer = (listener: ServerListener) => ServerBehind;
