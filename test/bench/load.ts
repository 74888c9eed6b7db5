/** The load: a process of its own that sends what it is told to, and reports. */

import { type Answer, exchangeAll } from './connection.js';
import { type Operation, requestMaker } from './requests.js';
import { quantileOf } from './statistics.js';

export interface Job {
  readonly operation: Operation;
  readonly port: number;
  readonly apiKey: string;
  readonly connections: number;
  /** When to stop sending, in s. A commit also stops when there is nothing left to commit. */
  readonly seconds: number;
}

export interface JobReport {
  /** Answers with status 200. */
  readonly requests: number;
  /** Answers with any other status. */
  readonly failures: number;
  /** One of the failed answers, for the person who wonders. */
  readonly firstFailure: string | null;
  /** From the first request to the last answer, in s. */
  readonly seconds: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** What the last reserve job was granted, for the commit job after it. */
let reservationIds: string[] = [];

async function run(job: Job): Promise<JobReport> {
  const { operation, connections } = job;
  const maker = requestMaker(operation, job);
  const open = reservationIds;
  const granted: string[] = [];
  const latencies: number[] = [];
  const failed: Answer[] = [];
  const startedAt = performance.now();
  const endsAt = startedAt + job.seconds * 1_000;
  const exchange = {
    next(): string | null {
      if (performance.now() >= endsAt) return null;
      const reservationId = operation === 'commit' ? open.pop() : '';
      return reservationId === undefined ? null : maker.next(reservationId);
    },
    answered(answer: Answer): void {
      const reservationId = operation === 'reserve' ? idIn(answer.body) : null;
      if (answer.status !== 200 || reservationId === '') {
        failed.push(answer);
        return;
      }
      latencies.push(answer.latencyMs);
      if (reservationId !== null) granted.push(reservationId);
    },
  };
  await Promise.all(Array.from({ length: connections }, () => exchangeAll(job.port, exchange)));
  const seconds = (performance.now() - startedAt) / 1_000;
  if (operation === 'reserve') reservationIds = granted;
  const [first] = failed;
  return {
    requests: latencies.length,
    failures: failed.length,
    firstFailure: first === undefined ? null : `${first.status} ${first.body}`,
    seconds,
    p50Ms: quantileOf(latencies, 0.5),
    p99Ms: quantileOf(latencies, 0.99),
  };
}

/** The reservation's id, found without parsing the whole answer; empty when there is none. */
function idIn(body: string): string {
  const label = '"reservation_id":"';
  const at = body.indexOf(label);
  return at < 0 ? '' : body.slice(at + label.length, body.indexOf('"', at + label.length));
}

process.on('disconnect', () => process.exit(0));
process.on('message', (job: Job) => {
  run(job).then(
    (report) => process.send?.({ report }),
    (error: unknown) => process.send?.({ error: String(error) }),
  );
});
