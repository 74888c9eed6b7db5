/** A few worker threads that assess long calls, each stopped and replaced when it takes too long. */

import { Worker } from 'node:worker_threads';
import type { Proposal } from '../../domain/assessment.js';
import type { RiskProfile } from '../../risk/index.js';
import type { Answered, Asked } from './messages.js';
import { opaqueCall } from './opaque.js';
import { type Compiled, Sent } from './registries.js';

export interface PoolOptions {
  readonly profile: RiskProfile;
  readonly deadlineMs: number;
  readonly workers: number;
  readonly queueMax: number;
}

interface Job {
  readonly proposal: Proposal;
  readonly by: Compiled;
  readonly settle: (answered: Answered) => void;
}

/** One seat for a worker. It has a thread from the first job on, and a new one after a deadline. */
interface Seat {
  thread: Worker | null;
  /** What its thread has been sent of the registries. */
  sent: Sent;
  ready: boolean;
  job: Job | null;
  deadline: NodeJS.Timeout | null;
}

export class WorkerPool {
  private readonly seats: Seat[];
  private readonly queue: Job[] = [];
  private closed = false;

  constructor(private readonly options: PoolOptions) {
    this.seats = Array.from({ length: options.workers }, () => ({
      thread: null,
      sent: new Sent(),
      ready: false,
      job: null,
      deadline: null,
    }));
  }

  /** Resolves always; never rejects. */
  assess(proposal: Proposal, by: Compiled): Promise<Answered> {
    if (this.closed || this.queue.length >= this.options.queueMax) {
      return Promise.resolve(opaqueCall(proposal, 'Too many long calls are waiting to be examined'));
    }
    return new Promise((settle) => {
      this.queue.push({ proposal, by, settle });
      this.seatNext();
    });
  }

  async close(): Promise<void> {
    this.closed = true;
    for (const job of this.queue.splice(0)) job.settle(opaqueCall(job.proposal, 'The server is stopping'));
    await Promise.all(this.seats.map((seat) => this.vacate(seat, 'The server is stopping')));
  }

  private seatNext(): void {
    for (const seat of this.seats) {
      if (seat.job !== null) continue;
      const job = this.queue.shift();
      if (job === undefined) return;
      seat.job = job;
      seat.thread ??= this.startThread(seat);
      if (seat.ready) this.handOver(seat);
    }
  }

  private startThread(seat: Seat): Worker {
    const { profile } = this.options;
    seat.sent = new Sent();
    const thread = new Worker(new URL('./assessing-worker.js', import.meta.url), {
      workerData: { profile },
      resourceLimits: { maxOldGenerationSizeMb: 256 },
    });
    thread.unref();
    thread.once('error', () => this.replace(seat, thread, 'The call could not be examined'));
    thread.once('exit', () => this.replace(seat, thread, 'The call could not be examined'));
    thread.on('message', (message: 'ready' | Answered) => {
      if (seat.thread !== thread) return;
      if (message === 'ready') {
        seat.ready = true;
        this.handOver(seat);
      } else this.finish(seat, message);
    });
    return thread;
  }

  private handOver(seat: Seat): void {
    const { job, thread } = seat;
    if (job === null || thread === null) return;
    const tooLong = (): void => this.replace(seat, thread, 'The call took too long to examine');
    seat.deadline = setTimeout(tooLong, this.options.deadlineMs);
    const asked: Asked = { proposal: job.proposal, by: seat.sent.message(job.by) };
    thread.postMessage(asked);
  }

  private finish(seat: Seat, answered: Answered): void {
    const { job } = seat;
    if (seat.deadline !== null) clearTimeout(seat.deadline);
    seat.job = null;
    seat.deadline = null;
    job?.settle(answered);
    if (!this.closed) this.seatNext();
  }

  private replace(seat: Seat, thread: Worker, why: string): void {
    if (seat.thread === thread) void this.vacate(seat, why);
  }

  private async vacate(seat: Seat, why: string): Promise<void> {
    const { thread, job } = seat;
    seat.thread = null;
    seat.ready = false;
    if (job !== null) this.finish(seat, opaqueCall(job.proposal, why));
    await thread?.terminate();
  }
}
