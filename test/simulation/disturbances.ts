/** What befalls the simulated world: nights, crashes, restarts, freezes, clocks that are set, lost connections, weather. */

import type { Cluster, Node } from './cluster.js';
import type { Random } from './random.js';
import { FAIR, ROUGH, STORM } from './simulated-store.js';
import type { VirtualTime } from './virtual-time.js';

const SECOND_MS = 1000;
export const MINUTE_MS = 60_000;

/** How likely a night of so many minutes is; the longest outlast a day. */
const NIGHTS = { 1: 8, 3: 6, 10: 5, 780: 1, 1500: 1 };

export interface Stage {
  readonly time: VirtualTime;
  readonly random: Random;
  readonly cluster: Cluster;
  note(line: string): void;
}

export class Disturbances {
  crashes = 0;
  private nightEndsMs = 0;

  constructor(private readonly stage: Stage) {}

  /** How long nobody asks for anything, in ms. */
  get nightLeftMs(): number {
    return this.nightEndsMs - this.stage.time.now();
  }

  /** Lets something happen now and then. */
  maybe(): void {
    const { random, cluster } = this.stage;
    if (random.chance(0.003)) this.fallAsleep();
    if (random.chance(0.004)) this.crash(this.anyNode());
    if (random.chance(0.002)) this.restart(this.anyNode());
    if (random.chance(0.002)) this.freeze(this.anyNode());
    if (random.chance(0.002)) cluster.setClock(this.anyNode());
    if (random.chance(0.002)) this.cutOff(this.anyNode());
    if (random.chance(0.01)) cluster.setWeather(random.chance(0.5) ? FAIR : ROUGH);
    if (random.chance(0.002)) this.storm();
  }

  private anyNode(): Node {
    const { random, cluster } = this.stage;
    return random.pick(cluster.nodes);
  }

  private fallAsleep(): void {
    const { time, random, note } = this.stage;
    const minutes = random.weighted(NIGHTS);
    this.nightEndsMs = time.now() + Number(minutes) * MINUTE_MS;
    note(`-- a night of ${minutes} minutes`);
  }

  private crash(node: Node): void {
    const { random, cluster, note } = this.stage;
    const losesDisk = random.chance(0.1);
    this.crashes += 1;
    cluster.crash(node, losesDisk);
    note(`-- ${node.name} crashed${losesDisk ? ' and lost its disk' : ''}`);
  }

  private restart(node: Node): void {
    const { cluster, note } = this.stage;
    note(`-- ${node.name} drains`);
    void cluster.restart(node);
  }

  private freeze(node: Node): void {
    const { random, note } = this.stage;
    const forMs = random.pick([SECOND_MS, 10 * SECOND_MS, MINUTE_MS]);
    node.clock.freeze(forMs);
    note(`-- ${node.name} freezes for ${forMs} ms`);
  }

  private cutOff(node: Node): void {
    const { random, note } = this.stage;
    const forMs = random.int(500, 20 * SECOND_MS);
    node.store.loseFor(forMs);
    note(`-- ${node.name} loses the store for ${forMs} ms`);
  }

  private storm(): void {
    const { time, random, cluster } = this.stage;
    cluster.setWeather(STORM);
    time.after(random.int(200, 4000), () => cluster.setWeather(ROUGH));
  }
}
