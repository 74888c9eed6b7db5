/** Reads `curl` command lines. */
import { removes } from '../catalogue/verdicts.js';
import { touch } from '../paths.js';
import { type Argument, parseArguments, unknownValue, type Value } from '../shell/argument.js';
import type { Invocation } from '../shell/invocation.js';
import { withConfig } from './config.js';
import { judgeRequest } from './judge.js';
import {
  CREDENTIAL_FLAGS,
  HEADER_FLAGS,
  METHOD_FLAGS,
  OUTPUT_FLAGS,
  UPLOAD_FLAGS,
  VALUE_FLAGS,
} from './options.js';
import { type Flags, payloadOf, valuesOf } from './payload.js';
import {
  type Body,
  type HttpRequest,
  isCredentialAddress,
  isCredentialHeader,
  isSafeMethod,
  NO_BODY,
} from './request.js';

const FETCHED = unknownValue('a fetched text', 'fetched');
const REMOVES_FILE = removes('It deletes a file on another host.', 'storage.delete');
/** Orders to a file server that delete. */
const FILE_ORDERS = /^[-+*]*\s*(?:dele|rmd|rm|rmdir)\s/i;
/** Sockets behind which containers are run. */
const ENGINE_SOCKET = /(?:docker|podman|containerd)[\w.-]*\.sock$/;
const ADDRESSES_MAX = 20;

/** Judges every request a `curl` makes; its output counts as fetched. */
export function readCurl(invocation: Invocation): Value {
  for (const words of transfers(withConfig(invocation))) readTransfer(invocation, words);
  return FETCHED;
}

/** `--next` begins another request, with options of its own. */
function transfers(words: readonly Argument[]): readonly (readonly Argument[])[] {
  const list: Argument[][] = [[]];
  for (const word of words) {
    if (word.text === '--next' || word.text === '-:') list.push([]);
    else list.at(-1)?.push(word);
  }
  return list;
}

function readTransfer(invocation: Invocation, words: readonly Argument[]): void {
  const { flags, operands } = parseArguments(words, {
    valueFlags: VALUE_FLAGS,
    singleDash: false,
    stopAtOperand: false,
  });
  const urls = [...valuesOf(flags, ['--url', '--expand-url']), ...operands];
  const body = payloadOf(invocation, flags);
  const literal = flags.has('-g') || flags.has('--globoff');
  for (const url of literal ? urls : urls.flatMap((one) => globbed(one))) {
    if (/^file:\/\//i.test(url.text)) readLocal(invocation, url);
    else judgeRequest(requestOf(invocation, flags, addressed(url, flags), body), invocation.analysis);
    for (const order of valuesOf(flags, ['-Q', '--quote']))
      if (FILE_ORDERS.test(order.text))
        invocation.analysis.report(REMOVES_FILE, { target: order.text, span: order.span, names: [url.text] });
  }
  writeOutput(invocation, flags, urls);
}

/** `file://` is no request but a look at a file. */
function readLocal({ analysis, directory, place }: Invocation, url: Argument): void {
  const path = url.text.replace(/^file:\/\/(?:localhost)?/i, '');
  touch(analysis, { path, access: 'read', directory, place, span: url.span });
}

function requestOf(invocation: Invocation, flags: Flags, url: Argument, body: Body): HttpRequest {
  const headers = valuesOf(flags, HEADER_FLAGS).flatMap((word) => headersIn(word, invocation));
  const asQuery = flags.has('-G') || flags.has('--get');
  const detours = detoursOf(flags);
  return {
    method: asQuery ? (stated(flags)?.text.toUpperCase() ?? 'GET') : methodOf(flags, body),
    url: asQuery ? withQuery(url.text, queryOf(body)) : url.text,
    urlKnown: url.known && !(asQuery && body.kind === 'hidden'),
    headers,
    body: asQuery ? NO_BODY : body,
    carriesCredential:
      headers.some(isCredentialHeader) ||
      CREDENTIAL_FLAGS.some((flag) => flags.has(flag)) ||
      isCredentialAddress(url.text),
    span: invocation.span,
    names: [],
    ...(detours.length > 0 && { detours }),
  };
}

/** `-H @file` takes the headers from a file. */
function headersIn(word: Argument, invocation: Invocation): readonly string[] {
  if (!word.text.startsWith('@')) return [word.text];
  const content = invocation.analysis.files.content(word.text.slice(1), invocation);
  return content?.known === true ? content.text.split('\n') : [];
}

/** With `-G` the data goes into the address. */
function queryOf(body: Body): string {
  if (body.kind === 'text') return body.text;
  return body.kind === 'none' ? '' : body.what;
}

function withQuery(url: string, query: string): string {
  if (query === '') return url;
  const [address = '', fragment] = url.split(/(?=#)/);
  return `${address}${address.includes('?') ? '&' : '?'}${query}${fragment ?? ''}`;
}

/** The address with what options add to it or put in place of its path. */
function addressed(url: Argument, flags: Flags): Argument {
  const target = flags.get('--request-target')?.at(-1)?.text;
  const queries = valuesOf(flags, ['--url-query']).map((word) => word.text.replace(/^\+/, ''));
  if (target === undefined && queries.length === 0) return url;
  const origin = /^(?:[a-z][a-z0-9+.-]*:\/\/)?[^/?#]*/i.exec(url.text)?.[0] ?? url.text;
  const text = target === undefined ? url.text : origin + (target.startsWith('/') ? target : `/${target}`);
  return { ...url, text: withQuery(text, queries.join('&')) };
}

/** Where the request goes instead of the host in its address. */
function detoursOf(flags: Flags): readonly string[] {
  const sockets = valuesOf(flags, ['--unix-socket', '--abstract-unix-socket']).flatMap(({ text }) =>
    ENGINE_SOCKET.test(text) ? ['docker.sock'] : [],
  );
  const hosts = valuesOf(flags, ['--connect-to']).map(({ text }) => text.split(':').slice(-2).join(':'));
  return [...sockets, ...hosts];
}

function stated(flags: Flags): Argument | undefined {
  return valuesOf(flags, METHOD_FLAGS).at(-1);
}

function methodOf(flags: Flags, body: Body): string | null {
  const method = stated(flags);
  if (method !== undefined) {
    if (!method.known) return null;
    const name = method.text.toUpperCase();
    return isSafeMethod(name) && body.kind !== 'none' ? 'POST' : name;
  }
  if (UPLOAD_FLAGS.some((flag) => flags.has(flag))) return 'PUT';
  if (flags.has('-I') || flags.has('--head')) return 'HEAD';
  return body.kind === 'none' ? 'GET' : 'POST';
}

function writeOutput(invocation: Invocation, flags: Flags, urls: readonly Argument[]): void {
  const { analysis, directory, place } = invocation;
  const { files } = analysis;
  for (const word of valuesOf(flags, OUTPUT_FLAGS)) {
    if (word.text === '-') continue;
    touch(analysis, { path: word.text, access: 'write', directory, place, span: word.span });
    files.write(word.text, invocation, FETCHED);
  }
  // Where the server, the address or a template chooses the name, no name can be told.
  const namedElsewhere = flags.has('-J') || flags.has('--remote-header-name') || flags.has('--output-dir');
  if (namedElsewhere || valuesOf(flags, ['-o', '--output']).some((word) => word.text.includes('#')))
    files.doubtAll();
  for (const word of valuesOf(flags, ['-w', '--write-out'])) {
    if (word.text.includes('%output{')) files.doubt(word.text, invocation);
  }
  if (!['-O', '--remote-name', '--remote-name-all'].some((flag) => flags.has(flag))) return;
  for (const url of urls) {
    const name = lastPart(url.text);
    files.doubt(name, invocation);
    files.write(name, invocation, FETCHED);
  }
}

/** The name a download is saved under. */
function lastPart(url: string): string {
  return (
    url
      .replace(/[?#].*$/, '')
      .split('/')
      .at(-1) ?? ''
  );
}

/** `{a,b}` and `[1-3]` in an address make several requests. */
function globbed(url: Argument): readonly Argument[] {
  const match = /^([^{}[\]]*)(?:\{([^{}]*)\}|\[(\w+)-(\w+)(?::\d+)?\])([\s\S]*)$/.exec(url.text);
  if (match === null) return [url];
  const [, before = '', names, first = '', last = '', after = ''] = match;
  const items = names === undefined ? rangeOf(first, last) : names.split(',');
  const rest = globbed({ ...url, text: after });
  return items
    .flatMap((item) => rest.map((tail) => ({ ...url, text: before + item + tail.text })))
    .slice(0, ADDRESSES_MAX);
}

/** `1` to `3`, or `a` to `c`. */
function rangeOf(first: string, last: string): readonly string[] {
  const numbers = /^\d{1,9}$/.test(first) && /^\d{1,9}$/.test(last);
  const from = numbers ? Number(first) : first.charCodeAt(0);
  const to = numbers ? Number(last) : last.charCodeAt(0);
  const count = Math.min(Math.max(to - from + 1, 1), ADDRESSES_MAX);
  return Array.from({ length: count }, (_, index) =>
    numbers ? String(from + index) : String.fromCharCode(from + index),
  );
}
