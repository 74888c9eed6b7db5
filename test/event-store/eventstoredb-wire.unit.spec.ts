/** Events go to the server and come back byte for byte, and errors are told apart by what they say of an append. */

import streams from '@eventstore/db-client/generated/streams_pb.js';
import fc from 'fast-check';
import { failedCall, refusedAppend } from '../../src/adapters/event-store-eventstoredb/outcome.js';
import {
  propose,
  readEvent,
  safe,
  uuid,
  uuidText,
} from '../../src/adapters/event-store-eventstoredb/wire.js';
import type { Claim } from '../../src/domain/ids.js';
import { DoubleLog } from '../esdb-double/log.js';
import { batchAnswer, entryBytes } from '../esdb-double/words.js';
import { sampleBatch } from './samples.js';

/** Over the protocol's bytes to the server's log, and over its bytes back. */
function overTheWire(event: ReturnType<typeof sampleBatch>[number]): ReturnType<typeof readEvent> {
  const proposed = streams.BatchAppendReq.ProposedMessage.deserializeBinary(propose(event).serializeBinary());
  const log = new DoubleLog();
  log.append('countersign-tenant-a', -1, [
    {
      id: uuidText(proposed.getId() ?? uuid('')),
      type: String(proposed.getMetadataMap().get('type')),
      contentType: String(proposed.getMetadataMap().get('content-type')),
      data: proposed.getData_asU8(),
      metadata: proposed.getCustomMetadata_asU8(),
    },
  ]);
  const [entry] = log.all;
  if (entry === undefined) throw new Error('nothing was written');
  const read = streams.ReadResp.deserializeBinary(entryBytes(entry)).getEvent();
  if (read === undefined) throw new Error('nothing was read');
  return readEvent(read, 'countersign-');
}

describe('an event over the wire', () => {
  it('keeps every byte of its data, its metadata and its claim', () => {
    const texts = fc.string({ unit: 'binary' });
    fc.assert(
      fc.property(texts, fc.option(texts), (reason, claim) => {
        const [event] = sampleBatch({ stream: 'tenant-a', reason, claims: [claim] });
        if (event === undefined) throw new Error('no sample');
        const { stored, claim: claimBack } = overTheWire(event);
        expect(stored).toMatchObject({
          id: event.id,
          type: event.event.type,
          stream: 'tenant-a',
          revision: 0,
          data: event.dataJson,
          metadata: event.metadataJson,
        });
        expect(claimBack).toBe(claim);
      }),
    );
  });

  it.each(['', '"', '\\', '\\"', '",', '"}', 'half \ud83d', 'a\nb', '{"claim":"x"}'])(
    'finds the end of the claim %j',
    (claim) => {
      const [event] = sampleBatch({ stream: 'tenant-a', claims: [claim] });
      if (event === undefined) throw new Error('no sample');
      const read = overTheWire(event);
      expect(read.claim).toBe(claim as Claim);
      expect(read.stored.metadata).toBe(event.metadataJson);
    },
  );

  it.each(['fedcba98-7654-4321-8fed-cba987654321', '00000000-0000-4000-8000-000000000001'])(
    'has its id %s read from a text and from two signed halves',
    (id) => {
      const halves = batchAnswer(uuid(id), 'any', { kind: 'deleted' }).getCorrelationId();
      expect(halves?.hasStructured()).toBe(true);
      expect(uuidText(halves ?? uuid(''))).toBe(id);
      expect(uuidText(uuid(id))).toBe(id);
    },
  );

  it('has no position that a number cannot hold', () => {
    expect(safe('9007199254740991')).toBe(Number.MAX_SAFE_INTEGER);
    expect(() => safe('9007199254740992')).toThrow('below 2^53');
    expect(() => safe('18446744073709551615')).toThrow('below 2^53');
  });
});

describe('what an error says of an append', () => {
  it.each([
    ['MaximumAppendSizeExceeded', 3, '', 'not_written'],
    ['AccessDenied', 7, '', 'not_written'],
    ['StreamDeleted', 9, '', 'not_written'],
    ['', 14, 'Server Is Not Ready', 'not_written'],
    ['', 14, 'Server Is Busy', 'not_written'],
    ['Timeout', 4, '', 'unknown'],
    ['Unknown', 2, '', 'unknown'],
    ['', 14, 'something else', 'unknown'],
    ['SomethingNew', 0, '', 'unknown'],
  ])('answered with %s, code %i "%s": %s', (kind, code, message, outcome) => {
    expect(refusedAppend(kind, { code, message })).toMatchObject({ name: 'StoreFault', outcome });
  });

  it.each([
    [14, 0, 'unknown'],
    [1, 0, 'unknown'],
    [4, 0, 'unknown'],
    [10, 3, 'unknown'],
    [5, 3, 'unknown'],
    [7, 3, 'unknown'],
    [7, 0, 'not_written'],
    [16, 0, 'not_written'],
    [12, 0, 'not_written'],
  ])('of a call that failed with code %i after %i answers: %s', (code, answers, outcome) => {
    const error = Object.assign(new Error('it failed'), { code });
    expect(failedCall(error, answers)).toMatchObject({ outcome });
  });

  it('is unknown for an error without a code', () => {
    expect(failedCall(new Error('whatever'), 0)).toMatchObject({ outcome: 'unknown' });
  });
});
