/** Words of a command line after expansion, and how they split into flags and operands. */
import type { Span } from '../../domain/assessment.js';
import { memo } from '../memo.js';

/** Where a text came from: `fetched` over the network, `decoded` from an encoding, or neither. */
export type Taint = 'none' | 'fetched' | 'decoded';

/** Text that is known in full, or known to be unknown; then `text` shows the expansion as written. */
export interface Value {
  readonly text: string;
  readonly known: boolean;
  readonly taint: Taint;
  /** The elements, when a variable holds an array; `text` is then the first of them. */
  readonly items?: readonly Value[];
  /** What it may be instead, when it comes from a file that may have been replaced. */
  readonly perhaps?: readonly Value[];
  /** What can be read from it, when it is the name of a pipe such as `<(command)`. */
  readonly printed?: Value;
  /** The text stands for a list of names, in patterns of where they lie: filters hand it on as it is. */
  readonly lists?: true;
}

export interface Argument extends Value {
  readonly span: Span;
  /** The word as it stands in the input, quotes and all. */
  readonly raw: string;
}

/** A value as a word of the input. Copying a plain value field by field is much faster than copying any shape. */
export function argumentOf(value: Value, span: Span, raw: string): Argument {
  const { text, known, taint } = value;
  return isPlain(value) ? { text, known, taint, span, raw } : { ...value, span, raw };
}

/** True for a value that is nothing but its text. */
function isPlain({ items, perhaps, printed, lists }: Value): boolean {
  return items === undefined && perhaps === undefined && printed === undefined && lists === undefined;
}

export const EMPTY: Value = { text: '', known: true, taint: 'none' };

/** A value of which only a placeholder is known. */
export function unknownValue(text: string, taint: Taint = 'none'): Value {
  return { text, known: false, taint };
}

/** An array; taken as a single value it is its first element. */
export function arrayOf(items: readonly Value[]): Value {
  return { ...(items[0] ?? EMPTY), items };
}

/** The stronger of two origins. */
export function joinTaint(left: Taint, right: Taint): Taint {
  if (left === 'fetched' || right === 'fetched') return 'fetched';
  return left === 'decoded' || right === 'decoded' ? 'decoded' : 'none';
}

/** The output of one command after another. */
export function sequence(first: Value, second: Value): Value {
  if (first === EMPTY) return second;
  return {
    text: first.text + second.text,
    known: first.known && second.known,
    taint: joinTaint(first.taint, second.taint),
  };
}

export interface Syntax {
  readonly valueFlags: readonly string[];
  readonly singleDash: boolean;
  readonly stopAtOperand: boolean;
}

/** A list as long as that of `curl` is searched for every letter of every flag. */
const LONG_LIST = 32;
const setOf = memo((list: readonly string[]): ReadonlySet<string> => new Set(list));

type TakesValue = (flag: string) => boolean;

function takingValues(list: readonly string[]): TakesValue {
  if (list.length < LONG_LIST) return (flag) => list.includes(flag);
  const known = setOf(list);
  return (flag) => known.has(flag);
}

export interface ParsedArguments {
  /** Values by flag; a flag without a value has none. */
  readonly flags: ReadonlyMap<string, readonly Argument[]>;
  readonly operands: readonly Argument[];
}

/** Splits words into flags with their values and operands, the way getopt does. */
export function parseArguments(words: readonly Argument[], syntax: Syntax): ParsedArguments {
  const flags = new Map<string, Argument[]>();
  const operands: Argument[] = [];
  const takesValue = takingValues(syntax.valueFlags);
  const note = (flag: string, value?: Argument): void => {
    const held = flags.get(flag) ?? [];
    if (value !== undefined) held.push(value);
    flags.set(flag, held);
  };
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index];
    if (word === undefined) break;
    const text = word.text;
    if (text === '--') {
      operands.push(...words.slice(index + 1));
      break;
    }
    if (!text.startsWith('-') || text === '-') {
      operands.push(word);
      if (!syntax.stopAtOperand) continue;
      operands.push(...words.slice(index + 1));
      break;
    }
    const equals = text.indexOf('=');
    if (equals > 0 && (text.startsWith('--') || syntax.singleDash)) {
      note(text.slice(0, equals), { ...word, text: text.slice(equals + 1) });
    } else if (takesValue(text)) {
      const value = words[index + 1];
      const takes = value === undefined || !isLongFlag(value.text);
      note(text, takes ? value : undefined);
      index += takes ? 1 : 0;
    } else if (text.startsWith('--') || syntax.singleDash) {
      note(text);
    } else {
      index += noteCluster(word, words[index + 1], takesValue, note);
    }
  }
  return { flags, operands };
}

/** `-f` takes a value in one subcommand and none in another; a long flag after it is a flag. */
function isLongFlag(text: string): boolean {
  return /^--[a-z][a-z-]+(?:=|$)/.test(text);
}

/** `-rf` is `-r -f`; in `-nprod` the rest belongs to `-n`. Returns how many further words were used. */
function noteCluster(
  word: Argument,
  next: Argument | undefined,
  takesValue: TakesValue,
  note: (flag: string, value?: Argument) => void,
): number {
  const letters = word.text.slice(1);
  for (let index = 0; index < letters.length; index += 1) {
    const flag = `-${letters[index]}`;
    if (!takesValue(flag)) {
      note(flag);
      continue;
    }
    const rest = letters.slice(index + 1);
    if (rest !== '') {
      note(flag, { ...word, text: rest });
      return 0;
    }
    const takes = next === undefined || !isLongFlag(next.text);
    note(flag, takes ? next : undefined);
    return takes ? 1 : 0;
  }
  return 0;
}
