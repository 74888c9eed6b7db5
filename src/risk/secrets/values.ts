/** The secrets of one call by value, so that they are found wherever else it repeats them. */
import { isReference, merged, type Range } from './text.js';

const VALUES_MAX = 200;
const LENGTH_MAX = 8_192;
/** A shorter value is replaced where it was found and nowhere else. */
const LENGTH_MIN = 4;
/** As much of a secret as is still one after the rest was cut off. */
const PART_MIN = 10;
const TAIL_MIN = 4;
/** Of more secrets that begin alike, whatever begins like them is one. */
const ALIKE_MAX = 8;
/** No text is cut to fewer characters than this. */
const CUT_MIN = 70;
/** Too common to be anybody's secret, too useful in a record to be taken out of it. */
const COMMON: ReadonlySet<string> = new Set(
  'postgres root admin mysql mariadb redis mongo test testing user users guest password secret token changeme example default public private true false null none string production staging development local localhost database main master file folder table program shell bearer basic'.split(
    ' ',
  ),
);

export class SecretValues {
  private readonly plain = new Set<string>();
  /** The others, by how they begin, so that a text is searched once for all that begin alike. */
  private readonly byHead = new Map<string, Set<string>>();
  private count = 0;

  /** True while no secret is known that other texts could repeat. */
  get isEmpty(): boolean {
    return this.count === 0;
  }

  /** Notes a secret in every spelling that the call may have for it. */
  add(value: string): void {
    if (value.length > LENGTH_MAX || isReference(value)) return;
    for (const form of [value, withoutQuotes(value), decoded(value)]) this.note(form.trim());
  }

  private note(value: string): void {
    if (value.length < LENGTH_MIN || this.count >= VALUES_MAX || COMMON.has(value.toLowerCase())) return;
    const head = value.slice(0, PART_MIN);
    const group = isPlain(value) ? this.plain : (this.byHead.get(head) ?? new Set());
    if (group.has(value)) return;
    group.add(value);
    if (group !== this.plain) this.byHead.set(head, group);
    this.count += 1;
  }

  /** Where a text repeats a secret, whole or cut off. A word of letters alone counts when it stands alone. */
  rangesIn(text: string): readonly Range[] {
    if (this.count === 0) return [];
    const found: Range[] = [];
    const end = endOf(text);
    for (const value of this.plain) found.push(...wordsOf(text, value));
    for (const [head, values] of this.byHead)
      found.push(...partsOf(text, head, values), ...tailOf(text, end, head));
    return merged(found);
  }
}

/** What anyone could have written for another reason: a short word, a number. */
function isPlain(value: string): boolean {
  return value.length < 8 || /^[a-z]{1,12}$/i.test(value) || /^\d{1,8}$/.test(value);
}

function wordsOf(text: string, value: string): readonly Range[] {
  const found: Range[] = [];
  for (let at = text.indexOf(value); at >= 0; at = text.indexOf(value, at + value.length)) {
    const end = at + value.length;
    if (!isWordPart(text.charAt(at - 1)) && !isWordPart(text.charAt(end))) found.push({ start: at, end });
  }
  return found;
}

function isWordPart(character: string): boolean {
  return /[\w-]/.test(character);
}

function partsOf(text: string, head: string, values: ReadonlySet<string>): readonly Range[] {
  const found: Range[] = [];
  for (let at = text.indexOf(head); at >= 0; at = text.indexOf(head, at + head.length)) {
    let length = head.length;
    if (values.size > ALIKE_MAX)
      length = /^[^\s"'`,;]*/.exec(text.slice(at, at + LENGTH_MAX))?.[0].length ?? length;
    else for (const value of values) length = Math.max(length, agreement(text, at, value));
    found.push({ start: at, end: at + Math.max(length, head.length) });
  }
  return found;
}

/** How many characters of a value stand at a place of a text. */
function agreement(text: string, at: number, value: string): number {
  if (text.startsWith(value, at)) return value.length;
  let length = 0;
  while (length < value.length && text[at + length] === value[length]) length += 1;
  return length;
}

/** A target is cut to a length, which may go through the middle of a secret. */
function tailOf(text: string, end: number, head: string): readonly Range[] {
  for (let length = Math.min(head.length, end); length >= TAIL_MIN; length -= 1) {
    if (text.startsWith(head.slice(0, length), end - length)) return [{ start: end - length, end }];
  }
  return [];
}

/** Where a text that may have been cut ends, but for what closes it; 0 when it is too short for that. */
function endOf(text: string): number {
  if (text.length < CUT_MIN) return 0;
  let end = text.length;
  while (end > 0 && ')]}\'"`…'.includes(text.charAt(end - 1))) end -= 1;
  return end;
}

/** As a shell would read it. */
function withoutQuotes(value: string): string {
  return value.replace(/\\(.)/g, '$1').replace(/["']/g, '');
}

function decoded(value: string): string {
  if (!value.includes('%')) return value;
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
