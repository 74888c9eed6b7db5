/** The nodes of the simulated world: processes that come and go on disks that stay, all on one log. */

import { createEventCodec } from '../../src/adapters/event-codec/codec.js';
import type { EventCodec } from '../../src/ports/event-codec.port.js';
import type { WriterLimits } from '../../src/writer/limits.js';
import { createWriters, type Writers } from '../../src/writer/writers.js';
import type { Random } from './random.js';
import type { SimulatedLog } from './simulated-log.js';
import { NodePeople } from './simulated-people.js';
import { DiskSnapshots, LogFolder, SequentialIds } from './simulated-ports.js';
import { LaggingReadModels } from './simulated-read-models.js';
import { FAIR, SimulatedStore, type Weather } from './simulated-store.js';
import { NodeClock, type VirtualTime } from './virtual-time.js';

/** Small enough that a short run meets every bound. */
const LIMITS: Partial<WriterLimits> = {
  queueMax: 5,
  batchEventsMax: 20,
  recentMax: 12,
  floodsMax: 4,
  snapshotEvery: 100,
  loadPage: 50,
  idleMs: 400_000,
  sweepMaxMs: 120_000,
  tenantsMax: 2,
  unsettledMaxMs: 1500,
  drainMaxMs: 3000,
};
/** How far a node's clock may be from the world's, in ms; beyond that a node takes no changes. */
const SKEW_MAX_MS = 5000;
/** How late a node's read models may be, in ms. */
const LAGS_MS = [0, 20, 300, 3000];

const SILENT = { warn: () => undefined, error: () => undefined };

/** What outlives a process. */
interface Disk {
  readonly snapshots: DiskSnapshots;
  readonly readModels: LaggingReadModels;
}

/** A process. */
export interface Node {
  readonly name: string;
  readonly clock: NodeClock;
  readonly store: SimulatedStore;
  readonly writers: Writers;
  readonly people: NodePeople;
}

interface Place {
  disk: Disk;
  node: Node;
}

export interface ClusterOptions {
  readonly log: SimulatedLog;
  readonly codec: EventCodec;
  readonly time: VirtualTime;
  readonly random: Random;
  /** One node has the log to itself, as with the embedded store; several share it. */
  readonly size: number;
}

export class Cluster {
  private readonly places: Place[] = [];
  private weather: Weather = FAIR;
  private started = 0;
  private readonly folder: LogFolder;

  constructor(private readonly options: ClusterOptions) {
    this.folder = new LogFolder(options.log, options.codec);
    for (let i = 0; i < options.size; i++) {
      const disk = this.newDisk();
      this.places.push({ disk, node: this.start(disk) });
    }
  }

  get nodes(): Node[] {
    return this.places.map(({ node }) => node);
  }

  /** Any node, but not the one that was asked just now, if there is another. */
  pickOther(last: Node | null): Node {
    const { random } = this.options;
    const others = this.nodes.filter((node) => node !== last);
    return random.pick(others.length === 0 ? this.nodes : others);
  }

  setWeather(weather: Weather): void {
    this.weather = weather;
    for (const { node } of this.places) node.store.weather = weather;
  }

  /** A process dies in the middle of whatever it does, and another takes its place; now and then its disk is lost. */
  crash(node: Node, losesDisk: boolean): void {
    node.clock.isDead = true;
    const place = this.placeOf(node);
    if (place === undefined) return;
    if (losesDisk) place.disk = this.newDisk();
    place.node = this.start(place.disk);
  }

  /** A process is shut down in order. With others on the log its successor already takes requests. */
  async restart(node: Node): Promise<void> {
    const place = this.placeOf(node);
    if (place === undefined) return;
    if (this.isShared) place.node = this.start(place.disk);
    await Promise.all([node.writers.drain(), node.people.drain()]);
    node.clock.isDead = true;
    if (place.node === node) place.node = this.start(place.disk);
  }

  /** A process that nobody sends requests to, on the disk of another or on one of its own. */
  onlooker(disk: Disk = this.newDisk()): Node {
    return this.start(disk, createEventCodec());
  }

  get disks(): Disk[] {
    return this.places.map(({ disk }) => disk);
  }

  private newDisk(): Disk {
    const { log, time, random } = this.options;
    return {
      snapshots: new DiskSnapshots(this.folder),
      readModels: new LaggingReadModels(log, time, random.pick(LAGS_MS)),
    };
  }

  /** Sets the clock of a node, as a time service does. */
  setClock({ clock }: Node): void {
    clock.set(this.anySkewMs());
  }

  private anySkewMs(): number {
    return this.options.random.int(-SKEW_MAX_MS, SKEW_MAX_MS);
  }

  private get isShared(): boolean {
    return this.options.size > 1;
  }

  private placeOf(node: Node): Place | undefined {
    return this.places.find((place) => place.node === node);
  }

  private start({ snapshots, readModels }: Disk, codec = this.options.codec): Node {
    const { log, time, random } = this.options;
    const name = `n${++this.started}`;
    const clock = new NodeClock(time, this.anySkewMs());
    const store = new SimulatedStore({ log, time, node: clock, random, isEmbedded: !this.isShared });
    store.weather = this.weather;
    const ports = readModels.portsOf(clock, (): number => writers.lastPosition);
    const shared = {
      store,
      codec,
      clock,
      ids: new SequentialIds(`${name}-`),
      random: () => random.next(),
      isShared: this.isShared,
    };
    const writers: Writers = createWriters({
      ...shared,
      snapshots,
      dueTimes: ports,
      history: ports,
      limits: LIMITS,
    });
    return { name, clock, store, writers, people: new NodePeople({ ...shared, log: SILENT }) };
  }
}
