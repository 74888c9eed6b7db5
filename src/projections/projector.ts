/** The projector: pulls events in position order and takes every read model along. */

import type { Kysely } from 'kysely';
import type { EventCodec } from '../ports/event-codec.port.js';
import type { EventReader, StoredEvent } from '../ports/event-store.port.js';
import { type ProjectionStatus, ReadStoreFault, type RebuildProgress } from '../ports/read-store.port.js';
import { type Generation, Generations } from './generations.js';
import { type Decoded, Lane } from './lane.js';
import type { Projection } from './projection.js';
import { Signal } from './signal.js';
import type { AnyTables } from './table.js';
import { Turns } from './turns.js';

/** Events a transaction; small enough that a query waits a few milliseconds for one read model's at most. */
const PAGE_EVENTS = 256;
const RETRY_MS_MIN = 50;
const RETRY_MS_MAX = 5_000;

export interface ProjectorOptions {
  /** The connection that writes; nobody else may use it. */
  readonly db: Kysely<AnyTables>;
  readonly reader: EventReader;
  readonly codec: EventCodec;
  readonly projections: readonly Projection[];
  /** Called after every page with the new state of all read models. */
  readonly onProgress: (status: readonly ProjectionStatus[]) => void;
  readonly pageEvents?: number;
  /** Rows of another log are replaced, unless they may be somebody else's: then the start is refused. */
  readonly mayBeOthers?: boolean;
}

/** The live lane of a read model, and the one that is being built to replace it. */
interface Track {
  readonly projection: Projection;
  live: Lane;
  building: Lane | null;
  /** Why the replacement of an older version could not be built. */
  problem: string | null;
}

export class Projector {
  private readonly generations: Generations;
  private readonly tracks: Track[] = [];
  /** A page of the live lanes, or of a rebuild, or a swap: never two at once. */
  private readonly turns = new Turns();
  private readonly wake = new Signal();
  private readonly stopped = new Signal();
  private unsubscribe: (() => void) | null = null;
  private head = 0;
  private isStopping = false;
  private fault: string | null = null;
  private running: Promise<void> | null = null;
  private readonly rebuilds = new Set<Promise<void>>();

  constructor(private readonly options: ProjectorOptions) {
    this.generations = new Generations(options.db);
  }

  /** Prepares the tables, starts pulling, and starts to rebuild what an older version has left. */
  async start(): Promise<void> {
    await this.generations.createSchema();
    this.head = await this.options.reader.headPosition();
    for (const projection of this.options.projections) {
      const live = this.laneOf(projection, await this.openLive(projection));
      const unfinished = await this.unfinishedOf(projection);
      const building = unfinished && this.laneOf(projection, unfinished);
      this.tracks.push({ projection, live, building, problem: null });
    }
    this.unsubscribe = this.options.reader.onAppended((position) => {
      this.head = Math.max(this.head, position);
      this.wake.give();
    });
    this.goOnRebuilding();
    this.running = this.run();
    this.report();
  }

  /**
   * The live generation. Rows of another log say nothing about this one, so they are replaced by an empty generation
   * at once.
   * @throws ReadStoreFault of kind `contradiction` when they may be somebody else's
   */
  private async openLive(projection: Projection): Promise<Generation> {
    const known = await this.generations.of(projection.name);
    const live = known.find((generation) => generation.live);
    const isForeign = live !== undefined && !(await this.isOfThisLog(live));
    if (isForeign && this.options.mayBeOthers) throw foreign(projection);
    if (live === undefined) return this.generations.create(projection);
    if (!isForeign) return live;
    return this.generations.swapIn(projection, await this.generations.create(projection));
  }

  /** What a rebuild that was cut short has built, as far as it can be gone on with; the rest is dropped. */
  private async unfinishedOf(projection: Projection): Promise<Generation | null> {
    let unfinished: Generation | null = null;
    for (const leftover of await this.generations.of(projection.name)) {
      if (leftover.live) continue;
      const isUsable = leftover.version === projection.version && (await this.isOfThisLog(leftover));
      if (isUsable && unfinished === null) unfinished = leftover;
      else await this.generations.drop(projection, leftover);
    }
    return unfinished;
  }

  /** Ends the rebuilds that were cut short, and rebuilds what an older version has left. */
  private goOnRebuilding(): void {
    for (const track of this.tracks) {
      if (track.building === null && isCurrent(track)) continue;
      const work = this.kept(this.buildAll([track], track.building === null));
      work.catch((error: unknown) => {
        if (!isCurrent(track)) track.problem = messageOf(error);
        this.report();
      });
    }
  }

  /** Whether the event a checkpoint names stands where it says: a log restored from elsewhere is another log. */
  private async isOfThisLog({ position, eventId }: Generation): Promise<boolean> {
    if (position === 0) return true;
    const [event] = await this.options.reader.readAll({ position: position - 1, limit: 1 });
    return event?.position === position && event.id === eventId;
  }

  private laneOf(projection: Projection, generation: Generation): Lane {
    return new Lane(projection, generation, this.options.db);
  }

  private async run(): Promise<void> {
    let retryMs = RETRY_MS_MIN;
    while (!this.isStopping) {
      try {
        const moved = await this.advanceLive();
        retryMs = RETRY_MS_MIN;
        if (this.fault !== null) {
          this.fault = null;
          this.report();
        }
        if (moved) await breathe();
        else if (!this.isStopping) await this.wake.wait();
      } catch (error) {
        this.note(error);
        await this.pause(retryMs);
        retryMs = Math.min(retryMs * 2, RETRY_MS_MAX);
      }
    }
  }

  /** Takes the live lanes one page further; false when there is nothing to read for any of them. */
  private async advanceLive(): Promise<boolean> {
    const moved = await this.turns.take(() => {
      const lanes = this.tracks.filter(isCurrent).map((track) => track.live);
      return this.advance(lanes.filter((lane) => lane.stopped === null));
    });
    if (moved) this.report();
    return moved;
  }

  private async advance(lanes: readonly Lane[]): Promise<boolean> {
    if (lanes.length === 0) return false;
    const position = Math.min(...lanes.map((lane) => lane.position));
    const limit = this.options.pageEvents ?? PAGE_EVENTS;
    const page = await this.options.reader.readAll({ position, limit });
    const last = page.at(-1);
    if (last === undefined) return false;
    this.head = Math.max(this.head, last.position);
    const decoded = this.decode(page);
    for (const lane of lanes) {
      await lane.apply(decoded);
      await breathe();
    }
    return true;
  }

  /** Decodes up to the first event that cannot be; that one carries its error. */
  private decode(page: readonly StoredEvent[]): Decoded[] {
    const decoded: Decoded[] = [];
    for (const stored of page) {
      const { position, id, type } = stored;
      try {
        decoded.push({ position, id, type, event: this.options.codec.decode(stored) });
      } catch (error) {
        decoded.push({ position, id, type, error });
        break;
      }
    }
    return decoded;
  }

  /**
   * Rebuilds read models beside the live ones, and swaps each in once it has caught up with the log.
   * @throws ReadStoreFault when one is being rebuilt already, or an event does not apply; the live one stays
   */
  rebuild(names: readonly string[], onProgress?: (progress: RebuildProgress) => void): Promise<void> {
    return this.kept(this.rebuildAll(names, onProgress));
  }

  private kept(work: Promise<void>): Promise<void> {
    this.rebuilds.add(work);
    const forget = () => this.rebuilds.delete(work);
    work.then(forget, forget);
    return work;
  }

  private async rebuildAll(
    names: readonly string[],
    onProgress?: (progress: RebuildProgress) => void,
  ): Promise<void> {
    const tracks = names.map((name) => this.trackOf(name));
    await this.buildAll(tracks, true, onProgress);
  }

  /** A stop leaves what was built to be gone on with at the next start. */
  private async buildAll(
    tracks: readonly Track[],
    areNew: boolean,
    onProgress?: (progress: RebuildProgress) => void,
  ): Promise<void> {
    if (areNew) await this.turns.take(() => this.beginRebuild(tracks));
    try {
      for (const track of tracks) await this.build(track, onProgress);
    } finally {
      if (!this.isStopping) for (const track of tracks) await this.turns.take(() => this.abandon(track));
      this.report();
    }
  }

  private async beginRebuild(tracks: readonly Track[]): Promise<void> {
    const busy = tracks.find((track) => track.building);
    if (busy) throw new ReadStoreFault(`${busy.projection.name} is being rebuilt already`, 'contradiction');
    for (const track of tracks) {
      track.building = this.laneOf(track.projection, await this.generations.create(track.projection));
    }
  }

  private trackOf(name: string): Track {
    const track = this.tracks.find(({ projection }) => projection.name === name);
    if (track === undefined) throw new ReadStoreFault(`there is no read model ${name}`, 'contradiction');
    return track;
  }

  private async build(track: Track, onProgress?: (progress: RebuildProgress) => void): Promise<void> {
    const { name } = track.projection;
    const lane = track.building;
    if (lane === null) return;
    while (track.building !== null) {
      if (this.isStopping) throw new ReadStoreFault(`the rebuild of ${name} was cut short`, 'fault');
      await this.turns.take(async () => {
        const moved = await this.advance([lane]);
        if (lane.stopped) throw stoppedAt(name, lane);
        if (!moved && lane.position >= track.live.position) await this.swapIn(track, lane);
      });
      onProgress?.({ name, position: lane.position, head: this.head });
      await breathe();
    }
  }

  /** In a turn of its own, so that the live lane stands still and nobody sees the read model go back. */
  private async swapIn(track: Track, lane: Lane): Promise<void> {
    await this.generations.swapIn(track.projection, lane.generation);
    track.live = lane;
    track.building = null;
    track.problem = null;
    this.wake.give();
    this.report();
  }

  /** Drops what a failed rebuild has built. */
  private async abandon(track: Track): Promise<void> {
    if (track.building === null) return;
    const { generation } = track.building;
    track.building = null;
    await this.generations.drop(track.projection, generation);
  }

  status(): ProjectionStatus[] {
    return this.tracks.map((track) => this.statusOf(track));
  }

  private statusOf(track: Track): ProjectionStatus {
    const { projection, live, building } = track;
    return {
      name: projection.name,
      version: live.generation.version,
      position: live.position,
      lag: Math.max(0, this.head - live.position),
      stopped: live.stopped,
      fault: track.problem ?? this.fault,
      rebuilding: building?.position ?? (isCurrent(track) || track.problem !== null ? null : 0),
    };
  }

  /** Ends after the page in hand. */
  async stop(): Promise<void> {
    this.isStopping = true;
    this.unsubscribe?.();
    this.wake.give();
    this.stopped.give();
    await this.running;
    await Promise.allSettled(this.rebuilds);
  }

  private note(error: unknown): void {
    this.fault = messageOf(error);
    this.report();
  }

  private report(): void {
    this.options.onProgress(this.status());
  }

  private async pause(ms: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const elapsed = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, ms);
    });
    await Promise.race([elapsed, this.stopped.wait()]);
    clearTimeout(timer);
  }
}

/** A read model of another version waits for its replacement: this code cannot write its tables. */
const isCurrent = ({ projection, live }: Track): boolean => live.generation.version === projection.version;

const foreign = ({ name }: Projection): ReadStoreFault =>
  new ReadStoreFault(
    `the read model ${name} in the database is of another ledger, or of this one before it was restored: name another schema, or drop this one to have it made anew`,
    'contradiction',
  );

const stoppedAt = (name: string, { stopped }: Lane): ReadStoreFault =>
  new ReadStoreFault(
    `${name} cannot apply ${stopped?.eventType} ${stopped?.eventId} at position ${stopped?.position}: ${stopped?.error}`,
    'contradiction',
  );

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Lets queries in between two batches. */
const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
