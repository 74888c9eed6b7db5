/** Finds the secrets of one command after its words were expanded, where quotes no longer hide them. */
import { isSecretName } from './names.js';
import { findSecrets } from './text.js';

export interface Words {
  readonly name: string;
  readonly words: readonly string[];
  /** `NAME=value` before the command. */
  readonly environment: ReadonlyMap<string, string>;
  /** What is piped in, as far as it is known. */
  readonly stdin: string | null;
}

interface Position {
  readonly programs: RegExp;
  /** A word that has to be there. */
  readonly word?: RegExp;
  /** Flags whose value is a secret, glued to them or as the next word. */
  readonly flags?: readonly string[];
  /** Flags or operands of the form `NAME=SECRET`. */
  readonly assignments?: true;
  /** The operand after the word, counted from 1, is a secret. */
  readonly operand?: number;
}

const POSITIONS: readonly Position[] = [
  {
    programs: /^(?:mysql|mysqldump|mysqladmin|mariadb|mongo|mongosh|mongodump|sshpass|az|oc|cf)$/,
    flags: ['-p'],
  },
  { programs: /^(?:7z|7za|7zz|rar|unrar)$/, flags: ['-p'] },
  { programs: /^(?:zip|unzip|sqlcmd|bcp)$/, flags: ['-P'] },
  { programs: /^(?:redis-cli|valkey-cli)$/, flags: ['-a', '--pass'] },
  { programs: /^(?:ldap\w+|security)$/, flags: ['-w'] },
  { programs: /^openssl$/, flags: ['-k', '-K', '-passin', '-passout', '-pass'] },
  { programs: /^(?:gh|glab)$/, word: /^(?:secret|variable)$/, flags: ['-b', '--body', '-v', '--value'] },
  { programs: /^(?:kubectl|oc)$/, word: /^secret$/, assignments: true },
  { programs: /^(?:fly|flyctl|supabase|wrangler|doppler)$/, word: /^secrets$/, assignments: true },
  { programs: /^vault$/, word: /^(?:kv|write|put)$/, assignments: true },
  { programs: /^vault$/, word: /^login$/, operand: 1 },
  { programs: /^rabbitmqctl$/, word: /^(?:add_user|change_password|authenticate_user)$/, operand: 2 },
];
/** Whatever the program is. */
const AT_LOGIN: Position = { programs: /./, word: /^login$/, flags: ['-p', '-P', '-w', '--password'] };
/** Most commands are of no program that has a place for secrets, which is asked once and not for each place. */
const HAS_POSITION = new RegExp(POSITIONS.map(({ programs }) => programs.source).join('|'));
/** What is piped into these is a secret. */
const FED_FLAGS = /^--(?:password-stdin|with-token|token-stdin|passphrase-fd|stdin-password)$/;
const FED_PROGRAMS = /^(?:chpasswd|passwd|htpasswd)$/;

/** In a word of its own a secret may end elsewhere than in the line. */
const SHOWS_MORE = /[\s:=@]/;
const NONE: readonly string[] = [];

/** The values that are secrets by where they stand in a command. */
export function secretsOfCommand(command: Words): readonly string[] {
  const { name, words, environment } = command;
  let line = name;
  for (const word of words) line += ` ${quoted(word)}`;
  const found = [...secretsIn(line)];
  for (const word of words) if (SHOWS_MORE.test(word)) found.push(...secretsIn(word));
  for (const [variable, value] of environment) if (isSecretName(variable)) found.push(value);
  words.forEach((word, index) => {
    if (isAfterFlag(words[index - 1], word)) found.push(word);
  });
  if (HAS_POSITION.test(name)) for (const position of POSITIONS) found.push(...atPosition(position, command));
  if (words.includes('login')) found.push(...atPosition(AT_LOGIN, command));
  found.push(...fed(command));
  return found;
}

/** The secrets of a text, read as text. */
export function secretsIn(text: string): readonly string[] {
  const ranges = findSecrets(text);
  return ranges.length === 0 ? NONE : ranges.map(({ start, end }) => text.slice(start, end));
}

function quoted(word: string): string {
  return /[\s"'|;]/.test(word) ? `'${word.replaceAll("'", '')}'` : word;
}

function isAfterFlag(flag: string | undefined, word: string): boolean {
  return flag?.startsWith('-') === true && !word.startsWith('-') && isSecretName(flag);
}

function atPosition(position: Position, { name, words }: Words): readonly string[] {
  const { programs, word, flags = [], assignments, operand } = position;
  if (!programs.test(name)) return [];
  const at = word === undefined ? 0 : words.findIndex((text) => word.test(text));
  if (at < 0) return [];
  const values = words.flatMap((text, index) => {
    if (flags.includes(words[index - 1] ?? '')) return [text];
    const glued = flags.find((flag) => flag.length === 2 && text.startsWith(flag) && text.length > 3);
    return glued === undefined ? [] : [text.slice(2)];
  });
  const assigned = assignments === true ? words.slice(at).flatMap(assignedValue) : [];
  const stated =
    operand === undefined
      ? undefined
      : words.slice(at + 1).filter((text) => !text.startsWith('-'))[operand - 1];
  return [...values, ...assigned, ...(stated === undefined ? [] : [stated])];
}

/** `--from-literal=NAME=SECRET` and `NAME=SECRET`. */
function assignedValue(text: string): readonly string[] {
  const value = /^(?:--from-literal=)?[\w.-]+=([\s\S]+)$/.exec(text)?.[1];
  return value === undefined || text.startsWith('--namespace') ? [] : [value];
}

function fed({ name, words, stdin }: Words): readonly string[] {
  if (stdin === null) return NONE;
  const asks = words.some((word) => FED_FLAGS.test(word)) || FED_PROGRAMS.test(name);
  const isPassword = name === 'sudo' && words.some((word) => /^-[a-zA-Z]*S|^--stdin$/.test(word));
  if (!asks && !isPassword) return NONE;
  return stdin.split(/[\n:]/).map((line) => line.trim());
}
