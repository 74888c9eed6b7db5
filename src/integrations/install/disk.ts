/** Files as an installation writes and removes them: whole or not at all, and with what belongs to them as it was. */

import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';

const LINKS_MAX = 40;
const NEW_FILE_MODE = 0o644;

/**
 * Writes a file in one step; through symbolic links, which stay.
 * @param mode of the file; else the one that it has, else that of any new file
 * @throws NodeJS.ErrnoException when it cannot be written: then it is as it was
 */
export function putFile(path: string, text: string, mode?: number): void {
  const file = fileBehind(path);
  mkdirSync(dirname(file), { recursive: true, mode: mode === 0o600 ? 0o700 : 0o755 });
  removeDrafts(file);
  const known = statSync(file, { throwIfNoEntry: false });
  const wanted = mode ?? (known === undefined ? NEW_FILE_MODE : known.mode & 0o777);
  // Beside the file and then in its place: whoever reads it meanwhile sees the one or the other.
  const draft = `${file}.${process.pid}.countersign`;
  try {
    writeFileSync(draft, text, { mode: wanted, flag: 'wx' });
    // The mask of new files applies to the draft, not to what a file had.
    if (known !== undefined || mode !== undefined) chmodSync(draft, wanted);
    if (known !== undefined && process.getuid?.() === 0) chownSync(draft, known.uid, known.gid);
    renameSync(draft, file);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}

/** Removes a file, and the folders up to the named one that were made for it and are empty now. */
export function removeFile(path: string, folder: string | null): void {
  const file = fileBehind(path);
  rmSync(file, { force: true });
  if (folder !== null) removeFolders(dirname(file), folder);
}

/** Folders that were made for a file go with it; one that holds anything else by now stays. */
export function removeFolders(from: string, upTo: string): void {
  try {
    rmdirSync(from);
  } catch (error) {
    // One that is gone already may have been the last thing in the next.
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') return;
  }
  if (from !== upTo && from.startsWith(upTo)) removeFolders(dirname(from), upTo);
}

/** The topmost folder above a file that does not exist; null when its folder does. */
export function missingFolder(path: string): string | null {
  let missing: string | null = null;
  for (let folder = dirname(fileBehind(path)); !existsSync(folder); folder = dirname(folder))
    missing = folder;
  return missing;
}

/** Where symbolic links lead, whether a file is there or not. */
function fileBehind(path: string, links = 0): string {
  const isLink = lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;
  // Links in a circle lead nowhere: writing there fails, and says so.
  if (!isLink || links === LINKS_MAX) return path;
  return fileBehind(resolve(realpathSync(dirname(path)), readlinkSync(path)), links + 1);
}

/** Drafts of processes that were killed before they put them in place: there may be a key in them. */
function removeDrafts(file: string): void {
  const prefix = `${basename(file)}.`;
  for (const name of readdirSync(dirname(file))) {
    const pid = name.startsWith(prefix)
      ? /^(\d+)\.countersign$/.exec(name.slice(prefix.length))?.[1]
      : undefined;
    if (pid !== undefined && !isRunning(Number(pid))) rmSync(join(dirname(file), name), { force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
