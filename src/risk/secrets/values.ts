/** The secrets of one call by value, so that they are found wherever else it repeats them. */
import { isReference, merged, type Range } from './text.js';

const VALUES_MAX = 200;
const LENGTH_MAX = 8_192;
/** A shorter value is replaced where it was found and nowhere else. */
const LENGTH_MIN = 4;
/** As much of a secret as is still one after the rest was cut off. */
const PART_MIN = 10;
const TAIL_MIN = 4;
/** Too common to be anybody's secret, too useful in a record to be taken out of it. */
const COMMON: ReadonlySet<string> = new Set(
  'postgres root admin mysql mariadb redis mongo test testing user users guest password secret token changeme example default public private true false null none string production staging development local localhost database main master file folder table program shell bearer basic'.split(
    ' ',
  ),
);

export class SecretValues {
  private readonly values = new Set<string>();

  /** Notes a secret in every spelling that the call may have for it. */
  add(value: string): void {
    if (value.length > LENGTH_MAX || isReference(value)) return;
    for (const form of [value, withoutQuotes(value), decoded(value)]) {
      const plain = form.trim();
      if (plain.length >= LENGTH_MIN && !COMMON.has(plain.toLowerCase()) && this.values.size < VALUES_MAX)
        this.values.add(plain);
    }
  }

  /** Where a text repeats a secret, whole or cut off. A word of letters alone counts when it stands alone. */
  rangesIn(text: string): readonly Range[] {
    const found: Range[] = [];
    for (const value of this.values)
      found.push(...(isPlain(value) ? wordsOf(text, value) : partsOf(text, value)));
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

function partsOf(text: string, value: string): readonly Range[] {
  const found: Range[] = [];
  const head = value.slice(0, Math.min(PART_MIN, value.length));
  for (let at = text.indexOf(head); at >= 0; at = text.indexOf(head, at + 1)) {
    let length = head.length;
    while (length < value.length && text[at + length] === value[length]) length += 1;
    found.push({ start: at, end: at + length });
    at += length - 1;
  }
  return [...found, ...tailOf(text, value)];
}

/** A target is cut to a length, which may go through the middle of a secret. */
function tailOf(text: string, value: string): readonly Range[] {
  const end = text.replace(/[)\]}'"`…]+$/, '').length;
  for (let length = Math.min(PART_MIN, end, value.length); length >= TAIL_MIN; length -= 1) {
    if (text.slice(end - length, end) === value.slice(0, length)) return [{ start: end - length, end }];
  }
  return [];
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
