/** The protocol's messages, made from entries and outcomes. */

import { randomUUID } from 'node:crypto';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import status from '@eventstore/db-client/generated/status_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import { status as code, Metadata, type StatusObject } from '@grpc/grpc-js';
import any from 'google-protobuf/google/protobuf/any_pb.js';
import empties from 'google-protobuf/google/protobuf/empty_pb.js';
import { APPEND_BYTES_MAX, type Entry, NONE, type Outcome } from './log.js';

type Uuid = InstanceType<typeof shared.UUID>;
type BatchResponse = InstanceType<typeof streams.BatchAppendResp>;
type ReadResponse = InstanceType<typeof streams.ReadResp>;

const encoder = new TextEncoder();

/** A failed call, as it is emitted on it. */
export type Failure = Pick<StatusObject, 'code' | 'details' | 'metadata'>;

/** The whole answer that carries an entry to a reader, made once. */
export function entryBytes(entry: Entry): Buffer {
  entry.wire ??= Buffer.from(entryResponse(entry).serializeBinary());
  return entry.wire;
}

function entryResponse(entry: Entry): ReadResponse {
  const recorded = new streams.ReadResp.ReadEvent.RecordedEvent();
  const identifier = new shared.StreamIdentifier();
  identifier.setStreamName(encoder.encode(entry.stream));
  recorded.setId(uuid(entry.id));
  recorded.setStreamIdentifier(identifier);
  recorded.setStreamRevision(String(entry.revision));
  recorded.setCommitPosition(String(entry.position));
  recorded.setPreparePosition(String(entry.position));
  recorded
    .getMetadataMap()
    .set('type', entry.type)
    .set('content-type', entry.contentType)
    .set('created', entry.created);
  recorded.setData(entry.data);
  recorded.setCustomMetadata(entry.metadata);
  const event = new streams.ReadResp.ReadEvent();
  event.setEvent(recorded);
  event.setCommitPosition(String(entry.position));
  const response = new streams.ReadResp();
  response.setEvent(event);
  return response;
}

export function streamNotFound(name: string): Buffer {
  const identifier = new shared.StreamIdentifier();
  identifier.setStreamName(encoder.encode(name));
  const missing = new streams.ReadResp.StreamNotFound();
  missing.setStreamIdentifier(identifier);
  return response((answer) => answer.setStreamNotFound(missing));
}

export function confirmation(): Buffer {
  const confirmed = new streams.ReadResp.SubscriptionConfirmation();
  confirmed.setSubscriptionId(randomUUID());
  return response((answer) => answer.setConfirmation(confirmed));
}

export const caughtUp = (): Buffer =>
  response((answer) => answer.setCaughtUp(new streams.ReadResp.CaughtUp()));

export function checkpoint(position: number): Buffer {
  const reached = new streams.ReadResp.Checkpoint();
  reached.setCommitPosition(String(position));
  reached.setPreparePosition(String(position));
  return response((answer) => answer.setCheckpoint(reached));
}

function response(fill: (answer: ReadResponse) => void): Buffer {
  const answer = new streams.ReadResp();
  fill(answer);
  return Buffer.from(answer.serializeBinary());
}

/** The answer to one batch. Real servers send its correlation back as two halves. */
export function batchAnswer(correlation: Uuid, name: string, outcome: Outcome): BatchResponse {
  const answer = new streams.BatchAppendResp();
  const identifier = new shared.StreamIdentifier();
  identifier.setStreamName(encoder.encode(name));
  answer.setCorrelationId(halves(correlation));
  answer.setStreamIdentifier(identifier);
  if (outcome.kind === 'written') {
    const place = new shared.AllStreamPosition();
    place.setCommitPosition(String(outcome.position));
    place.setPreparePosition(String(outcome.position));
    const success = new streams.BatchAppendResp.Success();
    success.setCurrentRevision(String(outcome.revision));
    success.setPosition(place);
    answer.setSuccess(success);
  } else {
    answer.setError(refusal(outcome));
  }
  return answer;
}

export function notReadyAnswer(correlation: Uuid): BatchResponse {
  const answer = new streams.BatchAppendResp();
  answer.setCorrelationId(halves(correlation));
  const error = new status.Status();
  error.setCode(code.UNAVAILABLE as number as ReturnType<typeof error.getCode>);
  error.setMessage('Server Is Not Ready');
  const details = new any.Any();
  details.pack(new empties.Empty().serializeBinary(), 'google.protobuf.Empty');
  error.setDetails(details);
  answer.setError(error);
  return answer;
}

function refusal(outcome: Exclude<Outcome, { kind: 'written' }>): InstanceType<typeof status.Status> {
  const error = new status.Status();
  const details = new any.Any();
  const [number, name, message] = detailsOf(outcome);
  error.setCode(number as ReturnType<typeof error.getCode>);
  error.setMessage(name);
  details.pack(message, `event_store.client.${name}`);
  error.setDetails(details);
  return error;
}

function detailsOf(outcome: Exclude<Outcome, { kind: 'written' }>): [number, string, Uint8Array] {
  switch (outcome.kind) {
    case 'wrong_revision': {
      const wrong = new shared.WrongExpectedVersion();
      if (outcome.actual === NONE) wrong.setCurrentNoStream(new empties.Empty());
      else wrong.setCurrentStreamRevision(String(outcome.actual));
      return [code.UNKNOWN, 'WrongExpectedVersion', wrong.serializeBinary()];
    }
    case 'too_large': {
      const large = new shared.MaximumAppendSizeExceeded();
      large.setMaxappendsize(APPEND_BYTES_MAX);
      return [code.INVALID_ARGUMENT, 'MaximumAppendSizeExceeded', large.serializeBinary()];
    }
    case 'access_denied':
      return [code.PERMISSION_DENIED, 'AccessDenied', new shared.AccessDenied().serializeBinary()];
    case 'timeout':
      return [code.DEADLINE_EXCEEDED, 'Timeout', new shared.Timeout().serializeBinary()];
    case 'deleted':
      return [code.FAILED_PRECONDITION, 'StreamDeleted', new shared.StreamDeleted().serializeBinary()];
  }
}

export function failure(number: number, details: string, exception?: Record<string, string>): Failure {
  const metadata = new Metadata();
  for (const [name, value] of Object.entries(exception ?? {})) metadata.set(name, value);
  return { code: number, details, metadata };
}

export const accessDenied = (): Failure =>
  failure(code.PERMISSION_DENIED, 'Access Denied', { exception: 'access-denied' });

export const unauthenticated = (): Failure => failure(code.UNAUTHENTICATED, 'Unauthenticated');

export const streamDeleted = (name: string): Failure =>
  failure(code.FAILED_PRECONDITION, `Event stream '${name}' is deleted.`, {
    exception: 'stream-deleted',
    'stream-name': name,
  });

export const notReady = (): Failure => failure(code.UNAVAILABLE, 'Server Is Not Ready');

export const unavailable = (why: string): Failure => failure(code.UNAVAILABLE, why);

export const notLeader = ({ host, port }: { readonly host: string; readonly port: number }): Failure =>
  failure(code.NOT_FOUND, 'Leader info available', {
    exception: 'not-leader',
    'leader-endpoint-host': host,
    'leader-endpoint-port': String(port),
  });

export function uuid(text: string): Uuid {
  const message = new shared.UUID();
  message.setString(text);
  return message;
}

export function uuidText(message: Uuid | undefined): string {
  const structured = message?.getStructured();
  if (structured === undefined) return message?.getString() ?? '';
  const [high = '', low = ''] = [
    structured.getMostSignificantBits(),
    structured.getLeastSignificantBits(),
  ].map((half) => BigInt.asUintN(64, BigInt(half)).toString(16).padStart(16, '0'));
  const hex = high + low;
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

function halves(message: Uuid): Uuid {
  const hex = uuidText(message).replaceAll('-', '');
  const half = (digits: string): string => String(BigInt.asIntN(64, BigInt(`0x${digits}`)));
  const structured = new shared.UUID.Structured();
  structured.setMostSignificantBits(half(hex.slice(0, 16)));
  structured.setLeastSignificantBits(half(hex.slice(16)));
  const answer = new shared.UUID();
  answer.setStructured(structured);
  return answer;
}
