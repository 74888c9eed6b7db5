/** Looks into Python, JavaScript and similar code for requests, commands and file operations. */
import type { Span } from '../../domain/assessment.js';
import type { Analysis, Reading } from '../analysis.js';
import { changesLocally, disturbs, unseen } from '../catalogue/verdicts.js';
import { type Excerpt, nestedText } from '../excerpt.js';
import { contentOf, looksLikeSql } from '../graphql/envelope.js';
import { looksLikeGraphql } from '../graphql/operations.js';
import { judgeRequest } from '../http/judge.js';
import { type Body, isCredentialHeader, NO_BODY } from '../http/request.js';
import { touch } from '../paths.js';
import { readCarried } from './carry.js';
import { readClients } from './clients.js';
import { evaluatedTexts, judgeEvaluation, RUNS_FETCHED } from './evaluation.js';
import { guardCode } from './guard.js';
import { type Literal, literalsOf } from './literals.js';
import { judgeMisuse } from './misuse.js';
import { readServices } from './service.js';
import { unfolded } from './unfold.js';

const RUNS = changesLocally('It runs code of its own, in which no request or command was found.', 'execute');
const RUNS_HIDDEN = unseen(
  disturbs('', { verb: 'execute', kind: 'code.exec' }),
  'The code runs a command that cannot be seen.',
);
const CALLS_OUT = unseen(disturbs(''), 'The code sends a request whose address cannot be seen.');

const REQUESTS =
  /\b(?:requests|httpx|aiohttp|urllib|urllib2|urllib3|http\.client|HTTPSConnection|HTTPConnection|axios|fetch|got|superagent|undici|https?\.request|https?\.get|XMLHttpRequest|Net::HTTP|LWP|HTTP::Tiny|file_get_contents|curl_exec|GraphQLClient|gql)\b/;
const WRITES =
  /(?:\.|->)(?:post|put|patch|delete)\s*\(|\b(?:POST|PUT|PATCH|DELETE)\s*=>|\bmethod\s*[=:]\s*["'`](?:post|put|patch|delete)|["'`](?:POST|PUT|PATCH|DELETE)["'`]|\bdata\s*=|\bjson\s*=|\bbody\s*:/i;
const COMMANDS =
  /\b(?:os\.(?:system|popen|exec\w*|spawn\w*)|subprocess\.\w+|child_process|execSync|execFileSync|execFile|spawnSync|spawn|exec|shell_exec|passthru|popen|Popen|system|shelljs|execa|Deno\.run|Bun\.spawn)\s*(?:\(|`|\))|\bqx[{(]/;
const DECODING =
  /b64decode|base64|fromCharCode|unhexlify|\batob\s*\(|codecs\.decode|bytes\.fromhex|marshal\.loads/;
const DELETIONS =
  /\b(?:rmtree|rm|rmSync|rmdirSync|rmdir|unlink|unlinkSync|removedirs|os\.remove|fs\.rm|rimraf|remove_tree|FileUtils\.rm\w*|RemoveAll|os\.Remove|Files\.delete\w*|deleteRecursively|deleteDirectory|removeItem|(?:Directory|File)\.Delete|remove_dir_all|remove_file|file\.remove|Deno\.remove\w*|File\.rm\w*|rm_rf!?)\s*\(|\bunlink\s+(?:glob\b|["'<])|\b(?:rmtree|rm_rf|rm_r|remove_tree|rimraf|removeItem)\b/;
const TREE_DELETIONS =
  /\b(?:rmtree|rimraf|remove_tree|rm_rf|RemoveAll|deleteRecursively|deleteDirectory|removeItem|remove_dir_all|Directory\.Delete)\b|recursive\s*[:=]\s*true/i;
const FILE_WRITES =
  /\b(?:writeFile|writeFileSync|appendFile|appendFileSync|write_text|write_bytes|open)\s*\(/;
/** Begins like SQL and goes on like it. */
const IS_STATEMENT =
  /^\s*(?:select\s[\s\S]{1,1000}?\sfrom\s|insert\s+into\s|update\s+[\w."`]+\s+set\s|delete\s+from\s|drop\s+(?:table|database|schema|view|index|user|role|owned|type|extension)\s|truncate\s+(?:table\s+)?[\w."`,\s]+(?:cascade)?;?\s*$|alter\s+(?:table|database|role|user|system)\s|grant\s[\s\S]{1,400}?\sto\s|revoke\s[\s\S]{1,400}?\sfrom\s|do\s+\$\$)/i;
const STATEMENT_START_MAX = 1_500;
/** What stands before a text that is only shown. */
const ONLY_SHOWS = /(?:print|console\.\w+|puts|echo|say|log(?:ger)?\.\w+)\s*\(?\s*[rbfu]?$/;
const LITERALS_MAX = 400;

/** Reads code and reports what it would visibly do. */
export function readCode(text: Excerpt, reading: Reading, analysis: Analysis): void {
  const span = text.locate(0, text.text.length);
  const code = unfolded(text.text);
  const literals = literalsOf(code).slice(0, LITERALS_MAX);
  const before = analysis.findings.length;
  guardCode({ text: code, literals, span }, reading, analysis);
  const misuse = judgeMisuse(code);
  if (misuse !== null) analysis.report(misuse, { target: 'inline code', span });
  if (REQUESTS.test(code)) readRequests(code, literals, { span, analysis });
  if (COMMANDS.test(code)) readCommands(code, literals, reading, { span, analysis });
  readEvaluated(code, literals, reading, { span, analysis });
  if (DELETIONS.test(code)) readDeletions(code, literals, reading, { span, analysis });
  readStatements(literals, reading, { span, analysis }, code);
  if (FILE_WRITES.test(code)) readWrites(code, literals, reading, { span, analysis });
  readCarried({ text: code, literals, span }, reading, analysis);
  readServices({ text: code, literals, span }, analysis, REQUESTS.test(code));
  readClients({ text: code, literals, span }, analysis);
  if (analysis.findings.length === before) analysis.report(RUNS, { target: 'inline code', span });
}

interface Found {
  readonly span: Span;
  readonly analysis: Analysis;
}

/** What the code evaluates is read when it stands in the code, and suspected when it does not. */
function readEvaluated(
  code: string,
  literals: readonly Literal[],
  reading: Reading,
  { span, analysis }: Found,
): void {
  const judgement = judgeEvaluation(code, COMMANDS.test(code));
  if (judgement !== null) analysis.report(judgement, { target: 'evaluated code', span });
  for (const inner of evaluatedTexts(code, literals))
    analysis.read('javascript', nestedText(inner, span, ''), reading);
}

/** Each address in the code with the most telling text beside it as its body. */
function readRequests(code: string, literals: readonly Literal[], { span, analysis }: Found): void {
  const addresses = literals.filter(
    ({ text }) =>
      /^https?:\/\/[^\s]+$/i.test(text) ||
      (/^[\w-]+(?:\.[\w-]+)+\/?$/.test(text) &&
        /\.(?:com|app|io|dev|net|org|co)$/i.test(text.replace(/\/$/, ''))),
  );
  const writes = WRITES.test(code);
  const body = writes ? bodyAmong(code, literals, span) : NO_BODY;
  const method = methodIn(code, body);
  if (addresses.length === 0) {
    if (body.kind === 'none' && !writes) return;
    judgeRequest(
      {
        method,
        url: '$ADDRESS',
        urlKnown: false,
        headers: [],
        body,
        carriesCredential: false,
        span,
        names: [],
      },
      analysis,
    );
    if (body.kind === 'hidden') analysis.report(CALLS_OUT, { target: 'a request', span });
    return;
  }
  const headers = literals.map(({ text }) => `${text}: x`).filter(isCredentialHeader);
  const carriesCredential = headers.length > 0 || /\bauth\s*=/.test(code);
  for (const { text } of addresses) {
    judgeRequest(
      { method, url: text, urlKnown: true, headers, body, carriesCredential, span, names: [] },
      analysis,
    );
  }
}

function methodIn(code: string, body: Body): string | null {
  const call =
    /(?:\.|->)(post|put|patch|delete)\s*\(/i.exec(code)?.[1] ??
    /\b(POST|PUT|PATCH|DELETE)\s*=>/.exec(code)?.[1] ??
    /["'`](POST|PUT|PATCH|DELETE)["'`]/i.exec(code)?.[1];
  if (call !== undefined) return call.toUpperCase();
  return body.kind === 'none' ? 'GET' : 'POST';
}

/** GraphQL first, then JSON; a write whose body is built at run time is hidden. */
function bodyAmong(code: string, literals: readonly Literal[], span: Span): Body {
  const graphql = literals.filter(({ text }) => looksLikeGraphql(text));
  const asJson = literals.filter(({ text }) => /^\s*[[{]/.test(text) && contentOf(text).kind === 'graphql');
  if (graphql.length > 0 || asJson.length > 0) {
    const documents = [
      ...graphql.map(({ text }) => ({ query: text })),
      ...asJson.flatMap(({ text }) => JSON.parse(text) as object),
    ];
    return { kind: 'text', text: JSON.stringify(documents), raw: '', span };
  }
  if (!/\b(?:data|json|body|content|payload)\b/.test(code)) return NO_BODY;
  const plain =
    literals.length > 1 && !/\b(?:open|read|readFile\w*|input|argv|environ|b64decode|atob)\s*[([]/.test(code);
  return plain
    ? { kind: 'text', text: '{}', raw: '', span }
    : { kind: 'hidden', what: 'a computed body', span };
}

/** Commands are read as shell text, whether they are one string or a list of words. */
function readCommands(
  code: string,
  literals: readonly Literal[],
  reading: Reading,
  { span, analysis }: Found,
): void {
  const commands = commandTexts(code, literals);
  if (commands.length === 0 || isBuilt(code, literals))
    analysis.report(DECODING.test(code) ? RUNS_FETCHED : RUNS_HIDDEN, { target: 'a command', span });
  for (const command of commands) analysis.read('shell', nestedText(command, span, ''), reading);
}

/** A command that is put together from what is not in the code. */
function isBuilt(code: string, literals: readonly Literal[]): boolean {
  return literals.some(
    (literal) =>
      isCommandPlace(code, literal) &&
      /^\s*(?:\+|%|\.format\b)\s*[\w(]/.test(code.slice(literal.end, literal.end + 20)),
  );
}

function commandTexts(code: string, literals: readonly Literal[]): readonly string[] {
  const texts: string[] = [];
  let list: string[] = [];
  let listEnd = -1;
  for (const literal of literals) {
    const between = listEnd < 0 ? '' : code.slice(listEnd, literal.start);
    const opens = /\[\s*$/.test(code.slice(Math.max(0, literal.start - 20), literal.start));
    if (opens || (list.length > 0 && /^\s*,\s*$/.test(between))) {
      list = opens ? [literal.text] : [...list, literal.text];
      listEnd = literal.end;
      if (/^\s*\]/.test(code.slice(literal.end, literal.end + 20))) {
        texts.push(list.map(shellQuoted).join(' '));
        list = [];
        listEnd = -1;
      }
    } else if (isCommandPlace(code, literal)) {
      texts.push(literal.text);
    }
  }
  return texts;
}

/** A string right after the opening bracket of a call that runs commands. */
function isCommandPlace(code: string, literal: Literal): boolean {
  const before = code.slice(Math.max(0, literal.start - 60), literal.start);
  return /(?:system|popen|exec\w*|spawn\w*|run|call|check_call|check_output|getoutput|Popen|shell_exec|passthru|execa|command)\s*\(?\s*[rbfu]?$/.test(
    before,
  );
}

function shellQuoted(word: string): string {
  return /^[\w./:=@-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

function readDeletions(
  code: string,
  literals: readonly Literal[],
  reading: Reading,
  { span, analysis }: Found,
): void {
  const paths = literals.filter(({ start }) =>
    /(?:rmtree|rm\w*!?|unlink\w*|remove\w*|rimraf|delete\w*)\s*\(\s*(?:(?:[\w.]+\s*\(\s*|\w+:\s*))*[rbfu]?$/i.test(
      code.slice(Math.max(0, start - 80), start),
    ),
  );
  const access = TREE_DELETIONS.test(code) || /\bglob|\bwalk\b/i.test(code) ? 'delete-tree' : 'delete';
  const named = literals.filter(({ text }) => /^(?:[~/.]|[A-Z]:\\)/.test(text)).map(({ text }) => text);
  const globbed = /\bglob|\bwalk\b/i.test(code);
  const places = globbed ? named.map((path) => path.replace(/\/?[^/]*[*?][\s\S]*$/, '') || '/') : named;
  const fallback = places.length === 0 ? ['$PATH'] : places;
  const texts = paths.length === 0 ? fallback : paths.map(({ text }) => text);
  for (const path of texts)
    touch(analysis, { path, access, directory: reading.directory, place: reading.place, span });
}

function readWrites(
  code: string,
  literals: readonly Literal[],
  reading: Reading,
  { span, analysis }: Found,
): void {
  for (const { text, start, end } of literals) {
    const before = code.slice(Math.max(0, start - 60), start);
    const after = code.slice(end, end + 20);
    const opened = /\bopen\s*\(\s*[rbfu]?$/.test(before);
    const writing = opened
      ? /^\s*,\s*(?:mode\s*=\s*)?["'](?:w|a|x|r\+)/.test(after)
      : /(?:writeFile|appendFile)(?:Sync)?\s*\(\s*$|Path\s*\(\s*$/.test(before);
    if (!opened && !writing) continue;
    touch(analysis, {
      path: text,
      access: writing ? 'write' : 'read',
      directory: reading.directory,
      place: reading.place,
      span,
    });
  }
}

/**
 * A text that may be SQL counts when the code has a cursor, a pool or the like to run it with; one that cannot be anything
 * else counts whatever it is given to, unless it is only shown.
 */
function readStatements(
  literals: readonly Literal[],
  reading: Reading,
  { span, analysis }: Found,
  code: string,
): void {
  const runsStatements = /\b(?:execute|executemany|executescript|query|cursor|sql|raw|run)\b/.test(code);
  for (const { text, start } of literals) {
    if (!(runsStatements ? looksLikeSql(text) : IS_STATEMENT.test(text.slice(0, STATEMENT_START_MAX))))
      continue;
    if (runsStatements || !ONLY_SHOWS.test(code.slice(Math.max(0, start - 20), start)))
      analysis.read('sql', nestedText(text, span, ''), reading);
  }
}
