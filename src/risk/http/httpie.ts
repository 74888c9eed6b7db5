/** Reads HTTPie command lines: `http POST host/path name=value header:value`. */
import { reads } from '../catalogue/verdicts.js';
import { touch } from '../paths.js';
import { type Argument, parseArguments, unknownValue, type Value } from '../shell/argument.js';
import type { Invocation } from '../shell/invocation.js';
import { judgeRequest, SENDS_SECRETS } from './judge.js';
import { jsonOf } from './operation.js';
import { type Body, bodyFrom, isCredentialAddress, isCredentialHeader, NO_BODY } from './request.js';

const VALUE_FLAGS = [
  '-a',
  '--auth',
  '-A',
  '--auth-type',
  '-o',
  '--output',
  '--raw',
  '-p',
  '--print',
  '--session',
  '--timeout',
  '--style',
  '-s',
  '--verify',
  '--cert',
  '--cert-key',
  '--boundary',
  '--max-redirects',
  '--session-read-only',
  '--proxy',
];

/** `name=value`, `name:=json`, `name==value` and their forms with a file, and `name@file`. */
const ITEM = /^((?:[\w.[\]-]|\\.)+?)(:=@|=@|==|:=|=|@)([\s\S]*)$/;
const OFFLINE = reads('It only shows the request that it would send.', 'http.get');

interface Items {
  /** For the address. */
  readonly query: readonly string[];
  readonly headers: readonly string[];
  /** For the body: a value that is null cannot be seen. */
  readonly fields: readonly (readonly [name: string, value: unknown])[];
  readonly hidden: string | null;
}

/** Judges the request of an `http`; its output counts as fetched. */
export function readHttpie(invocation: Invocation): Value {
  const { flags, operands } = parseArguments(invocation.args, {
    valueFlags: VALUE_FLAGS,
    singleDash: false,
    stopAtOperand: false,
  });
  const stated = /^[A-Za-z]+$/.test(operands[0]?.text ?? '') && operands.length > 1 ? operands[0] : undefined;
  const [url, ...words] = stated === undefined ? operands : operands.slice(1);
  if (url === undefined) return unknownValue('output');
  if (flags.has('--offline')) {
    invocation.analysis.report(OFFLINE, { target: url.text, span: invocation.span });
    return unknownValue('output');
  }
  const items = itemsOf(words, invocation);
  const body = bodyOf(invocation, items, flags);
  const address = url.text.startsWith(':') ? `localhost${url.text}` : url.text;
  judgeRequest(
    {
      method: stated?.text.toUpperCase() ?? (body.kind === 'none' ? 'GET' : 'POST'),
      url: withQuery(address, items.query),
      urlKnown: url.known,
      headers: items.headers,
      body,
      carriesCredential:
        items.headers.some(isCredentialHeader) ||
        ['-a', '--auth', '--session', '--cert'].some((flag) => flags.has(flag)) ||
        isCredentialAddress(url.text),
      span: invocation.span,
      names: [],
    },
    invocation.analysis,
  );
  return unknownValue('a fetched text', 'fetched');
}

function withQuery(address: string, query: readonly string[]): string {
  return query.length === 0 ? address : `${address}${address.includes('?') ? '&' : '?'}${query.join('&')}`;
}

function itemsOf(words: readonly Argument[], invocation: Invocation): Items {
  const query: string[] = [];
  const headers: string[] = [];
  const fields: [string, unknown][] = [];
  let hidden: string | null = null;
  for (const word of words) {
    const [, name = '', sign = '', value = ''] = ITEM.exec(word.text) ?? [];
    if (sign === '' || (sign !== ':=' && sign !== ':=@' && /^[\w-]+:(?!=)/.test(word.text))) {
      if (/^[\w-]+:/.test(word.text)) headers.push(word.text);
    } else if (sign === '==') query.push(formOf([[name, value]]));
    else {
      const text = sign.endsWith('@') ? contentOf(value, invocation) : value;
      if (text === null || !word.known) hidden = word.text;
      else fields.push([name, sign.startsWith(':=') ? (jsonOf(text) ?? text) : text]);
    }
  }
  return { query, headers, fields, hidden };
}

function formOf(fields: readonly (readonly [name: string, value: unknown])[]): string {
  return new URLSearchParams(
    fields.map(([name, value]): [string, string] => [name, String(value)]),
  ).toString();
}

/** What a file holds that an item names; null when it cannot be seen. */
function contentOf(path: string, invocation: Invocation): string | null {
  const { analysis, directory, place, span } = invocation;
  const before = analysis.findings.length;
  touch(analysis, { path, access: 'read', directory, place, span });
  const secret = analysis.findings.slice(before).some((found) => found.tier >= 2);
  if (secret) analysis.report(SENDS_SECRETS, { target: `file ${path}`, span });
  const content = analysis.files.content(path, invocation);
  return content?.known === true ? content.text : null;
}

/** Items become the JSON object or the form that HTTPie sends. */
function bodyOf(invocation: Invocation, items: Items, flags: ReadonlyMap<string, readonly Argument[]>): Body {
  const { span, stdin } = invocation;
  const raw = flags.get('--raw')?.at(-1);
  if (raw !== undefined)
    return raw.known
      ? { kind: 'text', text: raw.text, raw: raw.raw, span: raw.span }
      : { kind: 'hidden', what: raw.text, span };
  if (items.hidden !== null) return { kind: 'hidden', what: items.hidden, span };
  if (items.fields.length > 0) {
    const isForm = ['-f', '--form', '--multipart'].some((flag) => flags.has(flag));
    const text = isForm ? formOf(items.fields) : JSON.stringify(Object.fromEntries(items.fields));
    return { kind: 'text', text, raw: '', span };
  }
  return stdin === null ? NO_BODY : bodyFrom(stdin, 'standard input', span);
}
