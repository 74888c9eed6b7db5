/** The double's side of appending: batches on one call, single appends, and what is refused of deletion. */

import shared from '@eventstore/db-client/generated/shared_pb.js';
import type { DeleteReq, TombstoneReq } from '@eventstore/db-client/generated/streams_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import type { ServerDuplexStream, ServerReadableStream, ServerUnaryCall, sendUnaryData } from '@grpc/grpc-js';
import type { Faults } from './faults.js';
import type { DoubleLog, Expected, Outcome, Proposal } from './log.js';
import {
  accessDenied,
  batchAnswer,
  failure,
  notLeader,
  notReady,
  notReadyAnswer,
  unauthenticated,
  unavailable,
  uuidText,
} from './words.js';

type BatchRequest = InstanceType<typeof streams.BatchAppendReq>;
type BatchResponse = InstanceType<typeof streams.BatchAppendResp>;
type BatchOptions = InstanceType<typeof streams.BatchAppendReq.Options>;
export type BatchCall = ServerDuplexStream<BatchRequest, BatchResponse>;
type AppendRequest = InstanceType<typeof streams.AppendReq>;
type AppendResponse = InstanceType<typeof streams.AppendResp>;
type AppendOptions = InstanceType<typeof streams.AppendReq.Options>;

/** A batch as far as it has arrived. */
interface Gathering {
  readonly options: BatchOptions;
  readonly proposals: Proposal[];
}

export class Appends {
  count = 0;

  constructor(
    private readonly log: DoubleLog,
    private readonly faults: Faults,
  ) {}

  readonly batchAppend = (call: BatchCall): void => {
    const gatherings = new Map<string, Gathering>();
    if (!this.faults.admits(call.metadata)) {
      call.emit('error', unauthenticated());
      return;
    }
    call.on('data', (request: BatchRequest) => {
      const id = uuidText(request.getCorrelationId());
      const options = request.getOptions();
      if (options !== undefined) gatherings.set(id, { options, proposals: [] });
      const gathering = gatherings.get(id);
      if (gathering === undefined) return;
      gathering.proposals.push(...request.getProposedMessagesList().map(proposalOf));
      if (!request.getIsFinal()) return;
      gatherings.delete(id);
      if (this.faults.isCalm) this.#settle(call, request, gathering);
      else void this.faults.pass().then(() => this.#settle(call, request, gathering));
    });
    call.on('error', () => undefined);
    call.on('end', () => call.end());
  };

  readonly append = (
    call: ServerReadableStream<AppendRequest, AppendResponse>,
    answer: sendUnaryData<AppendResponse>,
  ): void => {
    let options: AppendOptions | undefined;
    const proposals: Proposal[] = [];
    call.on('data', (request: AppendRequest) => {
      options ??= request.getOptions();
      const message = request.getProposedMessage();
      if (message !== undefined) proposals.push(proposalOf(message));
    });
    call.on('end', () => {
      void this.faults.pass().then(() => {
        if (options === undefined) return answer(failure(3, 'no options'));
        if (this.faults.isNotReady) return answer(notReady());
        if (this.faults.leader !== null) return answer(notLeader(this.faults.leader));
        this.count += 1;
        const outcome = this.log.append(
          nameOf(options.getStreamIdentifier()),
          expectedOf(options),
          proposals,
        );
        if (this.faults.takes('answersLost')) return;
        if (this.faults.takes('dropsAfterCommit')) return answer(unavailable('the connection was dropped'));
        answerSingle(outcome, answer);
      });
    });
  };

  readonly delete = (
    { request }: ServerUnaryCall<DeleteReq, InstanceType<typeof streams.DeleteResp>>,
    answer: sendUnaryData<InstanceType<typeof streams.DeleteResp>>,
  ): void => {
    const name = nameOf(request.getOptions()?.getStreamIdentifier());
    if (this.log.delete(name, false) === 'access_denied') answer(accessDenied());
    else answer(null, new streams.DeleteResp());
  };

  readonly tombstone = (
    { request }: ServerUnaryCall<TombstoneReq, InstanceType<typeof streams.TombstoneResp>>,
    answer: sendUnaryData<InstanceType<typeof streams.TombstoneResp>>,
  ): void => {
    const name = nameOf(request.getOptions()?.getStreamIdentifier());
    if (this.log.delete(name, true) === 'access_denied') answer(accessDenied());
    else answer(null, new streams.TombstoneResp());
  };

  #settle(call: BatchCall, request: BatchRequest, { options, proposals }: Gathering): void {
    const correlation = request.getCorrelationId();
    if (correlation === undefined) return;
    if (this.faults.leader !== null) {
      call.emit('error', notLeader(this.faults.leader));
      return;
    }
    if (this.faults.isNotReady) {
      send(call, notReadyAnswer(correlation));
      return;
    }
    const name = nameOf(options.getStreamIdentifier());
    const outcome: Outcome = isExpired(options)
      ? { kind: 'timeout' }
      : this.log.append(name, expectedOf(options), proposals);
    this.count += 1;
    if (this.faults.takes('answersLost')) return;
    if (this.faults.takes('dropsAfterCommit')) call.emit('error', unavailable('the connection was dropped'));
    else send(call, batchAnswer(correlation, name, outcome));
  }
}

function send(call: BatchCall, answer: BatchResponse): void {
  if (!call.cancelled && !call.destroyed) call.write(answer);
}

/** Deadlines are points in time, so a batch that waited in a stopped process may be too late. */
function isExpired(options: BatchOptions): boolean {
  const deadline = options.getDeadline();
  return deadline !== undefined && deadline.toDate().getTime() < Date.now();
}

function proposalOf(
  message: InstanceType<
    typeof streams.BatchAppendReq.ProposedMessage | typeof streams.AppendReq.ProposedMessage
  >,
): Proposal {
  const words = message.getMetadataMap();
  return {
    id: uuidText(message.getId()),
    type: String(words.get('type')),
    contentType: String(words.get('content-type')),
    data: message.getData_asU8(),
    metadata: message.getCustomMetadata_asU8(),
  };
}

function expectedOf(options: BatchOptions | AppendOptions): Expected {
  if (options.hasNoStream()) return -1;
  if (options.hasAny()) return 'any';
  if (options.hasStreamExists()) return 'stream_exists';
  return Number('getStreamPosition' in options ? options.getStreamPosition() : options.getRevision());
}

export function nameOf(identifier: InstanceType<typeof shared.StreamIdentifier> | undefined): string {
  return identifier === undefined ? '' : Buffer.from(identifier.getStreamName_asU8()).toString();
}

function answerSingle(outcome: Outcome, answer: sendUnaryData<AppendResponse>): void {
  const response = new streams.AppendResp();
  if (outcome.kind === 'written') {
    const place = new streams.AppendResp.Position();
    place.setCommitPosition(String(outcome.position));
    place.setPreparePosition(String(outcome.position));
    const success = new streams.AppendResp.Success();
    success.setCurrentRevision(String(outcome.revision));
    success.setPosition(place);
    response.setSuccess(success);
    answer(null, response);
  } else if (outcome.kind === 'wrong_revision') {
    const wrong = new streams.AppendResp.WrongExpectedVersion();
    if (outcome.actual < 0) wrong.setCurrentNoStream(new shared.Empty());
    else wrong.setCurrentRevision(String(outcome.actual));
    response.setWrongExpectedVersion(wrong);
    answer(null, response);
  } else if (outcome.kind === 'access_denied') answer(accessDenied());
  else answer(failure(3, outcome.kind, { exception: outcome.kind.replaceAll('_', '-') }));
}
