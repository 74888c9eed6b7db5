/** Reads programs that open a connection and send what they are fed: netcat, `openssl s_client`, and their like. */
import { PROGRAMS } from '../catalogue/programs.js';
import { reads } from '../catalogue/verdicts.js';
import { judgeName } from '../naming.js';
import { type Argument, parseArguments, unknownValue, type Value } from '../shell/argument.js';
import type { Invocation } from '../shell/invocation.js';
import { judgeByRules } from '../shell/rules.js';
import { judgeRequest } from './judge.js';
import { judgeSent, judgeUnseen, type Line } from './line.js';
import { type Body, bodyFrom, type HttpRequest, isCredentialHeader, NO_BODY } from './request.js';

const FETCHED = unknownValue('a fetched text', 'fetched');
const GIVES_PROGRAM = /^(?:-e|-c|--exec|--sh-exec|(?:exec|system):.*)$/i;
const CALL_FLAGS = [
  '-d',
  '-H',
  '-rpc-header',
  '-proto',
  '-import-path',
  '-protoset',
  '-authority',
  '-max-time',
  '-cert',
  '-key',
  '-cacert',
  '-format',
  '-servername',
  '-user-agent',
];
const SOCKET_FLAGS = [
  '-H',
  '--header',
  '--protocol',
  '-x',
  '--execute',
  '--basic-auth',
  '-s',
  '--subprotocol',
  '-c',
  '--connect',
  '-w',
  '--wait',
];
const LOOKS = reads('It only looks at the certificate of another host.', 'http.get');
const ASKS = reads('It asks what a service offers.', 'http.get');

/** Judges what is sent where it can be read; by the rules of the program where it cannot. */
export function readSocket(invocation: Invocation): Value {
  if (invocation.name === 'grpcurl') return readCall(invocation);
  if (invocation.name === 'websocat' || invocation.name === 'wscat') return readWebSocket(invocation);
  const { stdin, args, analysis } = invocation;
  if (saysNothing(stdin) && invocation.name === 'openssl' && args[0]?.text === 's_client') {
    analysis.report(LOOKS, { target: 'a connection', span: invocation.span });
    return FETCHED;
  }
  const line = lineOf(invocation);
  const plain = !args.some((word) => GIVES_PROGRAM.test(word.text));
  if (line !== null && plain && stdin?.known === true && judgeSent(stdin.text, line, analysis))
    return FETCHED;
  if (line !== null && plain && stdin !== null && judgeUnseen(line, analysis)) return FETCHED;
  return byRules(invocation);
}

/** Fed nothing, it only shows the certificate of the other end. */
function saysNothing(stdin: Value | null): boolean {
  return (
    stdin === null || (stdin.known ? /^\s*Q?\s*$/.test(stdin.text) : stdin.text === 'the file /dev/null')
  );
}

/** Where a connection leads: `host port`, `host:port`, or `TCP:host:port`. */
function lineOf({ name, args, span }: Invocation): Line | null {
  if (name === 'openssl' && args[0]?.text !== 's_client') return null;
  const texts = args.map((word) => word.text).filter((text) => !text.startsWith('-') && text !== 's_client');
  for (const [index, text] of texts.entries()) {
    const joined = /^(?:[\w-]+:)?([\w.-]*[a-z][\w.-]*|\d+(?:\.\d+){3}):(\w+)(?:,.*)?$/i.exec(text);
    if (joined !== null) return { host: joined[1] ?? '', port: joined[2] ?? '', span };
    const port = texts[index + 1];
    if (/^[\w.-]+$/.test(text) && port !== undefined && /^\d+$/.test(port)) return { host: text, port, span };
  }
  return null;
}

/** `grpcurl host:port package.Service/Method`: the name of the method is all that says what it does. */
function readCall(invocation: Invocation): Value {
  const { flags, operands } = parseArguments(invocation.args, {
    valueFlags: CALL_FLAGS,
    singleDash: true,
    stopAtOperand: false,
  });
  const [host, method] = operands;
  const called = method?.text.split(/[./]/).at(-1) ?? '';
  const judgement =
    method === undefined || /^(?:list|describe)$/.test(method.text) ? ASKS : judgeName(called);
  if (host === undefined || judgement?.tier === 0) {
    invocation.analysis.report(judgement ?? ASKS, { target: called, span: invocation.span });
    return FETCHED;
  }
  const headers = (flags.get('-H') ?? []).map((word) => word.text);
  judgeRequest(
    requestTo({ ...host, text: `https://${host.text}/${method?.text ?? ''}` }, invocation, headers),
    invocation.analysis,
  );
  return FETCHED;
}

/** A message over a socket is judged like the body of a request. */
function readWebSocket(invocation: Invocation): Value {
  const { flags, operands } = parseArguments(invocation.args, {
    valueFlags: SOCKET_FLAGS,
    singleDash: false,
    stopAtOperand: false,
  });
  const valuesOf = (names: readonly string[]): readonly Argument[] =>
    names.flatMap((name) => flags.get(name) ?? []);
  const headers = valuesOf(['-H', '--header']).map((word) => word.text);
  const [message] = valuesOf(['-x', '--execute']);
  const body = messageBody(message, invocation);
  const addresses = [...operands, ...valuesOf(['-c', '--connect'])].filter(({ text }) =>
    /^wss?:/i.test(text),
  );
  for (const address of addresses) {
    const method = body.kind === 'none' ? 'GET' : 'POST';
    judgeRequest({ ...requestTo(address, invocation, headers), method, body }, invocation.analysis);
  }
  return addresses.length > 0 ? FETCHED : byRules(invocation);
}

function messageBody(message: Argument | undefined, { stdin, span }: Invocation): Body {
  if (message !== undefined) return bodyFrom(message, message.text, span);
  return stdin === null ? NO_BODY : bodyFrom(stdin, 'standard input', span);
}

function byRules(invocation: Invocation): Value {
  const entry = PROGRAMS.get(invocation.name);
  return entry === undefined ? FETCHED : judgeByRules(entry, invocation);
}

function requestTo(address: Argument, { span }: Invocation, headers: readonly string[]): HttpRequest {
  return {
    method: 'POST',
    url: address.text,
    urlKnown: address.known,
    headers,
    body: NO_BODY,
    carriesCredential: headers.some(isCredentialHeader),
    span,
    names: [],
  };
}
