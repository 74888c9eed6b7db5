/** What an installation changes, and how it is taken back: whole files, with what they were before. */

import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isRecord, parseJson } from '../json.js';
import { missingFolder, putFile, removeFile, removeFolders } from './disk.js';
import { UneditableFile, withEntries, withoutEntries, withSwitch } from './edit.js';
import { commandLine, type Program, startsHook } from './program-line.js';
import type { Scope, Site, Target } from './targets.js';

/** A file as it is and as it is to be; null where there is none. */
export interface FileChange {
  readonly path: string;
  readonly before: string | null;
  readonly after: string | null;
  /** Mode of a file that is made, for secrets. */
  readonly mode?: number;
  /** The topmost folder that is made for it, and that goes with it; null where all are there. */
  readonly folder: string | null;
}

/** The installation cannot be done as things are. The message is a whole sentence. */
export class NotInstallable extends Error {
  override readonly name = 'NotInstallable';
}

/** What was changed, so that it can be taken back to the byte. */
interface Kept {
  readonly path: string;
  readonly before: string | null;
  readonly folder: string | null;
  /** SHA-256 of what was written, in hex: a file that somebody changed since is edited, not replaced. */
  readonly written: string;
}
type KeptChanges = Readonly<Record<string, readonly Kept[]>>;

export const fileOf = (target: Target, scope: Scope, site: Site): string => {
  const file = target.files[scope];
  if (file === undefined) {
    const scopes = Object.keys(target.files).map((name) => `--${name}`);
    throw new NotInstallable(`${target.title} takes hooks with ${scopes.join(' or ')} only.`);
  }
  return file(site);
};

/**
 * The changes that put a harness's hooks in place; those that change nothing are left out.
 * @throws NotInstallable when a file cannot be read or edited, or a path cannot be told to a shell
 */
export function planOf(target: Target, scope: Scope, site: Site, program: Program): FileChange[] {
  const path = fileOf(target, scope, site);
  const { run, block } = commandLine(program, target.name);
  const before = textAt(path);
  const isBlank = before === null || before.trim() === '';
  const start = isBlank ? `${JSON.stringify(target.blank, null, 2)}\n` : before;
  const after = edited(path, () => withEntries(start, target.entries(run, block), startsHook(target.name)));
  const changes: FileChange[] = [{ path, before, after, folder: missingFolder(path) }];
  const feature = target.feature?.(site);
  if (feature !== undefined) {
    const toml = textAt(feature.path);
    const after = edited(feature.path, () => withSwitch(toml ?? '', feature.table, feature.line));
    changes.push({ path: feature.path, before: toml, after, folder: missingFolder(feature.path) });
  }
  return changes.filter(({ before, after }) => before !== after);
}

function edited(path: string, edit: () => string): string {
  try {
    return edit();
  } catch (error) {
    if (!(error instanceof UneditableFile)) throw error;
    throw new NotInstallable(`${path} ${error.message}.`);
  }
}

/** Writes changes whole or not at all: what was written is taken back when a later one fails. @throws NotInstallable */
export function carryOut(changes: readonly FileChange[]): void {
  const done: FileChange[] = [];
  try {
    for (const change of changes) {
      write(change);
      done.push(change);
    }
  } catch (error) {
    takeBack(done);
    throw new NotInstallable(`${(error as NodeJS.ErrnoException).message}: nothing was changed.`);
  }
}

export function takeBack(changes: readonly FileChange[]): void {
  for (const { path, before, after, folder } of changes.toReversed()) {
    write({ path, before: after, after: before, folder });
  }
}

function write({ path, after, mode, folder }: FileChange): void {
  if (after !== null) putFile(path, after, mode);
  else removeFile(path, folder);
}

/** What installations changed, in a file of their own beside the hooks' settings. */
export class InstallationRecord {
  private readonly path: string;

  constructor(folder: string) {
    this.path = join(folder, 'installed.json');
  }

  /** Remembers the record as it is. @returns what puts it back */
  snapshot(): () => void {
    const all = this.read();
    const folder = missingFolder(this.path);
    return () => {
      this.save(all);
      if (folder !== null) removeFolders(dirname(this.path), folder);
    };
  }

  /** The names that were installed. */
  get names(): string[] {
    return Object.keys(this.read());
  }

  /** Keeps what a file was before the first of our changes, whatever is installed over it later. */
  keep(name: string, changes: readonly FileChange[]): void {
    const all = this.read();
    const known = all[name] ?? [];
    const kept = changes.map(({ path, before, after, folder }): Kept => {
      const first = known.find((one) => one.path === path);
      const isOurs = first !== undefined && before !== null && digest(before) === first.written;
      const was = isOurs ? first : { before, folder };
      return { path, before: was.before, folder: was.folder, written: digest(after ?? '') };
    });
    const others = known.filter(({ path }) => !kept.some((one) => one.path === path));
    this.save({ ...all, [name]: [...others, ...kept] });
  }

  /**
   * The changes that take an installation back; empty when it left nothing. A file that was changed since keeps
   * those changes and loses our entries only.
   * @throws NotInstallable when such a file cannot be edited
   */
  planOfRemoval(name: string, target: Pick<Target, 'name'>, path: string): FileChange[] {
    const kept = this.read()[name] ?? [];
    const paths = new Set([path, ...kept.map((one) => one.path)]);
    return [...paths]
      .map((each) => removalOf(each, kept.find((one) => one.path === each) ?? null, target))
      .filter(({ before, after }) => before !== after);
  }

  forget(name: string): void {
    const { [name]: gone = [], ...others } = this.read();
    this.save(others);
    // This file was the last in a folder that was made for another one.
    for (const { path, folder } of gone) if (folder !== null) removeFolders(dirname(path), folder);
  }

  private read(): KeptChanges {
    const text = textAt(this.path);
    if (text === null) return {};
    const value = parseJson(text);
    if (!isRecord(value))
      throw new NotInstallable(`${this.path} is no JSON object: it was changed or cut off.`);
    return value as KeptChanges;
  }

  private save(all: KeptChanges): void {
    const after = Object.keys(all).length === 0 ? null : `${JSON.stringify(all, null, 2)}\n`;
    write({ path: this.path, before: null, after, mode: 0o600, folder: dirname(this.path) });
  }
}

function removalOf(path: string, kept: Kept | null, target: Pick<Target, 'name'>): FileChange {
  const before = textAt(path);
  const folder = kept?.folder ?? null;
  if (before === null) return { path, before, after: null, folder };
  if (before.trim() === '') return { path, before, after: before, folder };
  if (kept !== null && digest(before) === kept.written) return { path, before, after: kept.before, folder };
  // A switch that others may rely on by now stays.
  if (!path.endsWith('.json')) return { path, before, after: before, folder };
  const after = edited(path, () => withoutEntries(before, startsHook(target.name)));
  return { path, before, after, folder };
}

const digest = (text: string): string => createHash('sha256').update(text).digest('hex');

/** @throws NotInstallable when there is a file that cannot be read */
export function textAt(path: string): string | null {
  try {
    const bytes = readFileSync(path);
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    if (!existsSync(path)) return null;
    const isText = (error as NodeJS.ErrnoException).code !== 'ERR_ENCODING_INVALID_ENCODED_DATA';
    throw new NotInstallable(`${path} ${isText ? 'cannot be read' : 'is no UTF-8 text'}.`);
  }
}
