/** Passwords hashed with argon2id on a thread of their own, and keyed with the master key. */

import { randomBytes, timingSafeEqual } from 'node:crypto';
import { Worker } from 'node:worker_threads';
import { type Passwords, PasswordsBusy } from '../../ports/passwords.port.js';
import { COST, decodeHash, encodeHash, type HashingAnswer, type HashingJob } from './argon2id.js';

/** Passwords that may wait: at most a few seconds' worth. */
const QUEUE_MAX = 16;
const SALT_BYTES = 16;

interface Waiting {
  readonly job: HashingJob;
  readonly resolve: (digest: string) => void;
  readonly reject: (error: Error) => void;
}

/** @param digest hex keyed hash of a text: what is stored is worth nothing without the master key */
export const openPasswords = (digest: (text: string) => string): Passwords => new HashingThread(digest);

class HashingThread implements Passwords {
  private thread: Worker | null = null;
  private readonly queue: Waiting[] = [];
  private isClosed = false;

  constructor(private readonly digest: (text: string) => string) {}

  async hash(password: string): Promise<string> {
    const salt = newSalt();
    return encodeHash(salt, await this.keyed({ password, salt, cost: COST }));
  }

  async verify(password: string, hash: string | null): Promise<boolean> {
    const stored = hash === null ? null : decodeHash(hash);
    const { salt, cost } = stored ?? { salt: newSalt(), cost: COST };
    const given = await this.keyed({ password, salt, cost });
    const wanted = stored?.digest ?? '0'.repeat(given.length);
    return timingSafeEqual(Buffer.from(given), Buffer.from(wanted)) && stored !== null;
  }

  async close(): Promise<void> {
    this.isClosed = true;
    await this.end(new Error('the server is stopping'));
  }

  private async keyed(job: HashingJob): Promise<string> {
    return this.digest(`password\n${await this.run(job)}`);
  }

  private run(job: HashingJob): Promise<string> {
    if (this.isClosed || this.queue.length >= QUEUE_MAX) return Promise.reject(new PasswordsBusy());
    return new Promise((resolve, reject) => {
      this.queue.push({ job, resolve, reject });
      if (this.queue.length === 1) this.handOver();
    });
  }

  /** The first in the queue is the one that the thread is at. */
  private handOver(): void {
    const [next] = this.queue;
    if (next === undefined) return;
    this.thread ??= this.startThread();
    this.thread.ref();
    this.thread.postMessage(next.job);
  }

  private startThread(): Worker {
    const thread = new Worker(new URL('./hashing-worker.js', import.meta.url), {
      resourceLimits: { maxOldGenerationSizeMb: 256 },
    });
    thread.on('message', (answer: HashingAnswer) => this.settle(answer));
    thread.once('error', (error) => void this.end(error, thread));
    thread.once('exit', () => void this.end(new Error('the hashing thread has ended'), thread));
    return thread;
  }

  private settle(answer: HashingAnswer): void {
    const done = this.queue.shift();
    // An idle thread does not keep the process alive.
    if (this.queue.length === 0) this.thread?.unref();
    if ('digest' in answer) done?.resolve(answer.digest);
    else done?.reject(new Error(answer.error));
    this.handOver();
  }

  /** Rejects all that wait; the next password starts a new thread. */
  private async end(error: Error, ended: Worker | null = this.thread): Promise<void> {
    if (ended === null || this.thread !== ended) return;
    this.thread = null;
    for (const { reject } of this.queue.splice(0)) reject(error);
    await ended.terminate();
  }
}

const newSalt = (): string => randomBytes(SALT_BYTES).toString('base64url');
