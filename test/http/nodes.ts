/** Several servers in this process on one log, as the nodes of a cluster. */

import { randomBytes } from 'node:crypto';
import type { StartOptions } from '../../src/main.js';
import { EsdbDouble } from '../esdb-double/server.js';
import { Serving } from './serving.js';

/** Beside its connections a node of a test keeps nothing that others need. */
export class Nodes {
  private constructor(
    readonly double: EsdbDouble,
    readonly settings: Readonly<Record<string, string>>,
    readonly all: Serving[],
  ) {}

  static async start(count: number): Promise<Nodes> {
    const double = await EsdbDouble.start();
    const nodes = new Nodes(double, settingsOn(double.connectionString), []);
    for (let i = 0; i < count; i++) await nodes.join();
    return nodes;
  }

  /** One node more. */
  async join(settings: Readonly<Record<string, string>> = {}, options: StartOptions = {}): Promise<Serving> {
    const node = await Serving.start({ ...this.settings, ...settings }, options);
    this.all.push(node);
    return node;
  }

  at(index: number): Serving {
    const node = this.all[index];
    if (node === undefined) throw new Error(`there is no node ${index}`);
    return node;
  }

  async stop(): Promise<void> {
    this.double.faults.thaw();
    await Promise.all(this.all.map((node) => node.stop()));
    this.double.close();
  }
}

/** What all nodes on a store have in common. */
export const settingsOn = (connectionString: string): Record<string, string> => ({
  COUNTERSIGN_EVENT_STORE: connectionString,
  COUNTERSIGN_MASTER_KEY: randomBytes(32).toString('base64url'),
  COUNTERSIGN_ADMIN_KEY: randomBytes(32).toString('base64url'),
});
