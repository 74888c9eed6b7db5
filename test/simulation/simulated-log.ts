/** The one true log of the simulated world: what is in here is written, whatever its writer was told. */

import type { RecordedEvent } from '../../src/domain/events.js';
import type { SealedEvent } from '../../src/domain/hash-chain.js';
import type { Claim } from '../../src/domain/ids.js';
import type { EventCodec } from '../../src/ports/event-codec.port.js';
import type { AppendResult, StoredEvent } from '../../src/ports/event-store.port.js';

/** What is stored, with what the codec needs to give it back. */
export interface Line {
  readonly stored: StoredEvent;
  readonly sealed: SealedEvent;
  /** When it was written, by nobody's clock but the world's. */
  readonly writtenMs: number;
}

export class SimulatedLog implements EventCodec {
  readonly lines: Line[] = [];
  private readonly streams = new Map<string, Line[]>();
  private readonly byId = new Map<string, Line>();
  private readonly claims = new Map<string, number>();

  /**
   * @param onWritten called with every append that is written, at the moment it is
   * @param now the world's time, in ms
   */
  constructor(
    private readonly onWritten: (events: readonly StoredEvent[]) => void = () => undefined,
    private readonly now: () => number = () => 0,
  ) {}

  append(stream: string, expectedRevision: number, events: readonly SealedEvent[]): AppendResult {
    const lines = this.stream(stream);
    const known = events.map((event) => this.byId.get(event.id));
    const different = events.find((event, i) => known[i] !== undefined && !isSame(known[i], event));
    if (different !== undefined) return { kind: 'id_conflict', id: different.id };
    const last = known.at(-1);
    if (last !== undefined && known.every((line, i) => line?.stored.revision === expectedRevision + 1 + i)) {
      return { kind: 'appended', revision: last.stored.revision, position: last.stored.position };
    }
    if (lines.length - 1 !== expectedRevision) return { kind: 'wrong_revision', actual: lines.length - 1 };
    for (const { claim } of events) {
      const revision = claim === null ? undefined : this.claims.get(`${stream} ${claim}`);
      if (claim !== null && revision !== undefined) return { kind: 'claimed', claim, revision };
    }
    return this.write(stream, lines, events);
  }

  read(stream: string, from: { revision: number; limit: number }): StoredEvent[] {
    return this.stream(stream)
      .slice(from.revision, from.revision + from.limit)
      .map((line) => line.stored);
  }

  async readStream(stream: string, from: { revision: number; limit: number }): Promise<StoredEvent[]> {
    return this.read(stream, from);
  }

  findClaim(stream: string, claim: Claim): number | null {
    return this.claims.get(`${stream} ${claim}`) ?? null;
  }

  revisionOf(stream: string): number {
    return this.stream(stream).length - 1;
  }

  decode(stored: StoredEvent): RecordedEvent {
    const line = this.byId.get(stored.id);
    if (line === undefined) throw new Error(`the event ${stored.id} was never written`);
    const { id, revision, position } = stored;
    const { event, metadata } = line.sealed;
    return { ...event, id, stream: stored.stream, revision, position, metadata };
  }

  private stream(name: string): Line[] {
    const lines = this.streams.get(name) ?? [];
    this.streams.set(name, lines);
    return lines;
  }

  private write(stream: string, lines: Line[], events: readonly SealedEvent[]): AppendResult {
    const written: StoredEvent[] = [];
    for (const sealed of events) {
      const stored: StoredEvent = {
        id: sealed.id,
        type: sealed.event.type,
        stream,
        revision: lines.length,
        position: this.lines.length + 1,
        data: sealed.dataJson,
        metadata: sealed.metadataJson,
      };
      const line = { stored, sealed, writtenMs: this.now() };
      this.lines.push(line);
      lines.push(line);
      this.byId.set(sealed.id, line);
      if (sealed.claim !== null) this.claims.set(`${stream} ${sealed.claim}`, stored.revision);
      written.push(stored);
    }
    this.onWritten(written);
    return { kind: 'appended', revision: lines.length - 1, position: this.lines.length };
  }
}

const isSame = (line: Line | undefined, event: SealedEvent): boolean =>
  line?.stored.data === event.dataJson && line.stored.metadata === event.metadataJson;
