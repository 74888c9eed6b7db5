/** What a `curl` sends: the data, forms and files that its options name. */
import type { Span } from '../../domain/assessment.js';
import { touch } from '../paths.js';
import type { Argument } from '../shell/argument.js';
import type { Invocation } from '../shell/invocation.js';
import { SENDS_SECRETS } from './judge.js';
import { DATA_FLAGS, FORM_FLAGS, UPLOAD_FLAGS } from './options.js';
import { type Body, bodyFrom, NO_BODY } from './request.js';

/** Options with their values, as they were split. */
export type Flags = ReadonlyMap<string, readonly Argument[]>;

/** Most requests have none of these. */
const SENDING_FLAGS: readonly string[] = [...DATA_FLAGS, ...FORM_FLAGS, ...UPLOAD_FLAGS];

export function valuesOf(flags: Flags, names: readonly string[]): readonly Argument[] {
  return names.flatMap((name) => flags.get(name) ?? []);
}

/** All data flags together; one hidden part hides the body. */
export function payloadOf(invocation: Invocation, flags: Flags): Body {
  if (!SENDING_FLAGS.some((flag) => flags.has(flag))) return NO_BODY;
  const parts: Body[] = [
    ...DATA_FLAGS.flatMap((flag) => (flags.get(flag) ?? []).map((word) => dataPart(invocation, flag, word))),
    ...FORM_FLAGS.flatMap((flag) => (flags.get(flag) ?? []).map((word) => formPart(invocation, word))),
    ...valuesOf(flags, UPLOAD_FLAGS).map((word) => filePart(invocation, word, word.text, word.span)),
  ];
  const hidden = parts.find((part) => part.kind === 'hidden');
  if (hidden !== undefined) return hidden;
  const texts = parts.filter((part) => part.kind === 'text');
  const first = texts[0];
  if (first === undefined) return NO_BODY;
  return texts.length === 1 ? first : { ...first, text: texts.map((part) => part.text).join('&'), raw: '' };
}

function dataPart(invocation: Invocation, flag: string, word: Argument): Body {
  const { text } = word;
  if (flag === '--data-urlencode') return encodedPart(invocation, word);
  if (text.startsWith('@') && flag !== '--data-raw')
    return filePart(invocation, word, text.slice(1), word.span);
  return textPart(word, text);
}

function encodedPart(invocation: Invocation, word: Argument): Body {
  const match = /^([\w.[\]-]*)([=@])([\s\S]*)$/.exec(word.text);
  if (match === null) return textPart(word, encodeURIComponent(word.text));
  const [, name = '', sign, value = ''] = match;
  const prefix = name === '' ? '' : `${name}=`;
  if (sign === '=') return textPart(word, prefix + encoded(value));
  const file = filePart(invocation, word, value, word.span);
  return file.kind === 'text' ? { ...file, text: prefix + encoded(file.text) } : file;
}

function encoded(text: string): string {
  return encodeURIComponent(text.replace(/\p{Surrogate}/gu, '\uFFFD'));
}

function formPart(invocation: Invocation, word: Argument): Body {
  const equals = word.text.indexOf('=');
  const name = equals < 0 ? word.text : word.text.slice(0, equals);
  const value = equals < 0 ? '' : word.text.slice(equals + 1);
  if (!/^[@<]/.test(value)) return textPart(word, `${encoded(name)}=${encoded(value)}`);
  const file = filePart(invocation, word, value.slice(1).replace(/;.*$/, ''), word.span);
  return file.kind === 'text' ? { ...file, text: `${encoded(name)}=${encoded(file.text)}` } : file;
}

function textPart(word: Argument, text: string): Body {
  if (!word.known) return { kind: 'hidden', what: word.text, span: word.span };
  return { kind: 'text', text, raw: word.raw, span: word.span };
}

/** A file's content when it was sent along, standard input when it is known, hidden otherwise. */
function filePart(invocation: Invocation, word: Argument, path: string, span: Span): Body {
  if (path === '-' || path === '/dev/stdin' || path === '.') {
    return bodyFrom(invocation.stdin, 'standard input', span);
  }
  const before = invocation.analysis.findings.length;
  touch(invocation.analysis, {
    path,
    access: 'read',
    directory: invocation.directory,
    place: invocation.place,
    span,
  });
  const secret = invocation.analysis.findings.slice(before).some((found) => found.tier >= 2);
  if (secret) invocation.analysis.report(SENDS_SECRETS, { target: `file ${path}`, span });
  const content = word.known ? invocation.analysis.files.content(path, invocation) : undefined;
  return bodyFrom(content, path, span);
}
