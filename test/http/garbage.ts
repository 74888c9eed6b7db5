/** Requests that go wrong on purpose: a well-formed one with its parts bent, cut, swapped and blown up. */

import type { Asked } from './routes.js';
import type { TestRandom } from './test-random.js';

export interface GarbageRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | null;
}

type Draft = { -readonly [Part in keyof GarbageRequest]: GarbageRequest[Part] };
type Bend = (draft: Draft, random: TestRandom) => void;

const nested = (levels: number): string => `${'['.repeat(levels)}${']'.repeat(levels)}`;

/** Values as JSON text: what no field expects, and what no parser expects. */
const VALUES: readonly string[] = [
  ...['null', 'true', 'false', '0', '-1', '-0', '1.5', '1e19', '1e308', '1e999', '9007199254740993'],
  ...['9223372036854775807', '9223372036854775808', '-9223372036854775809', '1'.repeat(400), '01', 'NaN'],
  ...['""', '" "', '"\\u0000"', '"\\ud800"', '"é\u202e\u{1f512}"', '"__proto__"', '"tenant:acme"', '"acme"'],
  ...['[]', '{}', '[null]', '[{}]', '[[[]]]', '{"a":{}}', '{"length":-1}', '{"toString":1}', '{"then":1}'],
  ...['{"__proto__":{"polluted":1}}', '{"constructor":{"prototype":{"polluted":1}}}', '{"unit":"TOKENS"}'],
  ...['{"amount":-1,"unit":"TOKENS"}', '{"amount":"1","unit":"TOKENS"}', '"2026-13-45T99:99:99Z"'],
  ...['"../../etc/passwd"', '"a/b"', '"*"', '"%00"', '"\' OR 1=1 --"', `"${'x'.repeat(3_000)}"`],
  ...[nested(31), nested(40), `[${'0,'.repeat(2_000)}0]`],
];
const NAMES: readonly string[] = [
  ...['extra', 'toString', 'hasOwnProperty', 'constructor', 'prototype', '__proto__', 'then', '', '0', 'a.b'],
  ...['subject', 'tenant', 'tenant_id', 'metadata', 'idempotency_key', 'estimate', 'actual', 'dry_run'],
];
const PARAMETERS: readonly string[] = [
  ...['limit', 'cursor', 'tenant', 'tenant_id', 'scope', 'scope_prefix', 'unit', 'status', 'sort_by'],
  ...['sort_dir', 'from', 'to', 'include', 'include_children', 'has_debt', 'idempotency_key', 'search'],
  ...['status_min', 'error_code', 'operation', 'trace_id', 'reason', '__proto__', 'constructor', 'limit[]'],
  ...['expires_from', 'finalized_to', 'workspace', 'app', 'parent_tenant_id', 'session_id', 'decision'],
];
/** Texts for paths and queries, as they travel: what is no HTTP never reaches a route. */
const TEXTS: readonly string[] = [
  ...[
    '',
    '%00',
    '%FF%FE',
    '%',
    '%zz',
    '%2e%2e%2f',
    '..',
    '.',
    '%20',
    '-1',
    '0',
    '1e9',
    '99999999999999999999',
  ],
  ...[
    'null',
    'undefined',
    '[object%20Object]',
    '__proto__',
    'constructor',
    '*',
    '%2A',
    '%25',
    '%F0%9F%94%92',
  ],
  ...["'%20OR%201=1", 'e30', 'W10', 'eyJhIjoxfQ', 'bnVsbA==', 'WyJ0ZW5hbnQ6YWNtZSIsIlRPS0VOUyJd', 'a,b,,c'],
  ...['2026-01-01T00:00:00Z', '2026-99-99', 'tenant:acme', 'tenant:globex/app:*', 'TOKENS', 'x'.repeat(600)],
  ...['x'.repeat(6_000), '%00'.repeat(200), '%C3%A9', 'a/b', ';a=b', '%2F%2F', 'asc', 'desc', 'ACTIVE'],
];
const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'TRACE', 'PROPFIND', 'SEARCH'];
const TYPES: readonly string[] = [
  ...[
    'text/plain',
    'application/xml',
    'multipart/form-data; boundary=x',
    'application/x-www-form-urlencoded',
  ],
  ...['application/json; charset=utf-16', 'application/json;', 'application/JSON', 'json', '', ';', '*/*'],
  ...['application/json; charset="utf-8"', 'application/cbor', 'x'.repeat(500), 'é/ü'],
];
const HEADERS: readonly string[] = [
  ...['x-idempotency-key', 'x-cycles-trace-id', 'traceparent', 'tracestate', 'accept', 'accept-encoding'],
  ...[
    'content-encoding',
    'user-agent',
    'x-request-id',
    'x-cycles-tenant',
    'x-forwarded-for',
    'origin',
    'range',
  ],
  ...['if-match', 'cookie', 'forwarded', 'x-http-method-override', 'content-language', '__proto__'],
];
const HEADER_VALUES: readonly string[] = [
  ...['', ' ', '0', 'null', '\xff\xfe\x80', '%00', '{}', '*', 'gzip', 'identity', 'bytes=0-1', '"', ';;;,,,'],
  ...['00-00000000000000000000000000000000-0000000000000000-00', '00-zz-zz-zz', 'x'.repeat(300)],
  ...['x'.repeat(7_000), '<script>', 'jndi:x', '127.0.0.1', 'a=b; '.repeat(50), '__proto__'],
];

const textOf = (body: Buffer | null): string => body?.toString() ?? '{}';

/** Rewrites a random member, at the top or one level below, as JSON text. */
const bendMember: Bend = (draft, random) => {
  const members = membersOf(textOf(draft.body));
  const names = Object.keys(members);
  const name = names.length > 0 && random.below(4) > 0 ? random.pick(names) : random.pick(NAMES);
  const inner = members[name];
  const isNested = inner?.startsWith('{') && random.below(2) === 0;
  if (random.below(5) === 0) delete members[name];
  else members[name] = isNested ? withMember(inner ?? '{}', random) : random.pick(VALUES);
  draft.body = Buffer.from(jsonOf(members));
};

function withMember(text: string, random: TestRandom): string {
  const members = membersOf(text);
  members[random.pick([...Object.keys(members), random.pick(NAMES)])] = random.pick(VALUES);
  return jsonOf(members);
}

/** The members of an object's text, each as text; none when it is no object's. */
function membersOf(text: string): Record<string, string> {
  const members: Record<string, string> = Object.create(null);
  try {
    for (const [name, value] of Object.entries(JSON.parse(text) ?? {})) members[name] = JSON.stringify(value);
  } catch {
    // What is bent beyond JSON has no members.
  }
  return members;
}

const jsonOf = (members: Readonly<Record<string, string>>): string =>
  `{${Object.entries(members)
    .map(([name, value]) => `${JSON.stringify(name)}:${value}`)
    .join(',')}}`;

const cutBody: Bend = (draft, random) => {
  const body = draft.body ?? Buffer.from('{"a":1}');
  draft.body = body.subarray(0, random.below(body.length + 1));
};

const flipBytes: Bend = (draft, random) => {
  const body = Buffer.from(draft.body ?? '{"a":1}');
  for (let count = 1 + random.below(4); count > 0 && body.length > 0; count--) {
    body[random.below(body.length)] = random.below(256);
  }
  draft.body = body;
};

const replaceBody: Bend = (draft, random) => {
  draft.body = Buffer.from(random.pick(VALUES));
};

const inventBody: Bend = (draft, random) => {
  draft.body = Buffer.from(Array.from({ length: random.below(200) }, () => random.below(256)));
};

const dropBody: Bend = (draft) => {
  draft.body = null;
};

/** Rarely, since it is slow: what is too deep, or too large. */
const blowUp: Bend = (draft, random) => {
  if (random.below(4) > 0) bendMember(draft, random);
  else if (random.below(2) === 0) draft.body = Buffer.from(nested(20_000));
  else draft.body = Buffer.from(`{"fill":"${'x'.repeat(300_000)}"}`);
};

const bendQuery: Bend = (draft, random) => {
  for (let count = 1 + random.below(3); count > 0; count--) {
    const separator = draft.path.includes('?') ? '&' : '?';
    draft.path += `${separator}${random.pick(PARAMETERS)}=${random.pick(TEXTS)}`;
  }
};

const overrunQuery: Bend = (draft, random) => {
  draft.path = `${draft.path.split('?')[0]}?${random.pick(PARAMETERS)}=${'y'.repeat(random.below(9_000))}`;
};

/** Another text in place of one of the path's segments: an id more often than a word. */
const bendPath: Bend = (draft, random) => {
  const [path = '', query] = draft.path.split('?');
  const segments = path.split('/');
  const ids = segments.flatMap((segment, index) => (/_|acme|none/.test(segment) ? [index] : []));
  const at = ids.length > 0 && random.below(5) > 0 ? random.pick(ids) : 1 + random.below(segments.length - 1);
  segments[at] = random.pick(TEXTS);
  draft.path = segments.join('/') + (query === undefined ? '' : `?${query}`);
};

const swapMethod: Bend = (draft, random) => {
  draft.method = random.pick(METHODS);
};

const swapType: Bend = (draft, random) => {
  draft.headers = { ...draft.headers, 'content-type': random.pick(TYPES) };
};

const addHeaders: Bend = (draft, random) => {
  for (let count = 1 + random.below(3); count > 0; count--) {
    draft.headers = { ...draft.headers, [random.pick(HEADERS)]: random.pick(HEADER_VALUES) };
  }
};

const BENDS: readonly Bend[] = [
  ...[bendMember, bendMember, bendMember, cutBody, flipBytes, replaceBody, inventBody, dropBody, blowUp],
  ...[bendQuery, bendQuery, overrunQuery, bendPath, bendPath, swapMethod, swapType, addHeaders],
];

/** A well-formed request with one to three things wrong with it. */
export function garbled(
  method: string,
  asked: Asked,
  credential: Readonly<Record<string, string>>,
  random: TestRandom,
): GarbageRequest {
  const isNew = asked.body !== undefined && 'idempotency_key' in asked.body && random.below(2) === 0;
  const body = isNew ? { ...asked.body, idempotency_key: random.key() } : asked.body;
  const draft: Draft = {
    method,
    path: asked.path,
    headers: { 'content-type': 'application/json', ...credential },
    body: body === undefined ? null : Buffer.from(JSON.stringify(body)),
  };
  for (let count = 1 + random.below(3); count > 0; count--) random.pick(BENDS)(draft, random);
  return draft;
}
