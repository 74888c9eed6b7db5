/** Reads the arguments of a tool: by the names of its fields and by what their texts turn out to be. */
import type { Analysis } from '../analysis.js';
import { PROVIDERS } from '../catalogue/providers.js';
import type { FieldReading } from '../catalogue/tool.js';
import { disturbs, unseen } from '../catalogue/verdicts.js';
import { wholeText } from '../excerpt.js';
import { contentOf, looksLikeSql } from '../graphql/envelope.js';
import { looksLikeGraphql } from '../graphql/operations.js';
import { judgeRequest } from '../http/judge.js';
import { type Body, isCredentialHeader, NO_BODY } from '../http/request.js';
import { directoryOf, isProtected, touch } from '../paths.js';
import { judgeWritten } from '../written.js';

/** Documents of editors and designs are nested by some twenty levels. */
const DEPTH_MAX = 32;
const TOO_DEEP = unseen(
  disturbs('', { verb: 'execute', kind: 'unknown.call' }),
  'Its arguments are nested too deeply to be looked at.',
);
const COMMAND_FIELDS =
  /^(?:(?:\w+_)?(?:command|cmd)|commands|script|shell|bash|run|command_line|commandline|cmdline|exec|args_string)$/i;
const CODE_FIELDS = /^(?:code|source_code|python|javascript|snippet)$/i;
const URL_FIELDS = /^(?:url|uri|endpoint|href|address|webhook_url|request_url|base_url)$/i;
/** Fields written for people; what they speak of is not run. */
const PROSE_FIELDS =
  /^(?:title|description|summary|comment|message|prompt|subject|notes?|reason|explanation|label|name)$/i;
/** Fields that hold further arguments, sometimes as a text of JSON. */
const NESTED_FIELDS =
  /^(?:input|arguments|args|params|payload|request|options|init|config|kwargs|body|data|json)$/i;
const BODY_FIELDS = /^(?:body|data|payload|json|request_body|content|graphql|query|params|form)$/i;
const METHOD_FIELDS = /^(?:method|http_method|verb|request_method)$/i;
const WRITE_NAMES = /write|edit|create|save|append|replace|patch|update|upload|move|rename/i;
const TREE_NAMES = /search|grep|copy|archive|zip|tar|compress|sync|backup|upload|pack|tree|recursive|index/i;
const DELETE_NAMES = /delete|remove|unlink|rmdir|trash/i;
const PATH_FIELDS =
  /^(?:path|file_path|filepath|file|filename|target_file|destination|dest|directory|dir|folder|notebook_path|source|relative_workspace_path|paths|files|root|base_path|src|from|origin|attachments?|input_path|source_path)$/i;

export interface Field {
  readonly path: string;
  readonly value: unknown;
  readonly reading: FieldReading;
  readonly input: Readonly<Record<string, unknown>>;
}

/** Reads one argument the way its registration says. */
export function readField(analysis: Analysis, { path, value, reading, input }: Field): void {
  const text = textOf(value);
  if (text === null) return;
  if (reading === 'shell') readShell(analysis, path, text, input);
  else if (reading === 'sql') readSql(analysis, path, text);
  else if (reading === 'graphql') readRequest(analysis, input, '$ENDPOINT', path, text);
  else if (reading === 'url') readRequest(analysis, input, text, path, null);
  else if (reading === 'code') readSource(analysis, path, text);
  else if (reading === 'patch') readPatch(analysis, path, text);
  else if (reading === 'name-pattern') touchProtected(analysis, path, below(input.path, text));
  else if (reading !== 'text') {
    touchPath(analysis, path, text, PATH_ACCESS[reading]);
    if (reading === 'write-path') judgeContents(analysis, path, text, input);
  }
}

const CONTENT_FIELDS =
  /^(?:content|contents|text|file_text|new_string|new_str|code_edit|insert_text|new_source)$/;

/** What a tool puts into a file. */
function judgeContents(
  analysis: Analysis,
  source: string,
  path: string,
  input: Readonly<Record<string, unknown>>,
): void {
  const standing = { directory: directoryOf(analysis), place: 'here' } as const;
  const span = wholeText(source, path).locate(0, path.length);
  for (const [name, value] of Object.entries(input)) {
    if (typeof value !== 'string' || !CONTENT_FIELDS.test(name)) continue;
    judgeWritten({ path, text: { text: value, known: true, taint: 'none' }, standing, span }, analysis);
  }
}

const PATH_ACCESS = {
  'write-path': 'write',
  'read-path': 'read',
  'tree-path': 'read-tree',
  'delete-path': 'delete',
} as const;

function below(folder: unknown, pattern: string): string {
  return typeof folder === 'string' && !/^[/~]/.test(pattern) ? `${folder}/${pattern}` : pattern;
}

function readSql(analysis: Analysis, path: string, text: string): void {
  analysis.read('sql', wholeText(path, text), { place: 'remote', directory: '.', names: [] });
}

/** A command may be a list of words, as in `["bash", "-lc", "…"]`. */
function textOf(value: unknown): string | null {
  if (typeof value === 'string') return value;
  if (!Array.isArray(value) || !value.every((word) => typeof word === 'string')) return null;
  return value
    .map((word) => (/^[\w./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`))
    .join(' ');
}

function readShell(
  analysis: Analysis,
  path: string,
  text: string,
  input: Readonly<Record<string, unknown>>,
): void {
  const stated = input.cwd ?? input.workdir ?? input.working_directory;
  const directory =
    typeof stated === 'string' && stated.startsWith('/') && analysis.proposal.cwd === null
      ? stated
      : directoryOf(analysis);
  const whole = wholeText(path, text);
  const span = whole.locate(0, text.length);
  const words = /^\s*\S+\s*$/.test(text) ? textOf(input.args ?? input.argv ?? input.arguments) : null;
  const source =
    words !== null || Array.isArray(input[path.replace('input.', '')])
      ? { text: words === null ? text : `${text} ${words}`, locate: () => span }
      : whole;
  analysis.read('shell', source, { place: 'here', directory, names: [] });
}

function touchPath(
  analysis: Analysis,
  path: string,
  text: string,
  access: 'read' | 'read-tree' | 'write' | 'delete' | 'delete-tree',
): void {
  const place = text.startsWith('file://') ? text.slice(7) : text;
  touch(analysis, {
    path: place,
    access,
    directory: directoryOf(analysis),
    place: 'here',
    span: wholeText(path, text).locate(0, text.length),
  });
}

/** A text that is no path by its name counts as one when it leads to what belongs to the gate. */
function touchProtected(analysis: Analysis, path: string, text: string): void {
  if (isProtected(analysis, text, directoryOf(analysis), 'read')) touchPath(analysis, path, text, 'read');
}

/** The files that a patch names. */
function readPatch(analysis: Analysis, path: string, text: string): void {
  for (const match of text.matchAll(/^(?:\*\*\* (Add|Update|Delete) File: |(?:\+\+\+) b?\/?)(.{1,400})$/gm)) {
    const file = (match[2] ?? '').trim();
    if (file !== '' && file !== 'dev/null')
      touchPath(analysis, path, file, match[1] === 'Delete' ? 'delete' : 'write');
  }
}

/** Reads the arguments that are left when those with a reading of their own have been read. */
export function readRest(
  analysis: Analysis,
  input: Readonly<Record<string, unknown>>,
  read: ReadonlyMap<string, FieldReading>,
): void {
  const rest = Object.fromEntries(Object.entries(input).filter(([name]) => !read.has(name)));
  if ([...read.values()].includes('url')) visit(analysis, rest, 'input', { depth: 0, hasUrl: true });
  else readUnregistered(analysis, rest);
}

/** Reads every argument of a tool that nobody registered. */
export function readUnregistered(analysis: Analysis, input: Readonly<Record<string, unknown>>): void {
  const url = findField(input, URL_FIELDS);
  if (url !== null && /^(?:https?:\/\/|[\w-]+(?:\.[\w-]+)+(?:[:/]|$)|localhost)/i.test(url.text)) {
    readRequest(analysis, input, url.text, `input.${url.name}`, null);
  }
  visit(analysis, input, 'input', { depth: 0, hasUrl: url !== null });
}

interface Position {
  readonly depth: number;
  readonly hasUrl: boolean;
}

function visit(analysis: Analysis, value: unknown, path: string, position: Position): void {
  analysis.bounds.step();
  if (position.depth > DEPTH_MAX) {
    reportTooDeep(analysis);
    return;
  }
  const name = /([\w-]+)(?:\[\d+\])*$/.exec(path)?.[1] ?? '';
  const deeper = { ...position, depth: position.depth + 1 };
  if (typeof value === 'string') {
    readText(analysis, name, path, value, position);
  } else if (Array.isArray(value)) {
    const words = COMMAND_FIELDS.test(name) ? textOf(value) : null;
    if (words !== null) readShellText(analysis, path, words);
    else for (const [index, item] of value.entries()) visit(analysis, item, `${path}[${index}]`, deeper);
  } else if (typeof value === 'object' && value !== null) {
    readWords(analysis, path, value);
    for (const [key, held] of Object.entries(value)) visit(analysis, held, `${path}.${key}`, deeper);
  }
}

/** Once, however many arguments are. */
function reportTooDeep(analysis: Analysis): void {
  if (analysis.findings.some(({ reason }) => reason === TOO_DEEP.reason)) return;
  analysis.report(TOO_DEEP, { target: `tool ${analysis.proposal.tool.name}`, span: null });
}

/** `{ program, args }`: a command whose words are arguments of their own. */
function readWords(analysis: Analysis, path: string, value: object): void {
  const record: Readonly<Record<string, unknown>> = { ...value };
  const args = record.args ?? record.argv ?? record.arguments;
  if (!Array.isArray(args) || !args.every((word) => typeof word === 'string')) return;
  const program = record.program ?? record.executable ?? record.binary ?? record.command ?? record.cmd;
  const named = typeof program === 'string';
  if (!named && !/exec|shell|spawn|terminal|bash|command/i.test(analysis.proposal.tool.name)) return;
  const text = textOf(named ? [program, ...args] : args);
  if (text === null) return;
  const span = { source: path, start: 0, end: text.length };
  analysis.read(
    'shell',
    { text, locate: () => span },
    { place: 'here', directory: directoryOf(analysis), names: [] },
  );
}

/** Arguments that are sent as a text of JSON. */
function readJson(analysis: Analysis, path: string, text: string, { depth, hasUrl }: Position): boolean {
  const value = recordOfJson(text);
  if (value === null) return false;
  const url = findField(value, URL_FIELDS);
  if (url !== null) readRequest(analysis, value, url.text, path, null);
  visit(analysis, value, path, { depth: depth + 1, hasUrl: hasUrl || url !== null });
  return true;
}

function recordOfJson(text: string): Readonly<Record<string, unknown>> | null {
  if (!/^\s*\{/.test(text)) return null;
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return null;
  }
}

function readText(analysis: Analysis, name: string, path: string, text: string, position: Position): void {
  if (PROSE_FIELDS.test(name)) return;
  if (COMMAND_FIELDS.test(name) || isInCommand(path)) readCommand(analysis, path, text);
  else if (CODE_FIELDS.test(name)) readSource(analysis, path, text);
  else if (looksLikeGraphql(text) || isGraphqlBody(text)) {
    if (!position.hasUrl) readRequest(analysis, {}, '$ENDPOINT', path, text);
  } else if (looksLikeSql(text)) readSql(analysis, path, text);
  else if (NESTED_FIELDS.test(name) && readJson(analysis, path, text, position)) return;
  else if (/^source$/i.test(name) && /\w\(["'`]|\n/.test(text)) readSource(analysis, path, text);
  else if (PATH_FIELDS.test(name)) touchPath(analysis, path, text, accessOf(analysis.proposal.tool));
  else touchProtected(analysis, path, text);
}

/** A command of a shell, or one of a database when it is written like one. */
function readCommand(analysis: Analysis, path: string, text: string): void {
  readShellText(analysis, path, text);
  if (/^\s*[A-Z]{3,}\s/.test(text) && looksLikeSql(text)) readSql(analysis, path, text);
}

/** `{ command: { text } }`: the text is the command. */
function isInCommand(path: string): boolean {
  const parts = path.split('.');
  return (
    /^(?:text|value|content|raw|line)$/i.test(parts.at(-1) ?? '') && COMMAND_FIELDS.test(parts.at(-2) ?? '')
  );
}

function readSource(analysis: Analysis, path: string, text: string): void {
  analysis.read('python', wholeText(path, text), {
    place: 'here',
    directory: directoryOf(analysis),
    names: [],
  });
}

function readShellText(analysis: Analysis, path: string, text: string): void {
  analysis.read('shell', wholeText(path, text), {
    place: 'here',
    directory: directoryOf(analysis),
    names: [],
  });
}

function isGraphqlBody(text: string): boolean {
  return /^\s*[[{]/.test(text) && contentOf(text).kind === 'graphql';
}

function accessOf({
  name: toolName,
  input,
}: Analysis['proposal']['tool']): 'read' | 'read-tree' | 'write' | 'delete' | 'delete-tree' {
  const isRecursive =
    typeof input === 'object' && input !== null && 'recursive' in input && input.recursive === true;
  if (DELETE_NAMES.test(toolName)) return isRecursive ? 'delete-tree' : 'delete';
  if (WRITE_NAMES.test(toolName)) return 'write';
  return TREE_NAMES.test(toolName) ? 'read-tree' : 'read';
}

/** A request whose parts are separate arguments. */
function readRequest(
  analysis: Analysis,
  stated: Readonly<Record<string, unknown>>,
  url: string,
  path: string,
  document: string | null,
): void {
  const input = withOptions(stated);
  const body = document === null ? bodyAmong(input) : graphqlBody(document, path, input);
  const method = findField(input, METHOD_FIELDS)?.text.toUpperCase();
  const headers = headersAmong(input);
  const server = analysis.proposal.tool.server ?? '';
  judgeRequest(
    {
      method: method ?? (body.kind === 'none' ? 'GET' : 'POST'),
      url: url === '$ENDPOINT' ? endpointOf(`${server} ${analysis.proposal.tool.name}`) : url,
      urlKnown: !url.startsWith('$'),
      headers,
      body,
      carriesCredential: headers.some(isCredentialHeader),
      span: { source: path, start: 0, end: (document ?? url).length },
      names: [],
    },
    analysis,
  );
}

/** `fetch(url, init)`: the method and the body stand one level deeper. */
function withOptions(input: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const options = input.init ?? input.options ?? input.config;
  return typeof options === 'object' && options !== null ? { ...options, ...input } : input;
}

/** Where a tool sends its documents, when its name or its server's is that of a known service. */
function endpointOf(names: string): string {
  const lower = names.toLowerCase();
  const provider = PROVIDERS.find(
    (entry) => entry.graphqlPath !== undefined && lower.includes(entry.name.toLowerCase()),
  );
  const host = provider?.hosts[0];
  return host === undefined ? '$ENDPOINT' : `https://${host}/graphql`;
}

function bodyAmong(input: Readonly<Record<string, unknown>>): Body {
  for (const [name, value] of Object.entries(input)) {
    if (!BODY_FIELDS.test(name) || value === null || value === undefined) continue;
    const source = `input.${name}`;
    const text =
      typeof value === 'string'
        ? value
        : JSON.stringify(/^(?:query|graphql)$/i.test(name) ? { [name]: value } : value);
    const isDocument = typeof value === 'string' && looksLikeGraphql(value);
    const sent = isDocument ? JSON.stringify({ query: value, variables: input.variables ?? {} }) : text;
    return { kind: 'text', text: sent, raw: '', span: { source, start: 0, end: text.length } };
  }
  return NO_BODY;
}

function graphqlBody(document: string, path: string, input: Readonly<Record<string, unknown>>): Body {
  const text = isGraphqlBody(document)
    ? document
    : JSON.stringify({ query: document, variables: input.variables ?? {} });
  return { kind: 'text', text, raw: '', span: { source: path, start: 0, end: document.length } };
}

function headersAmong(input: Readonly<Record<string, unknown>>): readonly string[] {
  const { headers } = input;
  if (Array.isArray(headers)) return headers.filter((header) => typeof header === 'string');
  if (typeof headers === 'string') return headers.split('\n');
  if (typeof headers !== 'object' || headers === null) return [];
  return Object.entries(headers).map(([name, value]) => `${name}: ${typeof value === 'string' ? value : ''}`);
}

function findField(
  input: Readonly<Record<string, unknown>>,
  names: RegExp,
): { name: string; text: string } | null {
  for (const [name, value] of Object.entries(input)) {
    if (names.test(name) && typeof value === 'string') return { name, text: value };
  }
  return null;
}
