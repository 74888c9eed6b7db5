/** Request bodies: JSON that is bounded in depth, exact in its integers, and without prototype keys. */

import type { IncomingHttpHeaders } from 'node:http';
import { parse as parseLossless } from 'lossless-json';
import { HttpFailure } from './failure.js';

/** How deep arrays and objects may nest; the body itself is level 1. */
export const NESTING_MAX = 32;
/** Integers of fewer digits are always below 2^53. */
const LONG_DIGITS = 16;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const DIGIT_0 = 0x30;
const DIGIT_9 = 0x39;
const OPENING: ReadonlySet<number> = new Set([0x5b, 0x7b]);
const CLOSING: ReadonlySet<number> = new Set([0x5d, 0x7d]);

/** Text that may spell a prototype key, escapes included. */
const SUSPECT = /__proto__|prototype|\\u/;

const OWN_TYPE = /^application\/json(\s*;\s*charset="?utf-?8"?)?\s*;?\s*$/i;
const CHARSET = /;\s*charset\s*=/i;

/**
 * Bodies are read as they come, and as UTF-8.
 * @throws HttpFailure 415 for a compressed body, or one in another character set
 */
export function checkEncoding(headers: IncomingHttpHeaders): void {
  const type = headers['content-type'];
  const encoding = headers['content-encoding'];
  if (encoding !== undefined && encoding.toLowerCase() !== 'identity') {
    const message = 'The body must be sent without Content-Encoding.';
    throw new HttpFailure(415, 'INVALID_REQUEST', message, { field: 'content-encoding' });
  }
  if (type === 'application/json' || type === undefined || OWN_TYPE.test(type) || !CHARSET.test(type)) return;
  const message = 'The body must be application/json in UTF-8.';
  throw new HttpFailure(415, 'INVALID_REQUEST', message, { field: 'content-type' });
}

/** For a body of another type. */
export const notJson = (): HttpFailure =>
  new HttpFailure(415, 'INVALID_REQUEST', 'The body must be application/json.');

/**
 * Parses a body. Integers beyond 2^53 come back as bigint, everything else as JSON.parse gives it.
 * @throws HttpFailure 400 for malformed JSON, deep nesting, or a prototype key
 */
export function parseBody(text: string): unknown {
  const { isTooDeep, hasLongNumber } = scan(text);
  if (isTooDeep) throw invalid(`The body nests deeper than ${NESTING_MAX} levels.`);
  const body = parseStandard(text);
  if (SUSPECT.test(text)) refusePrototypeKeys(body, '');
  return hasLongNumber ? parseExact(text) : body;
}

const invalid = (message: string, field = 'body'): HttpFailure =>
  new HttpFailure(400, 'INVALID_REQUEST', message, { field });

function parseStandard(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw invalid('The body is not valid JSON.');
  }
}

/** Slower, and only for bodies with a long number; the last of equal keys wins, as with JSON.parse. */
function parseExact(text: string): unknown {
  return parseLossless(text, undefined, {
    parseNumber: exactNumber,
    onDuplicateKey: ({ newValue }) => newValue,
  });
}

function exactNumber(digits: string): number | bigint {
  const value = Number(digits);
  return Number.isSafeInteger(value) || !/^-?\d+$/.test(digits) ? value : BigInt(digits);
}

/** One pass over the text outside its strings. */
function scan(text: string): { isTooDeep: boolean; hasLongNumber: boolean } {
  let depth = 0;
  let digits = 0;
  let hasLongNumber = false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code >= DIGIT_0 && code <= DIGIT_9) {
      digits++;
      if (digits >= LONG_DIGITS) hasLongNumber = true;
      continue;
    }
    digits = 0;
    if (code === QUOTE) at = endOfString(text, at);
    else if (OPENING.has(code)) {
      depth++;
      if (depth > NESTING_MAX) return { isTooDeep: true, hasLongNumber };
    } else if (CLOSING.has(code)) depth--;
  }
  return { isTooDeep: false, hasLongNumber };
}

/** The index of the closing quote, or the end of the text. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let backslashes = 0;
    while (text.charCodeAt(end - 1 - backslashes) === BACKSLASH) backslashes++;
    if (backslashes % 2 === 0) return end;
  }
  return text.length;
}

/** Such keys do nothing here, but may change objects of a reader that merges what we stored. */
function refusePrototypeKeys(value: unknown, path: string): void {
  if (typeof value !== 'object' || value === null) return;
  for (const key of Object.keys(value)) {
    const field = path === '' ? key : `${path}.${key}`;
    const member = (value as Record<string, unknown>)[key];
    if (key === '__proto__' || (key === 'constructor' && hasPrototypeKey(member))) {
      throw invalid(`${field} is not allowed as a key.`, field);
    }
    refusePrototypeKeys(member, field);
  }
}

const hasPrototypeKey = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, 'prototype');

/** Prints a value as JSON with every bigint as an exact integer. */
export function printExact(value: unknown): string {
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) return `[${value.map(printExact).join(',')}]`;
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${printExact(member)}`).join(',')}}`;
}
