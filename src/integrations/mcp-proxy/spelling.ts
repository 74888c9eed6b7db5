/** Names that a lenient reader takes for others: what the gate judges must be what the server behind reads. */

import type { JsonRecord } from '../json.js';

const MESSAGE_KEYS: ReadonlySet<string> = new Set(['jsonrpc', 'id', 'method', 'params', 'result', 'error']);
const CALL_KEYS: ReadonlySet<string> = new Set(['name', 'arguments', '_meta', 'task']);

/** Some JSON readers do not tell capitals apart, and take the long s and the Kelvin sign for letters. */
const folded = (name: string): string => name.toUpperCase().toLowerCase();

/** A key that is one of those known in other letters; undefined when there is none. */
const misspelt = (record: JsonRecord, known: ReadonlySet<string>): string | undefined =>
  Object.keys(record).find((key) => !known.has(key) && known.has(folded(key)));

/** A key of a message that only a lenient reader understands; undefined when there is none. */
export const misspeltInMessage = (body: JsonRecord): string | undefined => misspelt(body, MESSAGE_KEYS);

/** The same among the parameters of a tool call. */
export const misspeltInCall = (params: JsonRecord): string | undefined => misspelt(params, CALL_KEYS);

/** Whether a method is a tool call to a lenient reader alone, which would then run it unasked. */
export const isAlmostToolCall = (method: unknown): boolean =>
  typeof method === 'string' &&
  method !== 'tools/call' &&
  folded(method).replace(/[^a-z]/g, '') === 'toolscall';
