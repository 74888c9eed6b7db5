/** The connection to the server: one client at a time, replaced when it has gone silent. */

import { EventStoreDBClient } from '@eventstore/db-client';
import type { StreamsClient } from '@eventstore/db-client/generated/streams_grpc_pb.js';
import streamsGrpc from '@eventstore/db-client/generated/streams_grpc_pb.js';
import type { CallOptions, Metadata } from '@grpc/grpc-js';
import { AssertionError, assert } from '../../domain/assertions.js';
import { ConnectionStringError } from './options.js';
import { messageOf } from './outcome.js';

/** What a call on the server is: it can be cancelled, and its end is heard of. */
export interface Call {
  cancel(): void;
  on(event: string, listener: (...args: never[]) => void): unknown;
}

/**
 * The parts that the client's own operations are made of. They keep the connection, its credentials and the
 * search for the leader. The operations themselves are made here, because the client's parse and print JSON
 * anew, share their pending appends between all clients of a process, and keep no deadline on an append.
 */
interface Plumbing {
  readonly GRPCStreamCreator: <T extends Call>(
    Client: typeof StreamsClient,
    name: string,
    create: (client: StreamsClient) => T,
  ) => () => Promise<T>;
  readonly callArguments: (
    options: { readonly requiresLeader: boolean },
    call: { readonly deadline: number },
  ) => [Metadata, CallOptions];
  readonly getChannel: () => Promise<{ close(): void }>;
  readonly dispose: () => Promise<void>;
}

const PARTS = ['GRPCStreamCreator', 'callArguments', 'getChannel', 'dispose'] as const;

export class Connection {
  #client: Plumbing | null;
  #replaced = 0;

  /** Sends nothing yet. @throws ConnectionStringError when the client does not take the connection string */
  constructor(private readonly connectionString: string) {
    try {
      this.#client = clientOf(connectionString);
    } catch (cause) {
      if (cause instanceof AssertionError) throw cause;
      // The client's own words may show the connection string, unless they are about its certificate files.
      const words = /cert/i.test(messageOf(cause))
        ? messageOf(cause)
        : 'it has a part that is not understood';
      throw new ConnectionStringError(`the event store's connection string cannot be used: ${words}`);
    }
  }

  /** Clients given up so far. */
  get replaced(): number {
    return this.#replaced;
  }

  /**
   * Begins a call on the leader. It has no deadline of gRPC's: whoever begins it keeps its own, because that of
   * gRPC does not cover the search for the leader.
   */
  async call<T extends Call>(
    name: string,
    create: (client: StreamsClient, metadata: Metadata, options: CallOptions) => T,
  ): Promise<{ readonly call: T; readonly giveUp: () => void }> {
    const client = this.#current();
    const begin = client.GRPCStreamCreator(streamsGrpc.StreamsClient, name, (streams) => {
      const call = create(
        streams,
        ...client.callArguments({ requiresLeader: true }, { deadline: Number.POSITIVE_INFINITY }),
      );
      // A call may fail before its owner hears of it; without a listener that would end the process.
      call.on('error', () => undefined);
      return call;
    });
    return { call: await begin(), giveUp: () => this.#replace(client) };
  }

  /** Gives up the present client, whatever it is doing; the next call makes another. */
  giveUp(): void {
    if (this.#client !== null) this.#replace(this.#client);
  }

  #current(): Plumbing {
    this.#client ??= clientOf(this.connectionString);
    return this.#client;
  }

  #replace(client: Plumbing): void {
    if (this.#client !== client) return;
    this.#client = null;
    this.#replaced += 1;
    void end(client);
  }
}

function clientOf(connectionString: string): Plumbing {
  const client = EventStoreDBClient.connectionString(connectionString) as unknown as Plumbing;
  for (const part of PARTS) {
    assert(typeof client[part] === 'function', 'the event store client is of the version it was made for');
  }
  return client;
}

/** Cancels what the client has open, then lets go of its connection. */
async function end(client: Plumbing): Promise<void> {
  try {
    await client.dispose();
    (await client.getChannel()).close();
  } catch {
    // A client that never found a server has no connection to close.
  }
}
