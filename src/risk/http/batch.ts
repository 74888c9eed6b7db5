/** Requests within a request: JSON batches, form batches, and batches in parts. */
import { BATCH_MAX, jsonOf } from './operation.js';
import { type Body, type HttpRequest, NO_BODY } from './request.js';

const REQUEST_LINE =
  /^(GET|HEAD|OPTIONS|POST|PUT|PATCH|DELETE)[ \t]+(\S{1,2000})(?:[ \t]+HTTP\/[\d.]+)?[ \t]*\r?$/gm;
/** Without one there is no batch, so that most bodies are not parsed for it. */
const METHOD_FIELD = /"(?:http)?method"/i;
const ADDRESS_FIELDS = ['url', 'relative_url', 'relativeUrl', 'path', 'uri'];
const LISTS = ['requests', 'operations', 'batch', 'calls'];

interface Entry {
  readonly method: string;
  readonly address: string;
  readonly body: string;
}

/** The requests that the body of one holds; none when it is no batch. */
export function requestsWithin(request: HttpRequest, base: URL | null): readonly HttpRequest[] {
  const { body } = request;
  if (body.kind !== 'text' || base === null) return [];
  return entriesOf(body.text.trim())
    .slice(0, BATCH_MAX)
    .map(({ method, address, body: text }) => ({
      ...request,
      method: method.toUpperCase(),
      url: resolved(address, base),
      body: bodyOf(text, body.span),
    }));
}

function bodyOf(text: string, span: HttpRequest['span']): Body {
  return text === '' ? NO_BODY : { kind: 'text', text, raw: '', span };
}

function resolved(address: string, base: URL): string {
  try {
    return new URL(address, base).href;
  } catch {
    return address;
  }
}

function entriesOf(text: string): readonly Entry[] {
  if (/^[[{]/.test(text)) return METHOD_FIELD.test(text) ? entriesOfJson(jsonOf(text)) : [];
  if (/^batch=/.test(text)) return entriesOfJson(jsonOf(new URLSearchParams(text).get('batch') ?? ''));
  return text.startsWith('--') ? entriesOfParts(text) : [];
}

function entriesOfJson(json: unknown): readonly Entry[] {
  const list = Array.isArray(json) ? json : LISTS.map((name) => fieldOf(json, name)).find(Array.isArray);
  return (list ?? []).flatMap((entry: unknown) => {
    const method = fieldOf(entry, 'method') ?? fieldOf(entry, 'httpMethod');
    const address = ADDRESS_FIELDS.map((name) => fieldOf(entry, name)).find((value) => value !== undefined);
    if (typeof method !== 'string' || typeof address !== 'string') return [];
    const body = fieldOf(entry, 'body');
    const text = typeof body === 'string' ? body : body === undefined ? '' : JSON.stringify(body);
    return [{ method, address, body: text }];
  });
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;
}

/** `multipart/mixed`: each part holds a request as it would go over the line. */
function entriesOfParts(text: string): readonly Entry[] {
  const lines = [...text.matchAll(REQUEST_LINE)].slice(0, BATCH_MAX);
  return lines.map((line, index) => {
    const rest = text.slice(line.index + line[0].length, lines[index + 1]?.index);
    const body = /\r?\n\r?\n([\s\S]*?)(?:\r?\n--|$)/.exec(rest)?.[1] ?? '';
    return { method: line[1] ?? '', address: line[2] ?? '', body: body.trim() };
  });
}
