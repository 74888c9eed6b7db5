/** What a command may print whose work cannot be done here. */
import { literalsOf } from '../code/literals.js';
import type { Value } from './argument.js';
import type { Invocation } from './invocation.js';

const TEXT_LENGTH_MAX = 4_096;
/** Programs that print texts of their own making, which stand in what they are told. */
const TELLERS =
  /^(?:python[\d.]*|pypy3?|node|nodejs|deno|bun|perl|ruby|php|lua|jq|gojq|yq|awk|gawk|tclsh|osascript|Rscript|sqlite3)$/;
const ENCODED = /^[A-Za-z0-9+/]{8,}={0,2}$/;
const GUESSES_MAX = 12;

/** Texts that may be printed: as they stand in the arguments, and decoded where they look encoded. */
export function told({ name, args, stdin }: Invocation): readonly Value[] {
  if (!TELLERS.test(name)) return [];
  const texts = [...args, ...(stdin?.known === true ? [stdin] : [])].flatMap(({ text }) =>
    text.length > TEXT_LENGTH_MAX ? [] : literalsOf(text).map((literal) => literal.text),
  );
  const plain = texts.flatMap((text) => {
    if (/\s/.test(text.trim())) return [text];
    return ENCODED.test(text) ? [Buffer.from(text, 'base64').toString('utf8')] : [];
  });
  return plain.slice(0, GUESSES_MAX).map((text) => ({ text, known: true, taint: 'none' }));
}

/** Answers of other machines, by the words with which they are asked for. */
const ANSWERS: Readonly<Record<string, RegExp>> = {
  aws: /^s3 cp .* -$|^ssm get-parameter|^secretsmanager get-secret-value/,
  gsutil: /^(?:cat|cp .* -$)/,
  gcloud: /^storage cat/,
  gh: /^(?:gist view|api)/,
  dig: /./,
  host: /./,
  nslookup: /./,
  rclone: /^cat/,
  mc: /^cat/,
  ssh: /./,
  lynx: /-(?:dump|source)/,
  w3m: /-dump/,
  ftp: /./,
  tftp: /./,
  whois: /./,
};

/** True of a command whose output another machine decides. */
export function isAnswer({ name, args }: Invocation): boolean {
  return Object.hasOwn(ANSWERS, name) && ANSWERS[name]?.test(args.map(({ text }) => text).join(' ')) === true;
}
