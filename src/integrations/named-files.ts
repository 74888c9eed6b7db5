/** The local files that a command names: what is sent along, so that the gate sees what would run. */

import { createHash } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readSync, realpathSync } from 'node:fs';
import { isAbsolute, posix, resolve, sep } from 'node:path';
import type { GateFile } from './gate-call.js';

const FILE_BYTES_MAX = 256 * 1024;
const TOTAL_BYTES_MAX = 1024 * 1024;
const FILES_MAX = 16;
const FOLDERS_MAX = 4;
const COMMAND_LENGTH_MAX = 256 * 1024;

/** Files of these kinds are run, or sent as a body, by the programs that name them. */
const RUN_OR_SENT =
  /\.(?:sh|bash|zsh|ksh|fish|sql|psql|py|rb|pl|php|lua|js|mjs|cjs|ts|mts|cts|ps1|json|ndjson|graphql|gql|xml|curlrc)$/i;

/** How programs say "read this file": `@body.json`, `--file=x.sql`, `data=@x`, `<x.sql`. */
const FILE_MARK = /^(?:--?[\w-]+=|[\w.-]+=)?@|^--?[\w-]+=|^\d?<+/;

/**
 * Text files inside `cwd` that the command names, each at most 256 KiB, at most 1 MiB and 16 files together.
 * What is left out is opaque to the gate and scored as the worst it could be, so leaving out is safe.
 */
export function namedFiles(command: string, cwd: string | null): GateFile[] {
  if (cwd === null || !isAbsolute(cwd) || command.length > COMMAND_LENGTH_MAX) return [];
  const root = realPathOf(cwd);
  if (root === null) return [];
  const files: GateFile[] = [];
  let bytesLeft = TOTAL_BYTES_MAX;
  for (const path of candidates(command)) {
    if (files.length === FILES_MAX) break;
    const content = readInside(root, resolve(cwd, path), Math.min(FILE_BYTES_MAX, bytesLeft));
    if (content === null) continue;
    bytesLeft -= Buffer.byteLength(content, 'utf8');
    files.push({ path, sha256: createHash('sha256').update(content, 'utf8').digest('hex'), content });
  }
  return files;
}

/**
 * Words that may name a file that is run or sent, taken from where the command starts and from each folder it has
 * gone to by then. Reading a word too many costs one look at the disk.
 */
function candidates(command: string): Set<string> {
  const found = new Set<string>();
  const folders = ['.'];
  const words = command.split(/[\s;&|()`]+/).map((word) => word.replace(/["'\\]/g, ''));
  for (const [index, word] of words.entries()) {
    const before = words[index - 1] ?? '';
    const folder = /^(?:cd|pushd)$/.test(before) ? folderAfter(folders.at(-1) ?? '.', word) : null;
    if (folder !== null && folders.length < FOLDERS_MAX) folders.push(folder);
    const path = pathIn(word, before);
    const paths = [...(path === null ? [] : [path]), ...impliedBy(word, words.slice(index + 1, index + 6))];
    for (const each of paths) {
      for (const from of folders) found.add(from === '.' || isAbsolute(each) ? each : posix.join(from, each));
    }
  }
  return found;
}

/** Files that programs read without being told their names. */
const IMPLIED: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^(?:npm|pnpm|yarn|bun)$/, ['package.json']],
  [/^g?make$/, ['Makefile', 'makefile', 'GNUmakefile']],
  [/^just$/, ['justfile', 'Justfile', '.justfile']],
  [/^composer$/, ['composer.json']],
];
/** Flags of theirs that name another folder. */
const FOLDER_FLAG = /^(?:-C|--prefix|--cwd|--dir|--directory|-d|--working-dir|--working-directory)$/;

function impliedBy(word: string, after: readonly string[]): readonly string[] {
  const files = IMPLIED.find(([program]) => program.test(word.slice(word.lastIndexOf('/') + 1)))?.[1] ?? [];
  if (files.length === 0) return [];
  const at = after.findIndex((each) => FOLDER_FLAG.test(each));
  const glued = after.map((each) => /^--(?:prefix|cwd|dir|directory)=(.+)$/.exec(each)?.[1]).find(Boolean);
  const folder = glued ?? (at < 0 ? undefined : after[at + 1]);
  return folder === undefined ? files : files.map((file) => posix.join(folder, file));
}

/** The path that a word names, if it is one of a file that is run or sent. */
function pathIn(word: string, before: string): string | null {
  const path = word.replace(FILE_MARK, '').replace(/^@/, '');
  const marked = /^(?:[\w.-]+=)?@|^\d?</.test(word) || /^(?:<|\.|source|-f|--file)$/.test(before);
  const isProgram = path.startsWith('./') || path.startsWith('../');
  return path !== '' && path !== '-' && (marked || isProgram || RUN_OR_SENT.test(path)) ? path : null;
}

/** Where `cd` leads; null where only the shell can tell. */
function folderAfter(folder: string, target: string): string | null {
  if (target === '' || /^[-+~]|[$*?[{]/.test(target)) return null;
  return isAbsolute(target) ? posix.normalize(target) : posix.join(folder, target);
}

/** The text of a regular file below the root; null when it is elsewhere, too big, or no text. */
function readInside(root: string, path: string, bytesMax: number): string | null {
  const real = realPathOf(path);
  if (real === null || !real.startsWith(root.endsWith(sep) ? root : root + sep)) return null;
  let descriptor: number;
  try {
    // Not to wait for a writer, should the path turn out to be a pipe.
    descriptor = openSync(real, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch {
    return null;
  }
  try {
    const { size } = fstatSync(descriptor);
    if (!fstatSync(descriptor).isFile() || size > bytesMax) return null;
    return decode(readAll(descriptor, size));
  } catch {
    return null;
  } finally {
    closeSync(descriptor);
  }
}

function readAll(descriptor: number, size: number): Buffer {
  const buffer = Buffer.alloc(size);
  let read = 0;
  while (read < size) {
    const count = readSync(descriptor, buffer, read, size - read, read);
    if (count === 0) break;
    read += count;
  }
  return buffer.subarray(0, read);
}

function decode(bytes: Buffer): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

function realPathOf(path: string): string | null {
  try {
    return realpathSync(path);
  } catch {
    return null;
  }
}
