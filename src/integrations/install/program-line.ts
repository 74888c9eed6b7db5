/** The command line by which a harness starts our hook: absolute, so that nobody's PATH decides what runs. */

/** A path that no shell can be told without surprises. The message is a whole sentence. */
export class UnspeakablePath extends Error {
  override readonly name = 'UnspeakablePath';
}

export interface Program {
  /** The absolute path of Node. */
  readonly node: string;
  /** The absolute path of the program's file. */
  readonly script: string;
}

/** @throws UnspeakablePath when a path has a character that a shell reads as more than itself */
export function commandLine({ node, script }: Program, harness: string): { run: string; block: string } {
  const run = `${quoted(node)} ${quoted(script)} hook ${harness}`;
  return { run, block: `${run} || exit 2` };
}

function quoted(path: string): string {
  if (/["$`!%\n\r]/.test(path) || (path.includes('\\') && !/^[A-Za-z]:\\/.test(path))) {
    throw new UnspeakablePath(
      `A shell cannot be told the path ${JSON.stringify(path)}: install it elsewhere.`,
    );
  }
  return `"${path}"`;
}

/** Whether an entry of a harness's file starts a hook of ours, by this installation or an earlier one. */
export const startsHook =
  (harness: string) =>
  (entry: string): boolean =>
    new RegExp(`countersign(?:\\.js)?(?:\\\\")?\\s+hook\\s+${harness}\\b`).test(entry);
