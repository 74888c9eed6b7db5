/** The log of the double: what a real server keeps, and the rules by which it takes an append. */

import { closeSync, existsSync, openSync, readFileSync, writeSync } from 'node:fs';

export interface Proposal {
  readonly id: string;
  readonly type: string;
  readonly contentType: string;
  readonly data: Uint8Array;
  readonly metadata: Uint8Array;
}

export interface Entry extends Proposal {
  readonly stream: string;
  readonly revision: number;
  readonly position: number;
  /** In ticks of 100 ns since 1970, as the client reads it. */
  readonly created: string;
  /** The entry as it is sent to readers, kept because several read it. */
  wire: Buffer | null;
}

export type Expected = number | 'any' | 'stream_exists';

export type Outcome =
  | { readonly kind: 'written'; readonly revision: number; readonly position: number }
  | { readonly kind: 'wrong_revision'; readonly actual: number }
  | { readonly kind: 'too_large' | 'access_denied' | 'deleted' | 'timeout' };

export const APPEND_BYTES_MAX = 1024 * 1024;
export const NONE = -1;

interface Stream {
  readonly entries: Entry[];
  /** Entries before this revision are not shown. */
  truncatedBefore: number;
  /** Deleted, but may be begun anew after its last revision. */
  isHidden: boolean;
  /** Deleted for good. */
  isTombstoned: boolean;
}

/** Positions are those of bytes in a file: they grow, with gaps. */
const OVERHEAD = 120;

export class DoubleLog {
  readonly all: Entry[] = [];
  /** Whether nobody may set metadata, as an administrator can decide for all streams. */
  isMetadataForbidden = false;
  readonly #streams = new Map<string, Stream>();
  readonly #watchers = new Set<() => void>();
  #position = 0;
  #file: number | null = null;

  /** @param path where entries are kept over a restart of the process; memory alone when left out */
  constructor(path?: string) {
    if (path === undefined) return;
    if (existsSync(path)) this.#replay(path);
    this.#file = openSync(path, 'a');
  }

  append(name: string, expected: Expected, proposals: readonly Proposal[]): Outcome {
    const stream = this.#streamOf(name);
    if (stream.isTombstoned) return { kind: 'deleted' };
    if (name.startsWith('$$') && (this.isMetadataForbidden || this.#isForbidden(name.slice(2), '$mw'))) {
      return { kind: 'access_denied' };
    }
    const bytes = proposals.reduce((sum, { data, metadata }) => sum + data.length + metadata.length, 0);
    if (bytes > APPEND_BYTES_MAX) return { kind: 'too_large' };
    const current = stream.isHidden ? NONE : stream.entries.length - 1;
    if (expected === 'stream_exists' && current === NONE) return { kind: 'wrong_revision', actual: NONE };
    const known = this.#knownBatch(stream, expected, proposals);
    if (known !== null) return known;
    if (typeof expected === 'number' && expected !== current) {
      return { kind: 'wrong_revision', actual: current };
    }
    return this.#write(name, stream, proposals);
  }

  /** Every entry of a stream that is shown, from a revision on; null for a stream that is not there. */
  visible(name: string): { readonly entries: readonly Entry[]; readonly from: number } | null {
    const stream = this.#streams.get(name);
    if (stream === undefined || stream.isHidden || stream.entries.length === 0) return null;
    if (stream.truncatedBefore >= stream.entries.length) return null;
    return { entries: stream.entries, from: stream.truncatedBefore };
  }

  isTombstoned(name: string): boolean {
    return this.#streams.get(name)?.isTombstoned ?? false;
  }

  /** Whether the stream's metadata takes a right away from whoever is no administrator, as all of our callers are. */
  #isForbidden(name: string, right: '$d' | '$mw'): boolean {
    const last = this.#streams.get(`$$${name}`)?.entries.at(-1);
    if (last === undefined) return false;
    const { $acl } = JSON.parse(Buffer.from(last.data).toString()) as {
      $acl?: Record<string, string | string[]>;
    };
    // A list that is left out is the default one, and by default everybody may.
    return ![$acl?.[right] ?? '$all'].flat().includes('$all');
  }

  /** Hides the stream, as its users may where its metadata does not forbid it. */
  delete(name: string, isForGood: boolean): 'deleted' | 'access_denied' {
    if (this.#isForbidden(name, '$d')) return 'access_denied';
    this.erase(name, isForGood);
    return 'deleted';
  }

  /** What an administrator can do whatever the metadata says. */
  erase(name: string, isForGood = false): void {
    const stream = this.#streamOf(name);
    stream.isHidden = true;
    stream.isTombstoned = isForGood;
    stream.truncatedBefore = stream.entries.length;
  }

  /** Removes the beginning of a stream, as an administrator can. */
  truncate(name: string, before: number): void {
    this.#streamOf(name).truncatedBefore = before;
  }

  isShown({ stream, revision }: Entry): boolean {
    return revision >= (this.#streams.get(stream)?.truncatedBefore ?? 0);
  }

  /** Calls back after every append. Returns the function that ends it. */
  watch(watcher: () => void): () => void {
    this.#watchers.add(watcher);
    return () => {
      this.#watchers.delete(watcher);
    };
  }

  close(): void {
    if (this.#file !== null) closeSync(this.#file);
    this.#file = null;
  }

  /** Idempotency as the server has it: by the ids alone, and only behind the head. */
  #knownBatch(stream: Stream, expected: Expected, proposals: readonly Proposal[]): Outcome | null {
    const { entries } = stream;
    const first = typeof expected === 'number' ? expected + 1 : this.#placeOf(entries, proposals[0]?.id);
    if (first < 0 || first >= entries.length || (stream.isHidden && expected === NONE)) return null;
    const isKnown = proposals.every(({ id }, i) => entries[first + i]?.id === id);
    const last = entries[first + proposals.length - 1];
    if (!isKnown || last === undefined) return null;
    return { kind: 'written', revision: last.revision, position: last.position };
  }

  #placeOf(entries: readonly Entry[], id: string | undefined): number {
    return entries.findIndex((entry) => entry.id === id);
  }

  #write(name: string, stream: Stream, proposals: readonly Proposal[]): Outcome {
    stream.isHidden = false;
    const created = String(Date.now() * 10_000);
    let lines = '';
    for (const proposal of proposals) {
      this.#add(name, stream, { ...proposal, created });
      if (this.#file !== null) lines += lineOf(name, proposal, created);
    }
    if (this.#file !== null) writeSync(this.#file, lines);
    for (const watcher of this.#watchers) watcher();
    return { kind: 'written', revision: stream.entries.length - 1, position: this.#position };
  }

  #add(name: string, stream: Stream, proposal: Proposal & { readonly created: string }): void {
    this.#position += OVERHEAD + proposal.data.length + proposal.metadata.length;
    const place = { stream: name, revision: stream.entries.length, position: this.#position, wire: null };
    const entry: Entry = { ...proposal, ...place };
    stream.entries.push(entry);
    this.all.push(entry);
  }

  #streamOf(name: string): Stream {
    const known = this.#streams.get(name);
    if (known !== undefined) return known;
    const stream: Stream = { entries: [], truncatedBefore: 0, isHidden: false, isTombstoned: false };
    this.#streams.set(name, stream);
    return stream;
  }

  /** A last line that was cut off by a crash was never answered. */
  #replay(path: string): void {
    for (const line of readFileSync(path, 'utf8').split('\n').slice(0, -1)) {
      const { stream, id, type, contentType, created, data, metadata } = JSON.parse(line) as Line;
      const proposal = { id, type, contentType, created, data: bytes(data), metadata: bytes(metadata) };
      this.#add(stream, this.#streamOf(stream), proposal);
    }
  }
}

type Line = Record<'stream' | 'id' | 'type' | 'contentType' | 'created' | 'data' | 'metadata', string>;

const bytes = (text: string): Uint8Array => Buffer.from(text, 'base64');

function lineOf(stream: string, proposal: Proposal, created: string): string {
  const { id, type, contentType, data, metadata } = proposal;
  const [dataText, metadataText] = [data, metadata].map((part) => Buffer.from(part).toString('base64'));
  const line = { stream, id, type, contentType, created, data: dataText, metadata: metadataText };
  return `${JSON.stringify(line)}\n`;
}
