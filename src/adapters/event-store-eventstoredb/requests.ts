/** What is asked of the server, in its words: pages of one stream, of everything of ours, and the news. */

import shared from '@eventstore/db-client/generated/shared_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import { streamIdentifier } from './wire.js';

type Options = InstanceType<typeof streams.ReadReq.Options>;
export type ReadRequest = InstanceType<typeof streams.ReadReq>;

const FORWARDS = 0;
const BACKWARDS = 1;

const empty = (): InstanceType<typeof shared.Empty> => new shared.Empty();

/** One stream from a revision on, that one included. */
export function pageOfStream(name: string, revision: number, limit: number): ReadRequest {
  const stream = new streams.ReadReq.Options.StreamOptions();
  stream.setStreamIdentifier(streamIdentifier(name));
  stream.setRevision(String(revision));
  return ask((options) => {
    options.setStream(stream);
    options.setReadDirection(FORWARDS);
    options.setNoFilter(empty());
    options.setCount(String(limit));
  });
}

/** The last event of one stream. */
export function endOfStream(name: string): ReadRequest {
  const stream = new streams.ReadReq.Options.StreamOptions();
  stream.setStreamIdentifier(streamIdentifier(name));
  stream.setEnd(empty());
  return ask((options) => {
    options.setStream(stream);
    options.setReadDirection(BACKWARDS);
    options.setNoFilter(empty());
    options.setCount('1');
  });
}

/** Everything of ours from a position on, that one included; 0 for the beginning. */
export function pageOfAll(prefix: string, position: number, limit: number): ReadRequest {
  return ask((options) => {
    options.setAll(fromPosition(position));
    options.setReadDirection(FORWARDS);
    options.setFilter(ours(prefix));
    options.setCount(String(limit));
  });
}

/** The last event of ours. */
export function endOfAll(prefix: string): ReadRequest {
  const all = new streams.ReadReq.Options.AllOptions();
  all.setEnd(empty());
  return ask((options) => {
    options.setAll(all);
    options.setReadDirection(BACKWARDS);
    options.setFilter(ours(prefix));
    options.setCount('1');
  });
}

/** Everything of ours after a position, and then whatever is appended. */
export function newsAfter(prefix: string, position: number): ReadRequest {
  return ask((options) => {
    options.setAll(fromPosition(position));
    options.setReadDirection(FORWARDS);
    options.setFilter(ours(prefix));
    options.setSubscription(new streams.ReadReq.Options.SubscriptionOptions());
  });
}

function ask(fill: (options: Options) => void): ReadRequest {
  const uuidOption = new streams.ReadReq.Options.UUIDOption();
  uuidOption.setString(empty());
  const options = new streams.ReadReq.Options();
  options.setUuidOption(uuidOption);
  options.setResolveLinks(false);
  fill(options);
  const request = new streams.ReadReq();
  request.setOptions(options);
  return request;
}

function fromPosition(position: number): InstanceType<typeof streams.ReadReq.Options.AllOptions> {
  const all = new streams.ReadReq.Options.AllOptions();
  if (position === 0) {
    all.setStart(empty());
    return all;
  }
  const place = new streams.ReadReq.Options.Position();
  place.setCommitPosition(String(position));
  place.setPreparePosition(String(position));
  all.setPosition(place);
  return all;
}

/** Keeps the server's own streams, other programs' and our streams' metadata out. */
function ours(prefix: string): InstanceType<typeof streams.ReadReq.Options.FilterOptions> {
  const expression = new streams.ReadReq.Options.FilterOptions.Expression();
  expression.setPrefixList([prefix]);
  const filter = new streams.ReadReq.Options.FilterOptions();
  filter.setStreamIdentifier(expression);
  filter.setCount(empty());
  filter.setCheckpointintervalmultiplier(1);
  return filter;
}
