/** What tests of the store on EventStoreDB find: a double, and stores on it that end with the test. */

import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { EventStoreDbOptions } from '../../src/adapters/event-store-eventstoredb/options.js';
import { openEventStoreDb } from '../../src/adapters/event-store-eventstoredb/store.js';
import type { EventStore } from '../../src/ports/event-store.port.js';
import { EsdbDouble } from '../esdb-double/server.js';
import { type TemporaryDirectory, temporaryDirectory } from './temporary-directory.js';

export class DoubleStage {
  /** No test has used it. */
  readonly stream = `tenant-${randomUUID()}`;
  /** Streams that were found truncated, each with its first revision. */
  readonly truncated: [string, number | null][] = [];
  readonly logged: string[] = [];
  readonly #stores: EventStore[] = [];
  readonly #doubles: EsdbDouble[] = [];
  #nodes = 0;

  private constructor(
    readonly double: EsdbDouble,
    private readonly directory: TemporaryDirectory,
  ) {
    this.#doubles.push(double);
  }

  static async begin(): Promise<DoubleStage> {
    return new DoubleStage(await EsdbDouble.start(), await temporaryDirectory());
  }

  /** Another server of the same cluster, on the same log. */
  async another(): Promise<EsdbDouble> {
    const double = await EsdbDouble.start({ log: this.double.log });
    this.#doubles.push(double);
    return double;
  }

  /** A node of ours, with an idempotency index of its own; it waits for nobody for long. */
  async open(options: Partial<EventStoreDbOptions> = {}): Promise<EventStore> {
    const store = await openEventStoreDb({
      connectionString: this.double.connectionString,
      insecureAllowed: false,
      indexPath: this.indexPath(this.#nodes++),
      onTruncated: (stream, firstRevision) => this.truncated.push([stream, firstRevision]),
      log: (message) => this.logged.push(message),
      appendTimeoutMs: 500,
      readTimeoutMs: 1_000,
      ...options,
    });
    this.#stores.push(store);
    return store;
  }

  indexPath(node: number): string {
    return join(this.directory.path, `claims-${node}.db`);
  }

  /** The name of the stream on the server. */
  get stored(): string {
    return `countersign-${this.stream}`;
  }

  async end(): Promise<void> {
    for (const double of this.#doubles) double.faults.thaw();
    await Promise.all(this.#stores.map((store) => store.close()));
    for (const double of this.#doubles) double.close();
    await this.directory.remove();
  }
}
