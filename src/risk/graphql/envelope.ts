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
const SQL_START =
  /^\s*(?:--[^\n]*\n\s*|\/\*[\s\S]{0,500}?\*\/\s*)*(?:select|insert|update|delete|drop|truncate|alter|create|grant|revoke|with|copy|call|do|merge|explain|vacuum|begin|set|show|replace|rename|use|pragma)\b/i;

/** True when a text begins like an SQL statement. */
export function looksLikeSql(text: string): boolean {
  return SQL_START.test(text.slice(0, 2_000)) && /\s/.test(text.trim());
}

/** What a body holds: JSON, a form, or a bare document. */
export function contentOf(body: string): Content {
  const text = body.trim();
  if (text === '') return { kind: 'data' };
  const json = jsonOf(text);
  if (json !== undefined) return contentOfJson(json);
  if (looksLikeGraphql(text)) return { kind: 'graphql', requests: [bare(text)] };
  if (looksLikeSql(text)) return { kind: 'sql', statements: [text] };
  return contentOfForm(text);
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
  const entries = Array.isArray(json) ? json.slice(0, 100) : [json];
  const requests: GraphqlRequest[] = [];
  const statements: string[] = [];
  let persisted = false;
  for (const entry of entries) {
    if (typeof entry !== 'object' || entry === null) continue;
    const record = entry as Readonly<Record<string, unknown>>;
    const request = graphqlOf(record);
    if (request !== null) requests.push(request);
    else if (isPersisted(record)) persisted = true;
    else statements.push(...sqlOf(record));
  }
  if (persisted) return { kind: 'unreadable' };
  if (requests.length > 0) return { kind: 'graphql', requests };
  return statements.length > 0 ? { kind: 'sql', statements } : { kind: 'data' };
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
  return !('query' in record) && ('extensions' in record || 'documentId' in record || 'queryId' in record);
}

function sqlOf(record: Readonly<Record<string, unknown>>): readonly string[] {
  return SQL_FIELDS.flatMap((field) => {
    const text = record[field];
    return typeof text === 'string' && looksLikeSql(text) ? [text] : [];
  });
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
