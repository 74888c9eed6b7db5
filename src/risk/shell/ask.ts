/** Programs that send a request to one API, such as `gh api`: judged like the request itself. */
import type { Asks } from '../catalogue/program.js';
import { judgeRequest } from '../http/judge.js';
import { type Body, bodyFrom, NO_BODY } from '../http/request.js';
import type { Argument, ParsedArguments } from './argument.js';
import type { Invocation } from './invocation.js';

interface Parsed extends Pick<ParsedArguments, 'flags'> {
  readonly invocation: Invocation;
}

export function ask(outcome: Asks, parsed: Parsed, [path]: readonly Argument[]): null {
  const { invocation } = parsed;
  if (path === undefined) return null;
  const stated = valuesOf(parsed, outcome.method).at(-1);
  const body = bodyOf(outcome, parsed);
  const method = stated === undefined ? (body.kind === 'none' ? 'GET' : 'POST') : stated.text.toUpperCase();
  judgeRequest(
    {
      method: stated?.known === false ? null : method,
      url: /^https?:/i.test(path.text) ? path.text : `${outcome.asks}/${path.text.replace(/^\/+/, '')}`,
      urlKnown: path.known,
      headers: [],
      body: method === 'GET' ? NO_BODY : body,
      carriesCredential: false,
      span: invocation.span,
      names: [],
    },
    invocation.analysis,
  );
  return null;
}

function valuesOf({ flags }: Parsed, names: readonly string[]): readonly Argument[] {
  return names.flatMap((name) => flags.get(name) ?? []);
}

function bodyOf(outcome: Asks, parsed: Parsed): Body {
  const { invocation } = parsed;
  const [file] = valuesOf(parsed, outcome.input);
  if (file !== undefined) {
    const text =
      file.text === '-' ? invocation.stdin : invocation.analysis.files.content(file.text, invocation);
    return bodyFrom(text, file.text, file.span);
  }
  const fields = valuesOf(parsed, outcome.fields);
  const [first] = fields;
  if (first === undefined) return NO_BODY;
  const entries = fields.map(({ text }): readonly [string, string] => {
    const equals = text.indexOf('=');
    return [text.slice(0, equals), text.slice(equals + 1)];
  });
  const query = fields.find((field) => /^query=/.test(field.text));
  const isFile = query !== undefined && /^query=@/.test(query.text);
  if (query?.known === false || isFile) return { kind: 'hidden', what: 'the query', span: first.span };
  return { kind: 'text', text: JSON.stringify(Object.fromEntries(entries)), raw: '', span: first.span };
}
