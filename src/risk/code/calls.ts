/** Finds the calls in a code: what is called on whom, with what, and what is called on the result. */
import type { Literal } from './literals.js';

/** One link of a chain, as `where(id)` in `users.where(id).delete()`. */
export interface Link {
  readonly name: string;
  /** What stands between its brackets; null when it is not called. */
  readonly given: string | null;
}

export interface Call extends Link {
  /** From the first receiver on; empty for a plain function. */
  readonly receivers: readonly Link[];
  /** What is called on the result, in order. */
  readonly after: readonly Link[];
  readonly isConstruction: boolean;
  readonly start: number;
  readonly end: number;
}

const NAMES = /[A-Za-z_$][\w$]*[!?]?/g;
const LINKS_MAX = 16;
const BRACKETS_MAX = 1_000;
const NAMES_MAX = 60_000;
const OPENING = '([{';
const CLOSING = ')]}';
const IDENTIFIER = /^[A-Za-z_]\w*[!?]?$/;
/** Calls that are given the name of what to do. */
const TAKES_NAME =
  /(?:_api_call|makeRequest|[cC]ommand|execute|\bcall|invoke|perform_request|operation|methodcaller|\bsend|_send|__send__)([\s(]\s*[[{]?\s*)$/;
const BEFORE_TEXT_MAX = 400;

/**
 * The code with the inside of its one-line texts blanked, place for place. What looks like a text over several lines,
 * or computes a part of itself, may be code in another language, so it stays.
 */
export function blanked(code: string, literals: readonly Literal[]): string {
  const parts: string[] = [];
  let at = 0;
  for (const { start, end } of literals) {
    const raw = code.slice(start, end);
    if (!/^["'`]/.test(raw) || /\n|#\{|\$\{|\{\$|@\{/.test(raw) || /[fF][rR]?$/.test(code.slice(at, start)))
      continue;
    parts.push(code.slice(at, start + 1), ' '.repeat(Math.max(0, end - start - 2)), code.slice(end - 1, end));
    at = end;
  }
  const joined = parts.join('') + code.slice(at);
  if (!/#|\/\//.test(joined)) return joined;
  const python = /^\s*(?:from|import|def)\b[^'"{;]*$/m.test(code);
  const lines = python ? /^[ \t]*#[ #!][^\n]*/gm : /^[ \t]*(?:#[ #!]|\/\/)[^\n]*/gm;
  return joined.replace(lines, (line) => ' '.repeat(line.length));
}

/** Every call whose name `interests`, and every method that is named without being called. */
export function callsIn(
  code: string,
  blank: string,
  literals: readonly Literal[],
  interests: (name: string) => boolean,
): readonly Call[] {
  const calls: Call[] = [];
  let names = 0;
  for (const match of blank.matchAll(NAMES)) {
    names += 1;
    if (names > NAMES_MAX) break;
    if (interests(match[0])) {
      const call = callAt(code, blank, match[0], match.index);
      if (call !== null) calls.push(call);
    }
  }
  return [...calls, ...callsByText(code, blank, literals, interests)];
}

function callAt(code: string, blank: string, name: string, start: number): Call | null {
  const end = start + name.length;
  const receivers = receiversEndingAt(code, blank, separatorBefore(blank, start));
  const given = givenAt(code, blank, end);
  if (
    given === null &&
    (receivers.length === 0 || /^\s*(?:=(?!=)|:(?!:)|\\|\.)/.test(blank.slice(end, end + 8)))
  )
    return null;
  const close = given === null ? end : given.end;
  return {
    name,
    given: given?.text ?? null,
    receivers,
    after: linksAfter(code, blank, close),
    isConstruction: /(?<![.\w])new\s+(?:[\w$]+[.\\])*$/.test(blank.slice(Math.max(0, start - 80), start)),
    start,
    end: close,
  };
}

/** `getattr(client, 'delete_' + 'x')`, `client['dropDatabase']()`, `send(:delete_all)`, `command('dropDatabase')`. */
function callsByText(
  code: string,
  blank: string,
  literals: readonly Literal[],
  interests: (name: string) => boolean,
): readonly Call[] {
  const symbols = [...blank.matchAll(/(?<=[\s(]):(\w+[!?]?)/g)].map((match) => ({
    text: match[1] ?? '',
    start: match.index,
    end: match.index + match[0].length,
  }));
  return [...literals, ...symbols].flatMap(({ text, start, end }) => {
    const place = IDENTIFIER.test(text) && interests(text) ? calleeBefore(blank, start, end) : null;
    if (place === null) return [];
    const closed = /^\s*[)\]]\s*/.exec(blank.slice(end, end + 20))?.[0].length ?? 0;
    const given = closed === 0 ? null : givenAt(code, blank, end + closed);
    const close = given?.end ?? end;
    return [
      {
        name: text,
        given: given?.text ?? null,
        receivers: receiversEndingAt(code, blank, place),
        after: linksAfter(code, blank, close),
        isConstruction: false,
        start,
        end: close,
      },
    ];
  });
}

/** Where that ends on which a text names a call; null when it names none. */
function calleeBefore(blank: string, start: number, end: number): number | null {
  const before = blank.slice(Math.max(0, start - BEFORE_TEXT_MAX), start);
  const lead =
    /\bgetattr\s*\((?:[^()]|\([^()]*\))*(,\s*)$/.exec(before)?.[1] ??
    TAKES_NAME.exec(before)?.[1] ??
    (/^\s*\]\s*(?:\?\.)?\s*(?:\(|\.(?:call|apply|bind))/.test(blank.slice(end, end + 20))
      ? /(?<=[\w)\]])((?:\?\.)?\[\s*)$/.exec(before)?.[1]
      : undefined);
  return lead === undefined ? null : start - lead.length;
}

/** The links of the chain that ends at a place; none when there is no such place. */
function receiversEndingAt(code: string, blank: string, place: number): readonly Link[] {
  const links: Link[] = [];
  let at = place;
  while (at >= 0 && links.length < LINKS_MAX) {
    let given: string | null = null;
    let end = skipSpaceBack(blank, at);
    while (end > 0 && (blank[end - 1] === ')' || blank[end - 1] === ']')) {
      const open = openingOf(blank, end - 1);
      if (open < 0) return links;
      if (blank[end - 1] === ')') given = code.slice(open + 1, end - 1);
      end = skipSpaceBack(blank, open);
    }
    const name = /[A-Za-z_$@][\w$]*[!?]?$/.exec(blank.slice(Math.max(0, end - 100), end))?.[0];
    if (name === undefined) {
      const inner = given === null ? [] : innermost(given);
      return [...inner, ...links];
    }
    links.unshift({ name, given });
    at = separatorBefore(blank, end - name.length);
  }
  return links;
}

/** `(await x.y()).z`: the names inside the brackets stand for the receiver. */
function innermost(text: string): readonly Link[] {
  return [...text.slice(0, 400).matchAll(/[A-Za-z_$][\w$]*/g)]
    .map(([name]) => ({ name, given: null }))
    .filter(({ name }) => name !== 'await' && name !== 'new')
    .slice(0, 8);
}

/** Where a receiver ends whose separator stands before a place; -1 when none does. */
function separatorBefore(blank: string, place: number): number {
  const before = blank.slice(Math.max(0, place - 40), place);
  const separator = /\s*(?:\?\.|&\.|->|::|\.|\\)\s*$/.exec(before);
  return separator === null ? -1 : place - separator[0].length;
}

function linksAfter(code: string, blank: string, place: number): readonly Link[] {
  const links: Link[] = [];
  let at = place;
  while (links.length < LINKS_MAX) {
    const next = /^\s*(?:\?\.|\.|->|::)\s*([A-Za-z_$][\w$]*[!?]?)/.exec(blank.slice(at, at + 120));
    if (next === null) return links;
    const end = at + next[0].length;
    const given = givenAt(code, blank, end);
    links.push({ name: next[1] ?? '', given: given?.text ?? null });
    at = given?.end ?? end;
  }
  return links;
}

/** The text between the brackets that open at a place. */
function givenAt(
  code: string,
  blank: string,
  place: number,
): { readonly text: string; readonly end: number } | null {
  const space = /^[ \t]*(?:\?\.)?\(/.exec(blank.slice(place, place + 20))?.[0].length ?? 0;
  if (space === 0) return null;
  const open = place + space - 1;
  let depth = 0;
  const last = Math.min(blank.length, open + BRACKETS_MAX);
  for (let at = open; at < last; at += 1) {
    const character = blank[at] ?? '';
    if (OPENING.includes(character)) depth += 1;
    else if (CLOSING.includes(character)) depth -= 1;
    if (depth === 0) return { text: code.slice(open + 1, at), end: at + 1 };
  }
  return { text: code.slice(open + 1, last), end: last };
}

function openingOf(blank: string, close: number): number {
  let depth = 0;
  const first = Math.max(0, close - BRACKETS_MAX);
  for (let at = close; at >= first; at -= 1) {
    const character = blank[at] ?? '';
    if (CLOSING.includes(character)) depth += 1;
    else if (OPENING.includes(character)) depth -= 1;
    if (depth === 0) return at;
  }
  return -1;
}

function skipSpaceBack(text: string, place: number): number {
  let at = place;
  while (at > 0 && /\s/.test(text[at - 1] ?? '')) at -= 1;
  return at;
}
