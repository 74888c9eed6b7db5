/** Appending: one call carries all batches to the server, each with its own answer and its own time. */

import { randomUUID } from 'node:crypto';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import type { BatchAppendResp } from '@eventstore/db-client/generated/streams_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import type { ClientDuplexStream } from '@grpc/grpc-js';
import empties from 'google-protobuf/google/protobuf/empty_pb.js';
import timestamps from 'google-protobuf/google/protobuf/timestamp_pb.js';
import { NO_STREAM, StoreFault } from '../../ports/event-store.port.js';
import type { Connection } from './connection.js';
import { failedCall, messageOf, refusedAppend } from './outcome.js';
import { type Proposed, safe, streamIdentifier, uuid, uuidText } from './wire.js';

type Request = InstanceType<typeof streams.BatchAppendReq>;
type AppendCall = ClientDuplexStream<Request, BatchAppendResp>;

export type Appended =
  /** The position is null where the server did not say it, as it may of a batch that it knew already. */
  | { readonly kind: 'written'; readonly revision: number; readonly position: number | null }
  | { readonly kind: 'wrong_revision'; readonly actual: number };

interface Pending {
  readonly timer: NodeJS.Timeout;
  readonly resolve: (appended: Appended) => void;
  readonly reject: (fault: StoreFault) => void;
}

/** One call that carries appends, and those it has not answered. */
interface Link {
  readonly call: AppendCall;
  readonly giveUp: () => void;
  readonly pending: Map<string, Pending>;
  answers: number;
}

export class Appending {
  #link: Promise<Link> | null = null;

  constructor(
    private readonly connection: Connection,
    private readonly timeoutMs: number,
  ) {}

  /**
   * Appends to a stream by its name on the server.
   * @throws StoreFault; when the server does not answer in time the outcome is unknown, of this append and of
   * all others under way, because the connection is given up
   */
  async append(name: string, expectedRevision: number, events: Proposed[]): Promise<Appended> {
    const link = await this.#open();
    const id = randomUUID();
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.#giveUp(link), this.timeoutMs);
      link.pending.set(id, { timer, resolve, reject });
      link.call.write(this.#request(id, { name, expectedRevision, events }));
    });
  }

  #request(
    id: string,
    append: { readonly name: string; readonly expectedRevision: number; readonly events: Proposed[] },
  ): Request {
    const options = new streams.BatchAppendReq.Options();
    options.setStreamIdentifier(streamIdentifier(append.name));
    options.setDeadline(timestamps.Timestamp.fromDate(new Date(Date.now() + this.timeoutMs)));
    if (append.expectedRevision === NO_STREAM) options.setNoStream(new empties.Empty());
    else options.setStreamPosition(String(append.expectedRevision));
    const request = new streams.BatchAppendReq();
    request.setCorrelationId(uuid(id));
    request.setOptions(options);
    request.setProposedMessagesList(append.events);
    request.setIsFinal(true);
    return request;
  }

  /** The call that is open, or a new one. Nothing is sent before it is there. */
  async #open(): Promise<Link> {
    this.#link ??= this.#begin();
    const opening = this.#link;
    let timer: NodeJS.Timeout | undefined;
    try {
      const timeUp = new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(new Error('no answer in time')), this.timeoutMs);
      });
      return await Promise.race([opening, timeUp]);
    } catch (cause) {
      if (this.#link === opening) this.#link = null;
      this.connection.giveUp();
      const message = `the event store could not be reached: ${messageOf(cause)}`;
      throw new StoreFault(message, 'not_written', { cause });
    } finally {
      clearTimeout(timer);
    }
  }

  async #begin(): Promise<Link> {
    const { call, giveUp } = await this.connection.call('append', (client, metadata, options) =>
      client.batchAppend(metadata, options),
    );
    const link: Link = { call, giveUp, pending: new Map(), answers: 0 };
    call.on('data', (response: BatchAppendResp) => settle(link, response));
    call.on('error', (error) => this.#fail(link, failedCall(error, link.answers)));
    call.on('end', () => this.#fail(link, failedCall(new Error('it ended the call'), link.answers)));
    return link;
  }

  #giveUp(link: Link): void {
    this.#fail(link, new StoreFault('the event store did not answer an append in time', 'unknown'));
    link.giveUp();
  }

  #fail(link: Link, fault: StoreFault): void {
    this.#forget(link);
    const pending = [...link.pending.values()];
    link.pending.clear();
    for (const { timer, reject } of pending) {
      clearTimeout(timer);
      reject(fault);
    }
  }

  #forget(link: Link): void {
    const current = this.#link;
    void current?.then((open) => {
      if (open === link && this.#link === current) this.#link = null;
    });
  }
}

function settle(link: Link, response: BatchAppendResp): void {
  const correlation = response.getCorrelationId();
  const id = correlation === undefined ? '' : uuidText(correlation);
  const pending = link.pending.get(id);
  if (pending === undefined) return;
  link.pending.delete(id);
  link.answers += 1;
  clearTimeout(pending.timer);
  try {
    pending.resolve(appendedOf(response));
  } catch (error) {
    const fault = new StoreFault(
      `the event store's answer is not understood: ${messageOf(error)}`,
      'unknown',
    );
    pending.reject(error instanceof StoreFault ? error : fault);
  }
}

/** @throws StoreFault for what is neither written nor a wrong revision */
function appendedOf(response: BatchAppendResp): Appended {
  const success = response.getSuccess();
  if (success !== undefined) {
    const position = success.getPosition();
    return {
      kind: 'written',
      revision: safe(success.getCurrentRevision()),
      position: position === undefined ? null : safe(position.getCommitPosition()),
    };
  }
  const error = response.getError();
  const details = error?.getDetails();
  const kind = details?.getTypeName().split('.').at(-1) ?? '';
  if (kind === 'WrongExpectedVersion' && details !== undefined) {
    const wrong = shared.WrongExpectedVersion.deserializeBinary(details.getValue_asU8());
    const isEmpty = !wrong.hasCurrentStreamRevision();
    return { kind: 'wrong_revision', actual: isEmpty ? NO_STREAM : safe(wrong.getCurrentStreamRevision()) };
  }
  throw refusedAppend(kind, { code: error?.getCode() ?? -1, message: error?.getMessage() ?? '' });
}
