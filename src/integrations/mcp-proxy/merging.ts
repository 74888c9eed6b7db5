/** Makes one answer of what several servers answered to the same request. */

import { isRecord, type JsonRecord, parseJson, recordOf, textOf } from '../json.js';
import { type Message, messageOf, type RequestId, resultTo } from './message.js';

/** Stands between a server's name and the name of its tool or prompt. */
export const PREFIX_MARK = '__';

export interface ServerAnswer {
  readonly server: string;
  readonly body: JsonRecord;
}

/** What each list is called in its result, and whether its members are called by names that need a prefix. */
const LISTS: ReadonlyMap<string, { readonly field: string; readonly isPrefixed: boolean }> = new Map([
  ['tools/list', { field: 'tools', isPrefixed: true }],
  ['prompts/list', { field: 'prompts', isPrefixed: true }],
  ['resources/list', { field: 'resources', isPrefixed: false }],
  ['resources/templates/list', { field: 'resourceTemplates', isPrefixed: false }],
]);

/**
 * One answer, in the order given. A server that answers with an error, because it is gone or has nothing of the
 * kind, does not hide what the others have; if all do, the first error is the answer.
 */
export function mergedAnswer(id: RequestId, method: string, answers: readonly ServerAnswer[]): Message {
  const results = answers.flatMap(({ server, body }) => {
    const result = recordOf(body, 'result');
    return result === null ? [] : [{ server, result }];
  });
  const [first] = results;
  if (first === undefined) return messageOf({ ...answers[0]?.body, id });
  const list = LISTS.get(method);
  if (list !== undefined) return resultTo(id, mergedList(results, list));
  return resultTo(
    id,
    method === 'initialize' ? mergedStart(results.map(({ result }) => result)) : first.result,
  );
}

interface ServerResult {
  readonly server: string;
  readonly result: JsonRecord;
}

function mergedList(
  results: readonly ServerResult[],
  { field, isPrefixed }: { readonly field: string; readonly isPrefixed: boolean },
): JsonRecord {
  const members = results.flatMap(({ server, result }) => {
    const listed = result[field];
    const own: unknown[] = Array.isArray(listed) ? listed : [];
    return own.filter(isRecord).map((member) => {
      const { name } = member;
      return isPrefixed ? { ...member, name: `${server}${PREFIX_MARK}${String(name)}` } : member;
    });
  });
  const cursors = results.flatMap(({ server, result }) => {
    const cursor = textOf(result, 'nextCursor');
    return cursor === null ? [] : [[server, cursor]];
  });
  return { [field]: members, ...(cursors.length > 0 && { nextCursor: cursorOf(cursors) }) };
}

const cursorOf = (cursors: readonly (readonly string[])[]): string =>
  Buffer.from(JSON.stringify(Object.fromEntries(cursors)), 'utf8').toString('base64url');

/** Each server's own cursor in a merged one, which needs no memory of the list; null when it is none. */
export function cursorsIn(cursor: unknown, servers: readonly string[]): ReadonlyMap<string, string> | null {
  const value = typeof cursor === 'string' ? parseJson(Buffer.from(cursor, 'base64url').toString()) : null;
  if (!isRecord(value)) return null;
  const cursors = servers.flatMap((server): [string, string][] => {
    const own = Object.hasOwn(value, server) ? textOf(value, server) : null;
    return own === null ? [] : [[server, own]];
  });
  return cursors.length === 0 ? null : new Map(cursors);
}

/** What all can do together, in the oldest protocol version that any of them speaks. */
function mergedStart(results: readonly JsonRecord[]): JsonRecord {
  const versions = results.flatMap((result) => textOf(result, 'protocolVersion') ?? []).sort();
  const capabilities: Record<string, unknown> = {};
  for (const result of results) {
    for (const [name, own] of Object.entries(recordOf(result, 'capabilities') ?? {})) {
      // Tasks are known to the server that began them alone.
      if (name === 'tasks') continue;
      const known = capabilities[name];
      capabilities[name] = isRecord(known) && isRecord(own) ? { ...known, ...own } : own;
    }
  }
  const instructions = results.flatMap((result) => textOf(result, 'instructions') ?? []);
  return {
    protocolVersion: versions[0],
    capabilities,
    serverInfo: { name: 'countersign', title: 'Countersign MCP proxy', version: '1' },
    ...(instructions.length > 0 && { instructions: instructions.join('\n\n') }),
  };
}
