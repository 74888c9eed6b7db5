/** What MCP over HTTP says of a message in its headers, beside the message itself. */

import { isRecord, type JsonRecord, recordOf, textOf } from '../json.js';
import { methodOf } from './message.js';

/** In `_meta` of each request from protocol 2026-07-28 on. */
const VERSION_META = 'io.modelcontextprotocol/protocolVersion';

/** Where `Mcp-Name` comes from, by method. */
const NAMED_BY: ReadonlyMap<string, string> = new Map([
  ['tools/call', 'name'],
  ['prompts/get', 'name'],
  ['resources/read', 'uri'],
  ['tasks/get', 'taskId'],
  ['tasks/update', 'taskId'],
  ['tasks/cancel', 'taskId'],
]);

/** The protocol version that the message names itself; null before 2026-07-28. */
export function ownVersionOf(body: JsonRecord): string | null {
  const meta = recordOf(recordOf(body, 'params') ?? {}, '_meta');
  return meta === null ? null : textOf(meta, VERSION_META);
}

/** Headers that repeat what the message says; none for messages that name no version of their own. */
export function mirroredHeaders(body: JsonRecord): Record<string, string> {
  const version = ownVersionOf(body);
  const method = methodOf(body);
  if (version === null || method === null) return {};
  const field = NAMED_BY.get(method);
  const params = body['params'];
  const name = field === undefined || !isRecord(params) ? null : textOf(params, field);
  return {
    'mcp-protocol-version': version,
    'mcp-method': method,
    ...(name !== null && { 'mcp-name': headerValue(name) }),
  };
}

/** As it is where a header can carry it, else in base64 between the marks that the protocol has for that. */
function headerValue(text: string): string {
  const isPlain = /^[\x21-\x7e]([\x20-\x7e\t]*[\x21-\x7e])?$/.test(text) && !text.startsWith('=?base64?');
  return isPlain ? text : `=?base64?${Buffer.from(text, 'utf8').toString('base64')}?=`;
}
