/** Reads `curl` command lines. */
import type { Span } from '../../domain/assessment.js';
import { touch } from '../paths.js';
import { type Argument, parseArguments, unknownValue, type Value } from '../shell/argument.js';
import type { Invocation } from '../shell/invocation.js';
import { judgeRequest, SENDS_SECRETS } from './judge.js';
import {
  type Body,
  bodyFrom,
  type HttpRequest,
  isCredentialHeader,
  isSafeMethod,
  NO_BODY,
} from './request.js';

const VALUE_FLAGS = [
  '-X',
  '--request',
  '-d',
  '--data',
  '--data-raw',
  '--data-binary',
  '--data-ascii',
  '--data-urlencode',
  '--json',
  '-F',
  '--form',
  '--form-string',
  '-H',
  '--header',
  '-u',
  '--user',
  '-o',
  '--output',
  '-T',
  '--upload-file',
  '-A',
  '--user-agent',
  '-e',
  '--referer',
  '-b',
  '--cookie',
  '-c',
  '--cookie-jar',
  '-K',
  '--config',
  '-x',
  '--proxy',
  '-m',
  '--max-time',
  '--connect-timeout',
  '--retry',
  '--retry-delay',
  '--retry-max-time',
  '-w',
  '--write-out',
  '--url',
  '--url-query',
  '--resolve',
  '--connect-to',
  '--cacert',
  '--cert',
  '-E',
  '--key',
  '--oauth2-bearer',
  '-U',
  '--proxy-user',
  '-r',
  '--range',
  '--limit-rate',
  '-D',
  '--dump-header',
  '--aws-sigv4',
  '--interface',
  '-y',
  '-Y',
  '-z',
  '-C',
  '--max-redirs',
  '--unix-socket',
  '--output-dir',
  '-P',
  '-Q',
  '-t',
  '--ciphers',
  '--request-target',
  '--variable',
  '--expand-data',
  '--expand-url',
  '--pass',
  '--noproxy',
  '--tlsv1',
  '--dns-servers',
  '--stderr',
  '--trace',
  '--trace-ascii',
  '--etag-save',
  '--etag-compare',
  '--hsts',
  '--alt-svc',
  '--libcurl',
];
/** Flags that name a file which is written. */
const OUTPUT_FLAGS = [
  '-o',
  '--output',
  '-c',
  '--cookie-jar',
  '-D',
  '--dump-header',
  '--stderr',
  '--trace',
  '--trace-ascii',
  '--etag-save',
  '--hsts',
  '--alt-svc',
  '--libcurl',
];
const DATA_FLAGS = [
  '-d',
  '--data',
  '--data-raw',
  '--data-binary',
  '--data-ascii',
  '--data-urlencode',
  '--json',
  '--expand-data',
];
const FORM_FLAGS = ['-F', '--form', '--form-string'];
const HEADER_FLAGS = ['-H', '--header'];
const CREDENTIAL_FLAGS = [
  '-u',
  '--user',
  '--oauth2-bearer',
  '-b',
  '--cookie',
  '-E',
  '--cert',
  '--aws-sigv4',
  '-n',
  '--netrc',
  '--netrc-file',
];
const FETCHED = unknownValue('a fetched text', 'fetched');
const CONFIG_LINES_MAX = 200;

type Flags = ReadonlyMap<string, readonly Argument[]>;

/** Judges every request a `curl` makes; its output counts as fetched. */
export function readCurl(invocation: Invocation): Value {
  const words = withConfig(invocation);
  const { flags, operands } = parseArguments(words, {
    valueFlags: VALUE_FLAGS,
    singleDash: false,
    stopAtOperand: false,
  });
  const urls = [...valuesOf(flags, ['--url', '--expand-url']), ...operands];
  const body = bodyOf(invocation, flags);
  const asQuery = flags.has('-G') || flags.has('--get');
  for (const url of urls.flatMap(globbed)) {
    judgeRequest(
      asQuery ? asQueryRequest(invocation, flags, url, body) : requestOf(invocation, flags, url, body),
      invocation.analysis,
    );
  }
  writeOutput(invocation, flags, urls);
  return FETCHED;
}

function valuesOf(flags: Flags, names: readonly string[]): readonly Argument[] {
  return names.flatMap((name) => flags.get(name) ?? []);
}

function requestOf(invocation: Invocation, flags: Flags, url: Argument, body: Body): HttpRequest {
  const headers = valuesOf(flags, HEADER_FLAGS).map((word) => word.text);
  return {
    method: methodOf(flags, body),
    url: url.text,
    urlKnown: url.known,
    headers,
    body,
    carriesCredential:
      headers.some(isCredentialHeader) ||
      CREDENTIAL_FLAGS.some((flag) => flags.has(flag)) ||
      /\/\/[^/@]+@/.test(url.text),
    span: invocation.span,
    names: [],
  };
}

/** With `-G` the data goes into the address, where a GraphQL or SQL text is looked for as well. */
function asQueryRequest(invocation: Invocation, flags: Flags, url: Argument, body: Body): HttpRequest {
  const request = requestOf(invocation, flags, url, body);
  return { ...request, method: valuesOf(flags, ['-X', '--request'])[0]?.text.toUpperCase() ?? 'GET' };
}

function methodOf(flags: Flags, body: Body): string | null {
  const stated = valuesOf(flags, ['-X', '--request']).at(-1);
  if (stated !== undefined) {
    if (!stated.known) return null;
    const method = stated.text.toUpperCase();
    return isSafeMethod(method) && body.kind !== 'none' ? 'POST' : method;
  }
  if (flags.has('-T') || flags.has('--upload-file')) return 'PUT';
  if (flags.has('-I') || flags.has('--head')) return 'HEAD';
  return body.kind === 'none' ? 'GET' : 'POST';
}

/** All data flags together; one hidden part hides the body. */
function bodyOf(invocation: Invocation, flags: Flags): Body {
  const parts: Body[] = [
    ...DATA_FLAGS.flatMap((flag) => (flags.get(flag) ?? []).map((word) => dataPart(invocation, flag, word))),
    ...FORM_FLAGS.flatMap((flag) => (flags.get(flag) ?? []).map((word) => formPart(invocation, word))),
    ...valuesOf(flags, ['-T', '--upload-file']).map((word) =>
      filePart(invocation, word, word.text, word.span),
    ),
  ];
  const hidden = parts.find((part) => part.kind === 'hidden');
  if (hidden !== undefined) return hidden;
  const texts = parts.filter((part) => part.kind === 'text');
  const first = texts[0];
  if (first === undefined) return NO_BODY;
  return texts.length === 1 ? first : { ...first, text: texts.map((part) => part.text).join('&'), raw: '' };
}

function dataPart(invocation: Invocation, flag: string, word: Argument): Body {
  const { text } = word;
  if (flag === '--data-urlencode') return encodedPart(invocation, word);
  if (text.startsWith('@') && flag !== '--data-raw')
    return filePart(invocation, word, text.slice(1), word.span);
  return textPart(word, text);
}

function encodedPart(invocation: Invocation, word: Argument): Body {
  const match = /^([\w.[\]-]*)([=@])([\s\S]*)$/.exec(word.text);
  if (match === null) return textPart(word, encodeURIComponent(word.text));
  const [, name = '', sign, value = ''] = match;
  const prefix = name === '' ? '' : `${name}=`;
  if (sign === '=') return textPart(word, prefix + encoded(value));
  const file = filePart(invocation, word, value, word.span);
  return file.kind === 'text' ? { ...file, text: prefix + encoded(file.text) } : file;
}

function encoded(text: string): string {
  return encodeURIComponent(text.replace(/\p{Surrogate}/gu, '\uFFFD'));
}

function formPart(invocation: Invocation, word: Argument): Body {
  const equals = word.text.indexOf('=');
  const name = equals < 0 ? word.text : word.text.slice(0, equals);
  const value = equals < 0 ? '' : word.text.slice(equals + 1);
  if (!/^[@<]/.test(value)) return textPart(word, `${encoded(name)}=${encoded(value)}`);
  const file = filePart(invocation, word, value.slice(1).replace(/;.*$/, ''), word.span);
  return file.kind === 'text' ? { ...file, text: `${encoded(name)}=${encoded(file.text)}` } : file;
}

function textPart(word: Argument, text: string): Body {
  if (!word.known) return { kind: 'hidden', what: word.text, span: word.span };
  return { kind: 'text', text, raw: word.raw, span: word.span };
}

/** A file's content when it was sent along, standard input when it is known, hidden otherwise. */
function filePart(invocation: Invocation, word: Argument, path: string, span: Span): Body {
  if (path === '-' || path === '/dev/stdin' || path === '.') {
    return bodyFrom(invocation.stdin, 'standard input', span);
  }
  const before = invocation.analysis.findings.length;
  touch(invocation.analysis, {
    path,
    access: 'read',
    directory: invocation.directory,
    place: invocation.place,
    span,
  });
  const secret = invocation.analysis.findings.slice(before).some((found) => found.tier >= 2);
  if (secret) invocation.analysis.report(SENDS_SECRETS, { target: `file ${path}`, span });
  const content = word.known ? invocation.analysis.files.content(path, invocation) : undefined;
  return bodyFrom(content, path, span);
}

function writeOutput(invocation: Invocation, flags: Flags, urls: readonly Argument[]): void {
  const { analysis, directory, place } = invocation;
  const { files } = analysis;
  for (const word of valuesOf(flags, OUTPUT_FLAGS)) {
    if (word.text === '-') continue;
    touch(analysis, { path: word.text, access: 'write', directory, place, span: word.span });
    files.write(word.text, invocation, FETCHED);
  }
  // Where the server, the address or a template chooses the name, no name can be told.
  const namedElsewhere = flags.has('-J') || flags.has('--remote-header-name') || flags.has('--output-dir');
  if (namedElsewhere || valuesOf(flags, ['-o', '--output']).some((word) => word.text.includes('#')))
    files.doubtAll();
  for (const word of valuesOf(flags, ['-w', '--write-out'])) {
    if (word.text.includes('%output{')) files.doubt(word.text, invocation);
  }
  if (!['-O', '--remote-name', '--remote-name-all'].some((flag) => flags.has(flag))) return;
  for (const url of urls) {
    const name = lastPart(url.text);
    files.doubt(name, invocation);
    files.write(name, invocation, FETCHED);
  }
}

/** The name a download is saved under. */
function lastPart(url: string): string {
  return (
    url
      .replace(/[?#].*$/, '')
      .split('/')
      .at(-1) ?? ''
  );
}

/** `{a,b}` in an address makes several requests. */
function globbed(url: Argument): readonly Argument[] {
  const match = /^([^{}]*)\{([^{}]+)\}([^{}]*)$/.exec(url.text);
  if (match === null) return [url];
  const [, before = '', inside = '', after = ''] = match;
  return inside
    .split(',')
    .slice(0, 20)
    .map((item) => ({ ...url, text: before + item + after }));
}

/** `-K file` adds options from a file; one that cannot be seen could say anything. */
function withConfig(invocation: Invocation): readonly Argument[] {
  const { args } = invocation;
  const { flags } = parseArguments(args, {
    valueFlags: VALUE_FLAGS,
    singleDash: false,
    stopAtOperand: false,
  });
  const paths = valuesOf(flags, ['-K', '--config']);
  return [...args, ...paths.flatMap((path) => wordsOfConfig(path, invocation))];
}

function wordsOfConfig(path: Argument, invocation: Invocation): readonly Argument[] {
  const { stdin, analysis } = invocation;
  const content = path.text === '-' ? stdin : analysis.files.content(path.text, invocation);
  if (content?.known !== true) {
    analysis.files.doubtAll();
    return [
      { ...path, text: '--data', known: true },
      { ...path, text: '$CONFIG', known: false },
      { ...path, text: '$CONFIG', known: false },
    ];
  }
  const extra = content.text
    .split('\n')
    .slice(0, CONFIG_LINES_MAX)
    .flatMap((line) => configWords(line, path));
  return extra;
}

function configWords(line: string, path: Argument): readonly Argument[] {
  const match = /^\s*-{0,2}([\w-]+)\s*(?:[=:\s]\s*(.*?))?\s*$/.exec(line.slice(0, 4_096));
  if (match === null) return [];
  const [, name = '', value = ''] = match;
  const flag = name.length === 1 ? `-${name}` : `--${name}`;
  const quoted = /^"([\s\S]*)"$/.exec(value);
  const text = quoted === null ? value : (quoted[1] ?? '').replace(/\\(["\\])/g, '$1');
  return value === ''
    ? [{ ...path, text: flag }]
    : [
        { ...path, text: flag },
        { ...path, text },
      ];
}
