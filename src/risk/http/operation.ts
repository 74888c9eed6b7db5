/** What a request says of itself besides its method and path: names of operations, and a method in disguise. */
import { wordsOf } from '../naming.js';
import { type HttpRequest, headerOf, isSafeMethod } from './request.js';

const OPERATION_HEADERS = ['x-amz-target', 'soapaction', 'x-action'];
const OPERATION_FIELDS =
  /^(?:action|act|op|operation|operationname|cmd|command|func|function|method|task|do|verb|rpc)$/i;
const RESOURCE_FIELDS =
  /^(?:type|kind|resource|resource_?type|object|object_?type|entity|model|table|target)$/i;
/** A field that is itself an order, as in `?delete=7`. */
const ORDER_FIELDS =
  /^(?:delete|remove|destroy|drop|purge|wipe|truncate)(?:_?(?:id|all|user|item|row|file))?$/i;
const METHOD_OVERRIDES = ['x-http-method-override', 'x-http-method', 'x-method-override'];
const SCRIPT_NAMES = /\.(?:php|cgi|aspx?|jsp|do|pl|json|xml)$/i;
const NAME_LENGTH_MAX = 120;
/** Entries of a batch that are looked at; more than that are not seen. */
export const BATCH_MAX = 100;

type Fields = readonly (readonly [name: string, value: unknown])[];

/** What the query and the body of a request say in fields. */
export interface Said {
  readonly query: Fields;
  /** One for each entry of a batch of calls. */
  readonly body: readonly Fields[];
}

export function saidBy({ body }: HttpRequest, url: URL | null): Said {
  return {
    query: url === null || url.search === '' ? [] : [...url.searchParams],
    body: body.kind === 'text' ? recordsOf(body.text.trim()) : [],
  };
}

/** The names of the operations that a request asks for; one for each entry of a batch of calls. */
export function operationsOf(
  request: HttpRequest,
  { query, body }: Said,
  url: URL | null,
): readonly string[] {
  if (request.headers.length > 0) {
    const inHeaders = OPERATION_HEADERS.map((name) => headerOf(request, name)).filter(
      (value) => value !== null,
    );
    if (inHeaders.length > 0)
      return inHeaders.map((value) => value.replace(/["']/g, '').replace(/^.*[.#/]/, ''));
  }
  return [query, ...body].map((fields) => operationIn(fields, url)).filter((name) => name !== null);
}

/**
 * The method that a server may take instead of the one on the line: from a header, the query or the body.
 * It never makes a request look milder than it is without, since not every server honours it.
 */
export function effectiveMethod(request: HttpRequest, { query, body }: Said): string | null {
  const { method } = request;
  if (method === null) return null;
  if (request.headers.length === 0 && query.length === 0 && body.length === 0) return method;
  const inHeaders = METHOD_OVERRIDES.map((name) => headerOf(request, name));
  const stated = [...inHeaders, ...[query, ...body].map(methodAmong)].find((value) => value !== null);
  const other = stated?.trim().toUpperCase() ?? method;
  return severity(other) > severity(method) ? other : method;
}

function severity(method: string): number {
  if (method === 'DELETE') return 2;
  return isSafeMethod(method) ? 0 : 1;
}

function methodAmong(fields: Fields): string | null {
  const value = fields.find(([name]) => name === '_method')?.[1];
  return typeof value === 'string' ? value : null;
}

/** `?action=delete&type=database` asks to `delete database`. */
function operationIn(fields: Fields, url: URL | null): string | null {
  if (fields.length === 0) return null;
  const stated = fields.find(([name, value]) => OPERATION_FIELDS.test(name) && typeof value === 'string');
  const order = fields.find(([name]) => ORDER_FIELDS.test(name))?.[0];
  const tool = toolCalled(fields);
  const name = tool ?? (typeof stated?.[1] === 'string' ? stated[1] : order);
  if (name === undefined || name === '') return null;
  const short = name.slice(0, NAME_LENGTH_MAX);
  return wordsOf(short).length > 1 ? short : `${short} ${resourceOf(fields, url)}`.trim();
}

/** A tool server is called by `tools/call`; which tool stands in its parameters. */
function toolCalled(fields: Fields): string | null {
  if (!fields.some(([name, value]) => name === 'method' && value === 'tools/call')) return null;
  const params = fields.find(([name]) => name === 'params')?.[1];
  const name = typeof params === 'object' && params !== null && 'name' in params ? params.name : null;
  return typeof name === 'string' ? name : null;
}

function resourceOf(fields: Fields, url: URL | null): string {
  const stated = fields.find(([name]) => RESOURCE_FIELDS.test(name))?.[1];
  return typeof stated === 'string' ? stated : resourceIn(url);
}

/** The path of an address without its escapes and empty parts, as a server takes it; empty without an address. */
export function pathOf(url: URL | null): string {
  const path = url?.pathname ?? '';
  if (!path.includes('%') && !path.includes('//')) return path;
  try {
    return decodeURIComponent(path).replace(/\/{2,}/g, '/');
  } catch {
    return path;
  }
}

/** The last two parts of a path: what it is about. */
export function resourceIn(url: URL | null): string {
  return pathOf(url)
    .split('/')
    .filter((part) => part !== '' && !SCRIPT_NAMES.test(part))
    .slice(-2)
    .join(' ');
}

/** The operation at the end of a path: `deleteUser`, `users.delete`, or `disks:delete` with what it is about. */
export function operationInPath(url: URL): string {
  const [last = '', before = ''] = url.pathname
    .split('/')
    .filter((part) => part !== '')
    .reverse();
  const colon = last.lastIndexOf(':');
  if (colon > 0) return `${last.slice(colon + 1)} ${before} ${last.slice(0, colon)}`;
  const parts = url.pathname
    .split('/')
    .filter((part) => /^[a-z][a-z._-]*$/i.test(part) && !/^v\d/.test(part));
  return parts.at(-1) ?? '';
}

/** True when a path is written like a call, as `deleteUser` is and the title of a page is not. */
export function isCall(url: URL): boolean {
  const last = url.pathname.split('/').at(-1) ?? '';
  return /^[a-z]+[A-Z]\w*$|^[A-Z][a-z]+(?:[A-Z][a-z]*)+$|^\w+_\w+$|^\w+\.(?!html?$|md$|json$)[a-z]+[A-Z]?\w*$/.test(
    last,
  );
}

/** The fields of a form or of JSON; of each entry when there are several. */
function recordsOf(text: string): readonly Fields[] {
  if (!/^[[{]/.test(text)) return /^[\w.[\]%-]+=/.test(text) ? [[...new URLSearchParams(text)]] : [];
  const json = jsonOf(text);
  const entries: readonly unknown[] = Array.isArray(json) ? json.slice(0, BATCH_MAX) : [json];
  return entries.flatMap((entry) =>
    typeof entry === 'object' && entry !== null ? [Object.entries(entry)] : [],
  );
}

/** A text as JSON; undefined when it is none. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
