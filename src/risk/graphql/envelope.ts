/** Finds GraphQL, SQL and plain data in the body of a request. */
import { looksLikeGraphql } from './operations.js';

export interface GraphqlRequest {
  readonly document: string;
  readonly operationName: string | null;
  readonly variables: Readonly<Record<string, unknown>>;
}

export type Content =
  | { readonly kind: 'graphql'; readonly requests: readonly GraphqlRequest[] }
  | { readonly kind: 'sql'; readonly statements: readonly string[] }
  | { readonly kind: 'data' }
  | { readonly kind: 'unreadable' };

const SQL_FIELDS = ['sql', 'query', 'statement', 'stmt', 'q', 'command'];
const STORED_FIELDS = ['extensions', 'documentId', 'doc_id', 'queryId', 'sha256Hash', 'persistedQuery'];
const ENTRIES_MAX = 100;
const SQL_DEPTH_MAX = 5;
const SQL_START =
  /^\s*(?:--[^\n]*\n\s*|\/\*[\s\S]{0,500}?\*\/\s*)*(?:select|insert|update|delete|drop|truncate|alter|create|grant|revoke|with|copy|call|do|merge|explain|vacuum|begin|set|show|replace|rename|use|pragma)\b/i;

/** Words that begin statements and sentences alike are followed by what only a statement has. */
const SENTENCE =
  /^\s*(?:(?:delete|remove)\s+(?!from\b|\w+\s+from\b)|drop\s+(?!(?:table|database|schema|view|index|column|role|user|function|trigger|materialized|sequence|type|extension|owned|keyspace|collection|policy|tablespace|publication|subscription|constraint|series|measurement|if)\b)|update\s+(?![\w"`.[\]$]+\s+(?:as\s+\w+\s+)?set\b)|create\s+(?!\w+\s+\w)|(?:show|set|use|call|do|begin|rename|replace|copy|with|select)\s*$)/i;

/** True when a text begins like an SQL statement. */
export function looksLikeSql(text: string): boolean {
  const start = text.slice(0, 2_000);
  return SQL_START.test(start) && /\s/.test(text.trim()) && !(start.length < 60 && SENTENCE.test(start));
}

/** What a body holds: JSON, a form, or a bare document. */
export function contentOf(body: string): Content {
  const text = body.trim();
  if (text === '') return { kind: 'data' };
  const json = jsonOf(text);
  if (json !== undefined) return contentOfJson(json);
  if (looksLikeGraphql(text)) return { kind: 'graphql', requests: [bare(text)] };
  if (looksLikeSql(text)) return { kind: 'sql', statements: [text] };
  return text.startsWith('--') ? contentOfParts(text) : contentOfForm(text);
}

function bare(document: string): GraphqlRequest {
  return { document, operationName: null, variables: {} };
}

function jsonOf(text: string): unknown {
  if (!/^[[{"]/.test(text)) return undefined;
  try {
    const json = JSON.parse(text) as unknown;
    return repeatsKeys(text, json) ? undefined : json;
  } catch {
    return undefined;
  }
}

/** Which of two equal keys counts depends on the reader, so such a text has no one meaning. */
function repeatsKeys(text: string, json: unknown): boolean {
  return keysIn(text) !== keysIn(JSON.stringify(json));
}

function keysIn(text: string): number {
  return text.match(/"(?:[^"\\]|\\.)*"\s*:/g)?.length ?? 0;
}

function contentOfJson(json: unknown): Content {
  const entries = Array.isArray(json) ? json : [json];
  const requests: GraphqlRequest[] = [];
  const statements: string[] = [];
  let unseen = entries.length > ENTRIES_MAX;
  for (const entry of entries.slice(0, ENTRIES_MAX)) {
    if (typeof entry !== 'object' || entry === null) continue;
    const record = messageOf(entry as Readonly<Record<string, unknown>>);
    const request = graphqlOf(record);
    if (request !== null) requests.push(request);
    else if (isPersisted(record)) unseen = true;
    else statements.push(...sqlOf(record, 0));
  }
  if (unseen) return { kind: 'unreadable' };
  if (requests.length > 0) return { kind: 'graphql', requests };
  return statements.length > 0 ? { kind: 'sql', statements } : { kind: 'data' };
}

/** Over a socket the operation is the payload of a message. */
function messageOf(record: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { payload } = record;
  return typeof payload === 'object' && payload !== null && 'query' in payload
    ? (payload as Readonly<Record<string, unknown>>)
    : record;
}

function graphqlOf(record: Readonly<Record<string, unknown>>): GraphqlRequest | null {
  const document = record.query ?? record.mutation ?? record.document;
  if (typeof document !== 'string' || looksLikeSql(document)) return null;
  if (!looksLikeGraphql(document) && !('variables' in record) && !('operationName' in record)) return null;
  const variables = typeof record.variables === 'object' && record.variables !== null ? record.variables : {};
  const operationName = typeof record.operationName === 'string' ? record.operationName : null;
  return { document, operationName, variables: variables as Record<string, unknown> };
}

/** A persisted query names an operation by its hash and shows nothing of it. */
function isPersisted(record: Readonly<Record<string, unknown>>): boolean {
  const shown = typeof record.query === 'string' && record.query.trim() !== '';
  return !shown && STORED_FIELDS.some((name) => name in record);
}

/** Statements stand in a field of that name, in lists of them, or a few levels deeper. */
function sqlOf(value: unknown, depth: number): readonly string[] {
  if (typeof value !== 'object' || value === null || depth > SQL_DEPTH_MAX) return [];
  if (Array.isArray(value)) return value.slice(0, ENTRIES_MAX).flatMap((item) => sqlOf(item, depth + 1));
  return Object.entries(value).flatMap(([name, held]) => {
    if (typeof held === 'object') return sqlOf(held, depth + 1);
    return SQL_FIELDS.includes(name) && typeof held === 'string' && looksLikeSql(held) ? [held] : [];
  });
}

/** A form in parts, as it goes over the line. */
function contentOfParts(text: string): Content {
  const part = /name="(?:operations|query)"[^\n]*\r?\n(?:[^\r\n]+\r?\n)*\r?\n([\s\S]*?)\r?\n--/.exec(
    text,
  )?.[1];
  return part === undefined ? { kind: 'unreadable' } : contentOf(part);
}

function contentOfForm(text: string): Content {
  if (!/^[\w.[\]%-]+=/.test(text)) return { kind: 'unreadable' };
  const form = new URLSearchParams(text);
  const operations = form.get('operations') ?? form.get('query') ?? form.get('mutation');
  if (operations !== null) {
    const json = jsonOf(operations.trim());
    if (json !== undefined) return contentOfJson(json);
    if (looksLikeGraphql(operations)) {
      return {
        kind: 'graphql',
        requests: [{ ...bare(operations), operationName: form.get('operationName') }],
      };
    }
  }
  const statements = SQL_FIELDS.flatMap((field) => form.getAll(field)).filter(looksLikeSql);
  return statements.length > 0 ? { kind: 'sql', statements } : { kind: 'data' };
}
