/** Tools that stand for a program: `run_gcloud_command { args }`, `kubectl_delete { resourceType, name }`. */
import type { Analysis } from '../analysis.js';
import { PROGRAMS } from '../catalogue/programs.js';
import { wordsOf } from '../naming.js';
import { directoryOf } from '../paths.js';

/** Programs by the names that servers go by. */
const SERVERS: Readonly<Record<string, string>> = {
  kubernetes: 'kubectl',
  k8s: 'kubectl',
  terraform: 'terraform',
  helm: 'helm',
  docker: 'docker',
  gcloud: 'gcloud',
  aws: 'aws',
  azure: 'az',
  redis: 'redis-cli',
  heroku: 'heroku',
};
/** Programs that are tools of a server by their own names, and say nothing else there. */
const BY_NAME =
  /^(?:kubectl|helm|terraform|tofu|pulumi|docker|gcloud|aws|az|heroku|railway|vercel|flyctl|git|gh|psql)$/;
/** Of these the name of a tool is the command itself: `kubectl_get`, `git_commit`. */
const VERB_FIRST = /^(?:kubectl|helm|terraform|tofu|docker|git|gh|psql)$/;
const COMMAND = /^(?:command|cmd|subcommand|action|operation|verb)$/i;
const WORDS = /^(?:args|argv|arguments|options|flags)$/i;
const OBJECT = /^(?:resource_?type|resource|kind|type|object)$/i;
const NAME = /^(?:name|resource_?name|release|release_?name|target|workspace|database|db)$/i;
const PLAIN = /^[\w./:=@%+,*-]{1,200}$/;
const WORDS_MAX = 30;
/** Words of a tool's name that are no subcommand. */
const FILLERS = /^(?:run|execute|exec|call|command|cmd|cli|generic|tool|chart|mcp|server|resource|the|a)$/;

/** Reads the call as a command of the program that it stands for. */
export function readAsProgram(analysis: Analysis, input: Readonly<Record<string, unknown>>): void {
  const { tool } = analysis.proposal;
  const parts = /^mcp__(.+?)__(.+)$/.exec(tool.name);
  const operation = wordsOf(parts?.[2] ?? tool.name);
  const server = wordsOf(`${tool.server ?? ''} ${parts?.[1] ?? ''}`);
  const named = operation.find((word) => BY_NAME.test(word));
  const served = server.map((word) => SERVERS[word]).find((program) => program !== undefined);
  const stated = statedWords(input);
  const speaks = stated.length > 0 || says(operation) || (named !== undefined && VERB_FIRST.test(named));
  const program = (speaks ? named : undefined) ?? (stated.length > 0 || says(operation) ? served : undefined);
  if (program === undefined || !PROGRAMS.has(program)) return;
  const own = operation.filter((word) => word !== named && !FILLERS.test(word) && !server.includes(word));
  const words = [...own, ...stated, ...objectWords(input)].filter((word) => PLAIN.test(word));
  if (words.length === 0 || words[0] === program) return;
  const text = [program, ...words.slice(0, WORDS_MAX)].join(' ');
  const span = { source: 'input', start: 0, end: text.length };
  const reading = { place: 'here', directory: directoryOf(analysis), names: [] } as const;
  analysis.read('shell', { text, locate: () => span }, reading);
}

/** A server's tool that destroys is read as its program only where its own name says so. */
const says = (operation: readonly string[]): boolean =>
  operation.some((word) => /^(?:destroy|delete|uninstall|apply|drop|reset|flushall|flushdb)$/.test(word));

function statedWords(input: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(input).flatMap(([name, value]) => {
    if (COMMAND.test(name) && typeof value === 'string') return value.trim().split(/\s+/).slice(0, WORDS_MAX);
    return WORDS.test(name) && Array.isArray(value)
      ? value.filter((word): word is string => typeof word === 'string').slice(0, WORDS_MAX)
      : [];
  });
}

function objectWords(input: Readonly<Record<string, unknown>>): string[] {
  const member = (names: RegExp): string[] =>
    Object.entries(input).flatMap(([name, value]) =>
      names.test(name) && typeof value === 'string' ? [value] : [],
    );
  return [...member(OBJECT), ...member(NAME)];
}
