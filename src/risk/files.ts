/** What the files that a call names hold at each point of the call: what was sent, what the call wrote, what is in doubt. */
import type { Proposal } from '../domain/assessment.js';
import { homeOf, joinPath } from './resolve.js';

/** A text, whether all of it is known, and whether it was fetched or decoded on the way. */
export interface Text {
  readonly text: string;
  readonly known: boolean;
  readonly taint: 'none' | 'fetched' | 'decoded';
  /** What it may be instead: contents of a file that may have been replaced, or may not. */
  readonly perhaps?: readonly Text[];
}

/** Where a text would run; a container or another host has no workspace to undo things in. */
export type Place = 'here' | 'container' | 'remote';

/** From where a path is taken. */
export interface Standing {
  readonly directory: string;
  readonly place: Place;
}

/** Each file by its path; a state that was replaced stays as what the file may be. */
export type FileStates = ReadonlyMap<string, Text>;

const CANDIDATES_MAX = 16;
/** With more files than this, what is copied is no longer followed. */
const HELD_MAX = 48;
const UNSEEN = '$FILE';
/** From here on a path is not one path but a pattern. */
const PATTERN = /[*?[]/;
/** Through a link, the folder above is not the one that the path says. */
const GOES_UP = /(?:^|\/)\.\.(?:\/|$)/;

const NONE: FileStates = new Map();

export class Files {
  private held = new Map<string, Text>();
  /** Somebody keeps the states as they are now, so that the next change needs others. */
  private isKept = false;
  /** Of how many files the content is known; only of those it can come into doubt. */
  private knownCount = 0;
  /** The home folder of the session; another user's is another place. */
  private readonly home: string | null;
  private directoryIsCertain = true;
  private writingIsCertain = true;

  constructor({ cwd, files }: Proposal) {
    this.home = cwd === null ? null : homeOf(cwd);
    const directory = cwd === null || cwd === '' ? '.' : cwd;
    for (const { path, content } of files) {
      this.set(this.keyOf(path, directory), { text: content, known: true, taint: 'none' });
    }
  }

  /**
   * The content of a file where the call finds it: known when it was sent along or written by the call and nothing
   * may have changed it since, else unknown with what it may be; undefined when nothing at all is known.
   */
  content(path: string, standing: Standing): Text | undefined {
    const text = this.held.get(this.keyOf(path, standing.directory));
    return text === undefined || this.isCertain(path, standing) ? text : inDoubt(text);
  }

  /** As `write`, at the end of what is there. */
  append(path: string, standing: Standing, content: Text, before: Text | undefined): void {
    const joined = { text: (before?.text ?? '') + content.text, known: content.known, taint: content.taint };
    const whole = before?.known === true ? joined : inDoubt(withOthers(content, [joined]));
    this.write(path, standing, whole);
  }

  /** Remembers what the call itself writes into a file; whether it succeeds is not known, so the old stays possible. */
  write(path: string, standing: Standing, content: Text): void {
    const key = this.keyOf(path, standing.directory);
    const before = this.held.get(key);
    const others = before === undefined ? [] : candidates(before);
    const written = withOthers(content, others);
    const certain = this.writingIsCertain && this.isCertain(path, standing);
    this.set(key, certain ? written : inDoubt(written));
  }

  /** What is known of a path, and of all below it, holds for another one too; both stay in doubt. */
  copy(from: string, to: string, { directory, place }: Standing): void {
    if (this.held.size === 0 || place === 'remote') return;
    const pattern = from.search(PATTERN);
    const start = pattern < 0 ? from : from.slice(0, from.lastIndexOf('/', pattern) + 1) || '.';
    const source = this.keyOf(start.replace(/(?<=.)\/+$/, ''), directory);
    const target = this.keyOf(to.replace(/(?<=.)\/+$/, ''), directory);
    for (const [key, text] of [...this.held]) {
      if (this.held.size > HELD_MAX) return;
      if (!isBelow(key, source)) continue;
      const rest = source === '.' ? `/${key}` : key.slice(source.length);
      const places = [`${target}${rest}`, `${target}/${nameOf(source)}${rest}`];
      for (const path of pattern < 0 ? places : [`${target}/${nameOf(key)}`]) {
        const before = this.held.get(path);
        this.set(path, inDoubt(withOthers(text, before === undefined ? [] : candidates(before))));
      }
    }
  }

  /** Every file of which something is known, with what it may hold. */
  all(): readonly (readonly [string, readonly Text[]])[] {
    return [...this.held].map(([path, text]) => [path, candidates(text)] as const);
  }

  /** What a program of this name may hold, wherever it lies; for commands that are looked for by name. */
  named(name: string): Text | undefined {
    if (this.held.size === 0 || name.includes('/')) return undefined;
    const found = [...this.held]
      .filter(([key]) => nameOf(key) === name)
      .flatMap(([, text]) => candidates(text));
    return found.length === 0 ? undefined : { text: UNSEEN, known: false, taint: 'none', perhaps: found };
  }

  /** Something may change what a word leads to: the file, all below it, or a file of that name; any, if it is unknown. */
  doubt(word: string, { directory, place }: Standing, known = !word.includes('$')): void {
    if (this.knownCount === 0 || place === 'remote') return;
    const pattern = word.search(PATTERN);
    const start = pattern < 0 ? word : word.slice(0, word.lastIndexOf('/', pattern) + 1);
    const above = this.keyOf(start, directory);
    const lost = !this.directoryIsCertain && !start.startsWith('/');
    const anywhere = !known || lost || above.startsWith('$') || GOES_UP.test(word);
    const [folder, path] = [above.toLowerCase(), word.toLowerCase()];
    for (const [key, text] of this.held) {
      if (!text.known) continue;
      const file = key.toLowerCase();
      if (anywhere || isBelow(file, folder) || path.includes(nameOf(file))) this.set(key, inDoubt(text));
    }
  }

  /** As `doubt`, for a text that may say where to write. */
  doubtMentioned(text: string): void {
    if (this.knownCount === 0) return;
    const mentioned = text.toLowerCase();
    for (const [key, held] of this.held) {
      if (!held.known) continue;
      if (mentioned.includes(nameOf(key.toLowerCase()))) this.set(key, inDoubt(held));
    }
  }

  /** Something ran that may change any file. */
  doubtAll(): void {
    if (this.knownCount === 0) return;
    for (const [key, text] of this.held) this.set(key, inDoubt(text));
  }

  /** Which directory relative paths are taken from can no longer be told. */
  loseDirectory(): void {
    this.directoryIsCertain = false;
  }

  /** Whether a file can still be written can no longer be told. */
  doubtWriting(): void {
    this.writingIsCertain = false;
  }

  /** True when there is no file whose content could come into doubt. */
  get isAllInDoubt(): boolean {
    return this.knownCount === 0;
  }

  /** True when nothing is known of any file. */
  get isEmpty(): boolean {
    return this.held.size === 0;
  }

  /** The states as they are now, to compare with later. */
  states(): FileStates {
    if (this.held.size === 0) return NONE;
    this.isKept = true;
    return this.held;
  }

  /** What changed since then may have changed or not. */
  doubtSince(before: FileStates): void {
    if (before === this.held) return;
    for (const [key, text] of this.held) {
      const old = before.get(key);
      if (old === text || (old?.known === true && text.known)) continue;
      this.set(key, inDoubt(withOthers(text, old === undefined ? [] : candidates(old))));
    }
  }

  private set(key: string, text: Text): void {
    if (this.isKept) this.held = new Map(this.held);
    this.isKept = false;
    if (this.held.get(key)?.known === true) this.knownCount -= 1;
    if (text.known) this.knownCount += 1;
    this.held.set(key, text);
  }

  private isCertain(path: string, { directory, place }: Standing): boolean {
    if (place !== 'here' || GOES_UP.test(path) || path.startsWith('~')) return false;
    if (path.startsWith('/')) return true;
    return this.directoryIsCertain && !directory.startsWith('$') && !path.startsWith('$');
  }

  private keyOf(path: string, directory: string): string {
    const joined = joinPath(path, directory);
    const { home } = this;
    return home !== null && isBelow(joined, home) ? `~${joined.slice(home.length)}` : joined;
  }
}

function isBelow(path: string, folder: string): boolean {
  if (folder === '.') return !path.startsWith('/') && !path.startsWith('~');
  return path === folder || path.startsWith(folder.endsWith('/') ? folder : `${folder}/`);
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Everything that a file may hold, as far as it was seen. */
function candidates(text: Text): readonly Text[] {
  const { perhaps = [], ...itself } = text;
  return text.known ? [itself, ...perhaps] : perhaps;
}

function withOthers(text: Text, others: readonly Text[]): Text {
  const perhaps = [...(text.perhaps ?? []), ...others];
  const distinct = perhaps.filter(
    (one, index) =>
      !(text.known && one.text === text.text) &&
      perhaps.findIndex((other) => other.text === one.text) === index,
  );
  return distinct.length === 0 ? text : { ...text, perhaps: distinct.slice(0, CANDIDATES_MAX) };
}

function inDoubt(text: Text): Text {
  return text.known ? { text: UNSEEN, known: false, taint: text.taint, perhaps: candidates(text) } : text;
}
