/** Reads HTTPie command lines: `http POST host/path name=value header:value`. */
import { type Argument, parseArguments, unknownValue, type Value } from '../shell/argument.js';
import type { Invocation } from '../shell/invocation.js';
import { judgeRequest } from './judge.js';
import { type Body, isCredentialHeader, NO_BODY } from './request.js';

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
  '--proxy',
];

export function readHttpie(invocation: Invocation): Value {
  const { flags, operands } = parseArguments(invocation.args, {
    valueFlags: VALUE_FLAGS,
    singleDash: false,
    stopAtOperand: false,
  });
  const stated = /^[A-Za-z]+$/.test(operands[0]?.text ?? '') && operands.length > 1 ? operands[0] : undefined;
  const [url, ...items] = stated === undefined ? operands : operands.slice(1);
  if (url === undefined) return unknownValue('output');
  const headers = items.map((item) => item.text).filter((text) => /^[\w-]+:(?!=)/.test(text));
  const body = bodyOf(invocation, items, flags.get('--raw')?.[0]);
  judgeRequest(
    {
      method: stated?.text.toUpperCase() ?? (body.kind === 'none' ? 'GET' : 'POST'),
      url: url.text.startsWith(':') ? `localhost${url.text}` : url.text,
      urlKnown: url.known,
      headers,
      body,
      carriesCredential: headers.some(isCredentialHeader) || flags.has('-a') || flags.has('--auth'),
      span: invocation.span,
      names: [],
    },
    invocation.analysis,
  );
  return unknownValue('a fetched text', 'fetched');
}

/** Items become the JSON object that HTTPie sends. */
function bodyOf(invocation: Invocation, items: readonly Argument[], raw: Argument | undefined): Body {
  const span = items[0]?.span ?? invocation.span;
  if (raw !== undefined)
    return raw.known
      ? { kind: 'text', text: raw.text, raw: raw.raw, span: raw.span }
      : { kind: 'hidden', what: raw.text, span };
  if (items.some((item) => /^[\w.[\]-]+:?=?@/.test(item.text)))
    return { kind: 'hidden', what: 'a file', span };
  const fields: [string, unknown][] = [];
  for (const item of items) {
    const match = /^([\w.[\]-]+?)(:?=)(?!=)([\s\S]*)$/.exec(item.text);
    if (match === null) continue;
    if (!item.known) return { kind: 'hidden', what: item.text, span };
    fields.push([match[1] ?? '', match[3] ?? '']);
  }
  if (fields.length > 0)
    return { kind: 'text', text: JSON.stringify(Object.fromEntries(fields)), raw: '', span };
  const { stdin } = invocation;
  if (stdin === null) return NO_BODY;
  return stdin.known
    ? { kind: 'text', text: stdin.text, raw: '', span }
    : { kind: 'hidden', what: 'standard input', span };
}
