/** What `${name%suffix}`, `${name/a/b}`, `${name:1}` and `${name,,}` make of a value that is known. */
import type { ParameterOperation, Word } from 'unbash';
import type { Value } from './argument.js';

const LENGTH_MAX = 4_096;
/** Every cut is tried, so the work grows with the square of this. */
const CUT_LENGTH_MAX = 500;
const PATTERN_LENGTH_MAX = 200;

/** The changed value, or null when the script does not say what it becomes. */
export function changed(
  value: Value | undefined,
  operation: ParameterOperation,
  expand: (word: Word) => Value,
): Value | null {
  if (value?.known !== true || value.text.length > LENGTH_MAX) return null;
  const text = changedText(value.text, operation, (word) => {
    const expanded = expand(word);
    return expanded.known && expanded.text.length <= PATTERN_LENGTH_MAX ? expanded.text : null;
  });
  return text === null ? null : { text, known: true, taint: value.taint };
}

type Read = (word: Word) => string | null;

function changedText(text: string, operation: ParameterOperation, read: Read): string | null {
  switch (operation.type) {
    case 'Remove':
      return removed(text, operation.operator, read(operation.operand));
    case 'Replace':
      return replaced(text, operation.operator, read(operation.pattern), read(operation.replacement));
    case 'Slice':
      return sliced(
        text,
        read(operation.offset),
        operation.length === undefined ? '' : read(operation.length),
      );
    case 'CaseModification':
      return operation.operand === undefined ? withCase(text, operation.operator) : null;
    default:
      return null;
  }
}

/** The shortest match first or last, as the shell does. */
function removed(text: string, operator: '#' | '##' | '%' | '%%', pattern: string | null): string | null {
  if (pattern === null || text.length > CUT_LENGTH_MAX || pattern.split('*').length > 2) return null;
  const fits = matcher(pattern);
  const lengths = Array.from({ length: text.length + 1 }, (_, length) => length);
  const fromStart = operator.startsWith('#');
  const part = (length: number): string =>
    fromStart ? text.slice(0, length) : text.slice(text.length - length);
  const ordered = operator.length === 1 ? lengths : lengths.reverse();
  const cut = ordered.find((length) => fits.test(part(length))) ?? 0;
  return fromStart ? text.slice(cut) : text.slice(0, text.length - cut);
}

function replaced(text: string, operator: string, pattern: string | null, by: string | null): string | null {
  if (pattern === null || by === null || /[*?[]/.test(pattern)) return null;
  if (operator === '//') return text.replaceAll(pattern, () => by);
  if (operator === '/') return text.replace(pattern, () => by);
  if (operator === '/#') return text.startsWith(pattern) ? by + text.slice(pattern.length) : text;
  return text.endsWith(pattern) ? text.slice(0, text.length - pattern.length) + by : text;
}

function sliced(text: string, offset: string | null, length: string | null): string | null {
  const from = Number(offset === '' ? 'x' : offset?.trim());
  const count = length === '' ? text.length : Number(length ?? 'x');
  if (!Number.isInteger(from) || !Number.isInteger(count)) return null;
  const start = from < 0 ? Math.max(text.length + from, 0) : from;
  return count < 0 ? text.slice(start, count) : text.slice(start, start + count);
}

function withCase(text: string, operator: '^' | '^^' | ',' | ',,'): string {
  const change = (part: string): string =>
    operator.startsWith('^') ? part.toUpperCase() : part.toLowerCase();
  return operator.length === 2 ? change(text) : change(text.slice(0, 1)) + text.slice(1);
}

/** A pattern of the shell, of which only `*` and `?` mean something here. */
function matcher(pattern: string): RegExp {
  const source = pattern
    .replace(/[.+^$(){}|[\]\\]/g, '\\$&')
    .replace(/\*+/g, '[^]*')
    .replace(/\?/g, '[^]');
  return new RegExp(`^${source}$`);
}
