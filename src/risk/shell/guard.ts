/** Judges every command by one more question than the catalogue asks: does it reach the gate itself? */
import { namesAddress, namesPort } from '../address.js';
import {
  CONNECTORS,
  DETOURS,
  KEY_VARIABLES,
  READERS,
  REQUESTERS,
  TALKERS,
  TALKING_GIT,
  TAPS,
  TRACERS,
} from '../catalogue/reach.js';
import { disturbs, removes, revealsSecrets } from '../catalogue/verdicts.js';
import type { Judgement } from '../finding.js';
import { isProtected } from '../paths.js';
import { isGatePid, mentionsGate } from '../protection.js';
import type { RiskRegistry } from '../registry.js';
import { secretsOfCommand } from '../secrets/words.js';
import type { Argument } from './argument.js';
import { ends } from './ending.js';
import type { Invocation } from './invocation.js';
import { noteSearches } from './search.js';
import { undermines } from './standing-guard.js';
import { readTrees } from './tree.js';

const TAKES: Judgement = {
  ...revealsSecrets('It reaches what the gate keeps secret.'),
  selfProtection: true,
};
const SHOWS_KEYS: Judgement = { ...revealsSecrets('It shows a key of the gate.'), selfProtection: true };
const GOES_AROUND: Judgement = {
  ...disturbs('It opens a way to the gate on which no request is seen.'),
  selfProtection: true,
};
const PERMITS_GATE: Judgement = {
  ...removes('It changes who may use what belongs to the gate.', 'file.write'),
  selfProtection: true,
};
const LOOKS_INTO: Judgement = {
  ...revealsSecrets('It looks into processes, of which the gate is one.'),
  selfProtection: true,
};

const WORDS_MAX = 200;
const WORD_LENGTH_MAX = 8_192;
const SECRETS_MAX = 100;

type Question = (invocation: Invocation) => Judgement | null;

/** Another machine has other processes and ports; what it is asked about the gate's files may still be this one. */
const QUESTIONS_ELSEWHERE: readonly Question[] = [takesFiles];
const QUESTIONS: readonly Question[] = [
  takesFiles,
  undermines,
  permits,
  showsKeys,
  goesAround,
  ends,
  looksInto,
];

/** Reports once what a command does to the gate, unless that was found since `before` findings. */
export function guard(given: Invocation, before: number): void {
  const invocation = unwrapped(given);
  const { analysis, place } = invocation;
  noteSecrets(invocation);
  if (place === 'container') return;
  if (place === 'here') readTrees(invocation);
  noteSearches(invocation);
  if (analysis.findings.slice(before).some((found) => found.selfProtection === true)) return;
  const questions = place === 'here' ? QUESTIONS : QUESTIONS_ELSEWHERE;
  const verdict = questions.reduce<Judgement | null>((found, ask) => found ?? ask(invocation), null);
  if (verdict !== null) condemn(invocation, verdict, before);
}

/** What is already judged as badly is only marked, so that the call costs no more for it. */
function condemn({ analysis, span, name }: Invocation, verdict: Judgement, before: number): void {
  const { findings } = analysis;
  const at = findings.findIndex((found, index) => index >= before && found.tier >= verdict.tier);
  const found = findings[at];
  if (found === undefined) analysis.report(verdict, { target: `program ${name}`, span });
  else findings[at] = { ...found, selfProtection: true };
}

/** Remembers the secrets among the words, so that none of them is shown or recorded. */
function noteSecrets({ name, args, environment, stdin, analysis }: Invocation): void {
  const found = secretsOfCommand({
    name,
    words: args.slice(0, WORDS_MAX).map((word) => word.text.slice(0, WORD_LENGTH_MAX)),
    environment: environment.size === 0 ? NO_VARIABLES : textsOf(environment),
    stdin: stdin?.known === true ? stdin.text.slice(0, WORD_LENGTH_MAX) : null,
  });
  for (const secret of found) if (analysis.secrets.size < SECRETS_MAX) analysis.secrets.add(secret);
}

const NO_VARIABLES: ReadonlyMap<string, string> = new Map();

function textsOf(environment: Invocation['environment']): ReadonlyMap<string, string> {
  return new Map([...environment].map(([variable, value]) => [variable, value.text]));
}

/** `npx serve` is `serve`. */
function unwrapped(invocation: Invocation): Invocation {
  if (!/^(?:npx|bunx|pnpx|uvx)$/.test(invocation.name)) return invocation;
  const at = invocation.args.findIndex((word) => !word.text.startsWith('-'));
  const wrapped = invocation.args[at];
  if (wrapped === undefined) return invocation;
  return { ...invocation, name: wrapped.text.replace(/@.*$/, ''), args: invocation.args.slice(at + 1) };
}

function isTalk({ name, args }: Invocation): boolean {
  return TALKERS.test(name) || (name === 'git' && args.some((word) => TALKING_GIT.test(word.text)));
}

const PERMITS = /^(?:chmod|chown|chgrp|chattr|setfacl)$/;

/** A change of permissions below a folder changes them in the gate's folder as well. */
function permits({ name, args, analysis, directory, place }: Invocation): Judgement | null {
  if (place !== 'here' || !PERMITS.test(name)) return null;
  if (!args.some(({ text }) => /^-[a-zA-Z]*R|^--recursive$/.test(text))) return null;
  return args.some(({ text }) => isProtected(analysis, text, directory, 'read-tree')) ? PERMITS_GATE : null;
}

/** Any word, or a part of one, that leads to a file of the gate. */
function takesFiles(invocation: Invocation): Judgement | null {
  const { analysis, args, directory, place, name } = invocation;
  if (isTalk(invocation)) return null;
  if (analysis.sought.has('file') && READERS.test(name) && args.some((word) => !word.known)) return TAKES;
  const question = place === 'here' ? 'takes here' : 'takes elsewhere';
  const reached = args.some(({ text }) =>
    analysis.known.answer(question, directory, text, () => leadsToGate(text, invocation)),
  );
  return reached ? TAKES : null;
}

function leadsToGate(text: string, { analysis, directory, place }: Invocation): boolean {
  if (mentionsGate(analysis.registry, text)) return true;
  return place === 'here' && partsOf(text).some((part) => isProtected(analysis, part, directory, 'read'));
}

const SEPARATOR = /[=@:,]/;

/** `-d@file`, `--from=file`, `file:/inside`, `source=file,target=x`. */
function partsOf(text: string): readonly string[] {
  if (text.length > 1_024 || /\s/.test(text)) return [text];
  const parts = SEPARATOR.test(text)
    ? text.split(SEPARATOR).filter((part) => part !== '' && part !== text)
    : [];
  const glued = /^-[A-Za-z]([~/.$].*)$/.exec(text)?.[1];
  return glued === undefined ? [text, ...parts] : [text, ...parts, glued];
}

function showsKeys({ name, args, analysis, stdin }: Invocation): Judgement | null {
  if (name === 'countersign') return null;
  const shown = args.some(({ text, known }) => !known && /\$\{?!?/.test(text) && KEY_VARIABLES.test(text));
  const printed =
    /^(?:printenv|declare|typeset)$/.test(name) && args.some(({ text }) => KEY_VARIABLES.test(text));
  const sifted =
    stdin !== null &&
    analysis.sought.has('environment') &&
    args.some(({ text }) => /countersign/i.test(text));
  return shown || printed || sifted ? SHOWS_KEYS : null;
}

/** Programs that connect, listen in, ask, or set what others connect through. */
const MAY_CONNECT = new RegExp(
  [CONNECTORS, TAPS, REQUESTERS, /^(?:export|declare|typeset)$/].map(({ source }) => source).join('|'),
);

function goesAround({ name, args, environment, analysis, stdin }: Invocation): Judgement | null {
  if (environment.size === 0 && !MAY_CONNECT.test(name)) return null;
  const { registry } = analysis;
  const reaches = (texts: readonly string[]): boolean => namesAddress(registry, texts.join(' '));
  const texts = args.map((word) => word.text);
  if (CONNECTORS.test(name) && !isProbe(name, texts) && connects(args, registry)) return GOES_AROUND;
  if (TAPS.test(name) && texts.some((text) => namesPort(registry, text))) return GOES_AROUND;
  const settings = Array.from(environment, ([variable, { text }]) => `${variable}=${text}`);
  const proxies = /^(?:export|declare|typeset)$/.test(name) ? [...settings, ...texts] : settings;
  if (proxies.some((text) => /^\w*_proxy=/i.test(text) && reaches([text]))) return GOES_AROUND;
  if (!REQUESTERS.test(name)) return null;
  const detours = texts.filter((text, index) => DETOURS.test(text) || DETOURS.test(texts[index - 1] ?? ''));
  const piped = stdin?.known === true ? stdin.text : '';
  const config = DETOURS.test(piped) || /prox|connect-to|resolve/i.test(piped) ? [piped] : [];
  return [...detours, ...config].some((text) => reaches([text])) ? GOES_AROUND : null;
}

/** A host that cannot be seen may be this one. */
function connects(args: readonly Argument[], registry: RiskRegistry): boolean {
  const text = args.map((word) => `${word.text} ${word.known ? '' : word.raw}`).join(' ');
  return namesAddress(registry, text) || (namesPort(registry, text) && args.some((word) => !word.known));
}

/** `nc -z` only tries whether somebody listens. */
function isProbe(name: string, texts: readonly string[]): boolean {
  return /^n(?:c|cat|etcat)/.test(name) && texts.some((text) => /^-[a-z]*z/.test(text));
}

function looksInto({ name, args, analysis }: Invocation): Judgement | null {
  const { registry, sought } = analysis;
  const texts = args.map((word) => word.text);
  if (name === 'ps')
    return texts.some((text) => /^[a-zA-Z]*e[a-zA-Z]*$|^-[a-zA-Z]*E/.test(text)) ? LOOKS_INTO : null;
  if (!TRACERS.test(name)) return null;
  const named = texts.some((text) => /countersign/i.test(text) || isGatePid(registry, text));
  return named || (sought.has('process') && args.some((word) => !word.known)) ? LOOKS_INTO : null;
}
