/** Our events as the server keeps them, and back, byte for byte. */

import shared from '@eventstore/db-client/generated/shared_pb.js';
import type { ReadResp } from '@eventstore/db-client/generated/streams_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import { assert } from '../../domain/assertions.js';
import type { SealedEvent } from '../../domain/hash-chain.js';
import type { Claim } from '../../domain/ids.js';
import type { StoredEvent } from '../../ports/event-store.port.js';

/** A stored event with the claim it carries, which the port does not show. */
export interface ReadEvent {
  readonly stored: StoredEvent;
  readonly claim: Claim | null;
}

export type Proposed = InstanceType<typeof streams.BatchAppendReq.ProposedMessage>;

const encoder = new TextEncoder();
/** Faster than `TextDecoder` for texts of this size. */
const textOf = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString();

/**
 * The claim travels as the metadata's first member, so that the idempotency index can be made anew from the
 * log. Canonical metadata has its members in order and begins with `actor`, so it is never mistaken for one.
 */
const CLAIM = '{"claim":';
const JSON_STRING = /"(?:[^"\\]|\\.)*"/y;

/** The event, as JSON that the server's own tools can read and as exactly the bytes that were sealed. */
export function propose({ id, event, dataJson, metadataJson, claim }: SealedEvent): Proposed {
  return proposeText({ id, type: event.type, data: dataJson, metadata: withClaim(metadataJson, claim) });
}

export function proposeText(event: {
  readonly id: string;
  readonly type: string;
  readonly data: string;
  readonly metadata: string;
}): Proposed {
  const proposed = new streams.BatchAppendReq.ProposedMessage();
  proposed.setId(uuid(event.id));
  proposed.getMetadataMap().set('type', event.type).set('content-type', 'application/json');
  proposed.setData(encoder.encode(event.data));
  proposed.setCustomMetadata(encoder.encode(event.metadata));
  return proposed;
}

/** @throws AssertionError when the server answers what is no event of ours */
export function readEvent(event: ReadResp.ReadEvent, prefix: string): ReadEvent {
  const recorded = event.getEvent();
  const id = recorded?.getId();
  const name = recorded?.getStreamIdentifier();
  assert(recorded !== undefined && id !== undefined && name !== undefined, 'an event read has its parts');
  const stream = textOf(name.getStreamName_asU8());
  assert(stream.startsWith(prefix), 'an event read is of a stream of ours');
  const { metadata, claim } = withoutClaim(textOf(recorded.getCustomMetadata_asU8()));
  const stored: StoredEvent = {
    id: uuidText(id),
    type: String(recorded.getMetadataMap().get('type')),
    stream: stream.slice(prefix.length),
    revision: safe(recorded.getStreamRevision()),
    position: safe(recorded.getCommitPosition()),
    data: textOf(recorded.getData_asU8()),
    metadata,
  };
  return { stored, claim };
}

/** A 64-bit number of the server's as one of ours. @throws AssertionError beyond 2^53 */
export function safe(text: string): number {
  const value = Number(text);
  assert(Number.isSafeInteger(value), 'a position of the event store is below 2^53');
  return value;
}

export function uuid(text: string): InstanceType<typeof shared.UUID> {
  const message = new shared.UUID();
  message.setString(text);
  return message;
}

/** The text of a UUID; some answers carry it as two signed halves. */
export function uuidText(message: InstanceType<typeof shared.UUID>): string {
  const halves = message.getStructured();
  if (halves === undefined) return message.getString();
  const hex = [halves.getMostSignificantBits(), halves.getLeastSignificantBits()]
    .map((half) => BigInt.asUintN(64, BigInt(half)).toString(16).padStart(16, '0'))
    .join('');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

export function streamIdentifier(name: string): InstanceType<typeof shared.StreamIdentifier> {
  const identifier = new shared.StreamIdentifier();
  identifier.setStreamName(encoder.encode(name));
  return identifier;
}

function withClaim(metadata: string, claim: Claim | null): string {
  assert(metadata.startsWith('{"') && !metadata.startsWith(CLAIM), 'metadata is an object without a claim');
  return claim === null ? metadata : `${CLAIM}${JSON.stringify(claim)},${metadata.slice(1)}`;
}

function withoutClaim(stored: string): { readonly metadata: string; readonly claim: Claim | null } {
  if (!stored.startsWith(CLAIM)) return { metadata: stored, claim: null };
  JSON_STRING.lastIndex = CLAIM.length;
  const [text = ''] = JSON_STRING.exec(stored) ?? [];
  assert(
    text !== '' && stored[JSON_STRING.lastIndex] === ',',
    'a stored claim is a text before other members',
  );
  return { metadata: `{${stored.slice(JSON_STRING.lastIndex + 1)}`, claim: JSON.parse(text) as Claim };
}
