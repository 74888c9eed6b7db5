/** The work of the filters whose arguments are a small language: `tr`, `cut`, `sed` and `awk`, as far as it is plain. */
import type { ParsedArguments } from './argument.js';
import { unescaped } from './format.js';

const CLASSES: Readonly<Record<string, string>> = {
  '[:upper:]': 'A-Z',
  '[:lower:]': 'a-z',
  '[:digit:]': '0-9',
  '[:alpha:]': 'A-Za-z',
  '[:alnum:]': 'A-Za-z0-9',
  '[:space:]': ' \t\n\r\v\f',
  '[:blank:]': ' \t',
};
const SET_LENGTH_MAX = 512;
const LINES_MAX = 200;
/** A pattern is tried at every place of a line, so long ones are left alone. */
const LINE_LENGTH_MAX = 200;

/** `tr FROM TO`, or `tr -d FROM`. */
export function translated(text: string, from: string, to: string | null, deletes: boolean): string | null {
  const source = setOf(from);
  if (deletes) return [...text].filter((character) => !source.includes(character)).join('');
  if (to === null) return text;
  const target = setOf(to);
  const last = target.at(-1);
  if (last === undefined) return null;
  return [...text]
    .map((character) => {
      const at = source.lastIndexOf(character);
      return at < 0 ? character : (target[at] ?? last);
    })
    .join('');
}

function setOf(written: string): readonly string[] {
  const plain = unescaped(written.replace(/\[:\w+:\]/g, (name) => CLASSES[name] ?? name));
  const all: string[] = [];
  for (let at = 0; at < plain.length && all.length < SET_LENGTH_MAX; at += 1) {
    const end = plain[at + 1] === '-' ? plain.charCodeAt(at + 2) : Number.NaN;
    const start = plain.charCodeAt(at);
    if (Number.isNaN(end) || end < start) all.push(plain.charAt(at));
    else {
      for (let code = start; code <= end && all.length < SET_LENGTH_MAX; code += 1)
        all.push(String.fromCharCode(code));
      at += 2;
    }
  }
  return all;
}

/** `cut -c LIST` and `cut -d X -f LIST`. */
export function cutLines(text: string, flags: ParsedArguments['flags']): string | null {
  const value = (...names: readonly string[]): string | undefined =>
    names.map((name) => flags.get(name)?.[0]?.text).find((held) => held !== undefined);
  const characters = value('-c', '-b', '--characters');
  const list = characters ?? value('-f', '--fields');
  if (list === undefined || !/^[\d,-]{1,40}$/.test(list)) return null;
  const separator = characters === undefined ? (value('-d', '--delimiter') ?? '\t') : '';
  return byLine(text, (line) => {
    const parts = separator === '' ? [...line] : line.split(separator);
    return parts.length === 1 ? line : parts.filter((_, index) => isChosen(list, index + 1)).join(separator);
  });
}

function isChosen(list: string, position: number): boolean {
  return list.split(',').some((part) => {
    const [from = '', to] = part.split('-');
    const first = from === '' ? 1 : Number(from);
    const last = to === undefined ? first : to === '' ? Infinity : Number(to);
    return position >= first && position <= last;
  });
}

function byLine(text: string, change: (line: string) => string | null): string | null {
  const changed: string[] = [];
  for (const line of text.replace(/\n$/, '').split('\n').slice(0, LINES_MAX)) {
    const one = change(line);
    if (one === null) return null;
    changed.push(one);
  }
  return `${changed.join('\n')}\n`;
}

const SUBSTITUTION =
  /^s([/|#,:@!%~^;])((?:\\[\s\S]|(?!\1)[^\\])*)\1((?:\\[\s\S]|(?!\1)[^\\])*)\1([gp]{0,2})\s*(?:;|\n|$)/;
const SCRIPTS_MAX = 4;
const PROGRAM_LENGTH_MAX = 500;

/** Substitutions only; a script with other commands is not followed. */
export function sedPrints(
  text: string,
  scripts: readonly string[],
  flags: ParsedArguments['flags'],
): string | null {
  if (['-i', '--in-place', '-f', '-n', '-z', '-s'].some((flag) => flags.has(flag))) return null;
  const isExtended = ['-E', '-r', '--regexp-extended'].some((flag) => flags.has(flag));
  const changes: Change[] = [];
  let rest = scripts.join('\n').trim();
  while (rest !== '') {
    const match = SUBSTITUTION.exec(rest);
    const [whole = '', , pattern = '', replacement = '', options = ''] = match ?? [];
    const expression = match === null ? null : expressionOf(pattern, isExtended, options.includes('g'));
    if (expression === null || changes.length >= SCRIPTS_MAX) return null;
    changes.push({ expression, replacement });
    rest = rest.slice(whole.length).trim();
  }
  return byLine(text, (line) =>
    line.length > LINE_LENGTH_MAX
      ? null
      : changes.reduce((held, { expression, replacement }) => replaced(held, expression, replacement), line),
  );
}

interface Change {
  readonly expression: RegExp;
  readonly replacement: string;
}

function replaced(line: string, expression: RegExp, replacement: string): string {
  return line.replace(expression, (whole: string, ...groups: unknown[]) =>
    replacement.replace(/\\([\s\S])|&/g, (sign, escaped: string | undefined) => {
      if (sign === '&') return whole;
      if (escaped === 'n') return '\n';
      const group = /^\d$/.test(escaped ?? '') ? groups[Number(escaped) - 1] : escaped;
      return typeof group === 'string' ? group : '';
    }),
  );
}

/** A pattern of the program as one of ours; null for one that may take long or that is not the same here. */
function expressionOf(pattern: string, isExtended: boolean, isGlobal: boolean): RegExp | null {
  if (pattern === '' || /\[[[\]^]?[:=.\]]|\\[<>bBwWsS`'{}\d]|\{/.test(pattern)) return null;
  const swapped = isExtended
    ? pattern
    : pattern.replace(
        /\\([(|)+?])|([(|)+?])/g,
        (_, escaped?: string, plain?: string) => escaped ?? `\\${plain}`,
      );
  const bare = swapped.replace(/\\[\s\S]/g, '').replace(/\[[^\]]*\]/g, '.');
  if ((bare.match(/[*+]/g) ?? []).length > 1 || /\)[*+?]/.test(bare)) return null;
  try {
    return new RegExp(swapped, isGlobal ? 'g' : '');
  } catch {
    return null;
  }
}

const PRINTS = /^\s*(BEGIN|END|NR\s*==\s*\d+|\/[\w -]+\/)?\s*\{\s*print(?:\s+([^{}]*?))?\s*;?\s*\}\s*$/;
const OPERAND = /^\s*(?:"((?:[^"\\]|\\.)*)"|\$(\d{1,2}|NF))\s*/;

/** `{print $2, "text"}`, once at the beginning or for every line. */
export function awkPrints(text: string, program: string, separator: string | null): string | null {
  const match = program.length > PROGRAM_LENGTH_MAX ? null : PRINTS.exec(program);
  if (match === null) return null;
  const [, condition = '', list = '$0'] = match;
  if (/^(?:BEGIN|END)$/.test(condition)) {
    const printed = row(list, '', [], separator);
    return printed === null ? null : `${printed}\n`;
  }
  const wanted = /\/(.*)\//.exec(condition)?.[1];
  const number = Number(/\d+$/.exec(condition)?.[0] ?? 0);
  const chosen = text
    .replace(/\n$/, '')
    .split('\n')
    .filter(
      (line, index) =>
        (wanted === undefined || line.includes(wanted)) && (number === 0 || number === index + 1),
    );
  return byLine(chosen.join('\n'), (line) => {
    const fields = separator === null ? line.trim().split(/\s+/) : line.split(separator);
    return row(list, line, fields, separator);
  });
}

/** One line of output: operands beside each other are joined, those parted by commas get a space. */
function row(list: string, line: string, fields: readonly string[], separator: string | null): string | null {
  if (separator !== null && !/^[^\\[\]*+?.|^$(){}]{1,8}$/.test(separator)) return null;
  let printed = '';
  let rest = list;
  while (rest.trim() !== '') {
    const match = OPERAND.exec(rest);
    if (match === null) return null;
    const [whole, text, field] = match;
    printed +=
      text === undefined ? fieldOf(field ?? '0', line, fields) : unescaped(text).replaceAll('\\"', '"');
    rest = rest.slice(whole.length);
    if (!rest.startsWith(',')) continue;
    printed += ' ';
    rest = rest.slice(1);
  }
  return printed;
}

function fieldOf(field: string, line: string, fields: readonly string[]): string {
  if (field === '0') return line;
  return (field === 'NF' ? fields.at(-1) : fields[Number(field) - 1]) ?? '';
}
