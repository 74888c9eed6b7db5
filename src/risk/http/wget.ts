/** Reads `wget` command lines. */
import { touch } from '../paths.js';
import { type Argument, parseArguments, unknownValue, type Value } from '../shell/argument.js';
import type { Invocation } from '../shell/invocation.js';
import { judgeRequest } from './judge.js';
import { type Body, bodyFrom, isCredentialAddress, isCredentialHeader, NO_BODY } from './request.js';

const VALUE_FLAGS = [
  '-O',
  '--output-document',
  '-o',
  '-P',
  '--directory-prefix',
  '--method',
  '--body-data',
  '--body-file',
  '--post-data',
  '--post-file',
  '--header',
  '--user',
  '--password',
  '--http-user',
  '--http-password',
  '--input-file',
  '-U',
  '--user-agent',
  '-t',
  '-T',
  '-i',
  '-e',
  '-A',
  '-R',
  '-D',
  '-l',
  '--tries',
  '--timeout',
];

const LISTED_MAX = 50;
const FETCHED = unknownValue('a fetched text', 'fetched');

/** Judges the requests of a `wget`; its output counts as fetched. */
export function readWget(invocation: Invocation): Value {
  const { flags, operands } = parseArguments(invocation.args, {
    valueFlags: VALUE_FLAGS,
    singleDash: false,
    stopAtOperand: false,
  });
  const last = (...names: string[]): Argument | undefined =>
    names.flatMap((name) => flags.get(name) ?? []).at(-1);
  const body = bodyOf(invocation, last('--post-data', '--body-data'), last('--post-file', '--body-file'));
  const headers = (flags.get('--header') ?? []).map((word) => word.text);
  const method = last('--method');
  const addresses = [...operands, ...listedIn(flags, invocation)];
  for (const url of addresses) {
    judgeRequest(
      {
        method:
          method?.known === false
            ? null
            : (method?.text.toUpperCase() ?? (body.kind === 'none' ? 'GET' : 'POST')),
        url: url.text,
        urlKnown: url.known,
        headers,
        body,
        carriesCredential:
          headers.some(isCredentialHeader) ||
          ['--password', '--http-password'].some((flag) => flags.has(flag)) ||
          isCredentialAddress(url.text),
        span: invocation.span,
        names: [],
      },
      invocation.analysis,
    );
  }
  writeOutput(invocation, last('-O', '--output-document', '-P', '--directory-prefix'), operands);
  return FETCHED;
}

function listedIn(
  flags: ReadonlyMap<string, readonly Argument[]>,
  invocation: Invocation,
): readonly Argument[] {
  return ['-i', '--input-file']
    .flatMap((flag) => flags.get(flag) ?? [])
    .flatMap((file) => listed(file, invocation));
}

/** The addresses in a file that lists them. */
function listed(file: Argument, invocation: Invocation): readonly Argument[] {
  const content =
    file.text === '-' ? invocation.stdin : invocation.analysis.files.content(file.text, invocation);
  if (content?.known !== true) return [];
  const lines = content.text.split('\n').slice(0, LISTED_MAX);
  return lines.filter((text) => text.trim() !== '').map((text) => ({ ...file, text: text.trim() }));
}

/** Without a name for it, what is fetched is saved under one that the address or the server chooses. */
function writeOutput(invocation: Invocation, output: Argument | undefined, urls: readonly Argument[]): void {
  const { analysis, directory, place } = invocation;
  if (output !== undefined && output.text !== '-')
    touch(analysis, { path: output.text, access: 'write', directory, place, span: output.span });
  if (output === undefined) analysis.files.doubtAll();
  const saved = output === undefined ? urls.map((url) => url.text.split('/').at(-1) ?? '') : [output.text];
  for (const path of saved) analysis.files.write(path, invocation, FETCHED);
}

function bodyOf(invocation: Invocation, data: Argument | undefined, file: Argument | undefined): Body {
  if (data !== undefined) {
    return data.known
      ? { kind: 'text', text: data.text, raw: data.raw, span: data.span }
      : { kind: 'hidden', what: data.text, span: data.span };
  }
  if (file === undefined) return NO_BODY;
  const content = file.known ? invocation.analysis.files.content(file.text, invocation) : undefined;
  return bodyFrom(content, file.text, file.span);
}
