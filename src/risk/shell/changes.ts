/** What a command may have done to the files that later commands use: to those it names, or to any. */
import type { Extractor, Program } from '../catalogue/program.js';
import { memo } from '../memo.js';
import type { Invocation } from './invocation.js';

/** These only look at what they name, or leave its content as it is. */
const READERS: ReadonlySet<string> = new Set(
  (
    'ls head tail wc nl od stat file less more strings hexdump grep egrep fgrep rg jq diff cmp cut ' +
    'md5sum sha1sum sha256sum shasum realpath readlink basename dirname mkdir chmod chown chgrp du df tree sleep'
  ).split(' '),
);

/** What these write is named inside an archive, a patch or a script of theirs, or on another machine. */
const WRITES_UNNAMED =
  /^(?:unzip|gunzip|unxz|unrar|7z\w?|xz|bzip2|zstd|lz4|patch|cpio|pax|ar|tar|gtar|bsdtar|rsync|scp|sftp|ftp|n?vim?|ex|ed|emacs)$/;
/** Words with which many programs fill the folder they run in. */
const FILLS_FOLDER =
  /^(?:--)?(?:download|checkout|clone|pull|sync|export|extract|restore|unpack|decompress|generate)$/;

/** These report requests, and note themselves what they write. */
const OWN_OUTPUT: ReadonlySet<Extractor | undefined> = new Set<Extractor>(['curl', 'wget', 'httpie']);

/** The name of what is written may be put together. */
const COMPUTED_OUTPUT = />|\||system/;

/** Marks the files that a command, which was judged from `before` on, may have changed. */
export function noteChanges(invocation: Invocation, entry: Program | undefined, before: number): void {
  const { analysis } = invocation;
  if (!analysis.files.isAllInDoubt) doubtChanged(invocation, entry, before);
  analysis.settle(before);
}

function doubtChanged(invocation: Invocation, entry: Program | undefined, before: number): void {
  const { analysis } = invocation;
  const ownWords = namesItsFiles(entry);
  if (ownWords && !READERS.has(invocation.name)) doubtNamed(invocation, entry);
  if (/awk$/.test(invocation.name) && invocation.args.some(({ text }) => COMPUTED_OUTPUT.test(text)))
    analysis.files.doubtAll();
  if (WRITES_UNNAMED.test(invocation.name) || (ownWords && fillsFolder(invocation)))
    analysis.files.doubtAll();
  const ownOutput = OWN_OUTPUT.has(entry?.extractor);
  if (!ownOutput && analysis.mayHaveChangedFiles(before)) analysis.files.doubtAll();
}

/** What wraps another command, or has a language of its own, says elsewhere what it changes. */
function namesItsFiles(entry: Program | undefined): boolean {
  if (entry?.extractor === 'httpie') return true;
  return entry?.extractor === undefined && entry?.stopAtOperand !== true;
}

function fillsFolder({ name, args }: Invocation): boolean {
  return !READERS.has(name) && args.some(({ text }) => FILLS_FOLDER.test(text));
}

/** A program may write whatever it names; what it is told to read as a script it only reads. */
function doubtNamed(invocation: Invocation, entry: Program | undefined): void {
  const { analysis, args, stdin } = invocation;
  const scripts = entry === undefined ? [] : scriptFlags(entry);
  args.forEach(({ text, known }, index) => {
    const isScript =
      scripts.includes(args[index - 1]?.text ?? '') || scripts.some((flag) => text.startsWith(`${flag}=`));
    if (isScript) return;
    for (const part of partsOf(text)) analysis.files.doubt(part, invocation, known);
  });
  if (stdin !== null) analysis.files.doubtMentioned(stdin.text);
}

/** `--output=x` and `-ox` name what stands behind the flag. */
function partsOf(word: string): readonly string[] {
  const value = /^--?[\w-]+=(.+)$/s.exec(word)?.[1] ?? /^-\w(.+)$/s.exec(word)?.[1];
  return value === undefined ? (word === '' ? [] : [word]) : [word, value];
}

const scriptFlags = memo(({ rules }: Program): readonly string[] =>
  rules
    .flatMap((rule) => rule.outcomes)
    .flatMap((outcome) =>
      'runs' in outcome && typeof outcome.from === 'object' && 'fileFlag' in outcome.from
        ? outcome.from.fileFlag
        : [],
    ),
);
