/** Judges every command by one more question than the catalogue asks: does it reach the gate itself? */
import { namesAddress, namesPort } from '../address.js';
import type { Analysis } from '../analysis.js';
import {
  COMMAND_LINES,
  CONNECTORS,
  CONTAINER_REACH,
  CONTAINERS,
  DETOURS,
  FIREWALLS,
  KEY_VARIABLES,
  KILLERS,
  LOCATORS,
  LOOKUPS,
  NAME_KILLERS,
  PROCESS_NAMES,
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
import { isGatePid, mentionsGate, namesGate } from '../protection.js';
import { secretsOfCommand } from '../secrets/words.js';
import type { Argument } from './argument.js';
import type { Invocation } from './invocation.js';
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
const ENDS: Judgement = {
  ...removes('It may end or cut off the gate itself.', 'code.exec'),
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

const QUESTIONS: readonly Question[] = [takesFiles, showsKeys, goesAround, ends, looksInto];

/** Reports once what a command does to the gate, unless that was found since `before` findings. */
export function guard(given: Invocation, before: number): void {
  const invocation = unwrapped(given);
  const { analysis, place, span, name } = invocation;
  noteSecrets(invocation);
  if (place === 'container') return;
  if (place === 'here') readTrees(invocation);
  noteSearches(invocation);
  if (analysis.findings.slice(before).some((found) => found.selfProtection === true)) return;
  const verdict = QUESTIONS.reduce<Judgement | null>((found, ask) => found ?? ask(invocation), null);
  if (verdict !== null) analysis.report(verdict, { target: `program ${name}`, span });
}

/** Remembers the secrets among the words, so that none of them is shown or recorded. */
function noteSecrets({ name, args, environment, stdin, analysis }: Invocation): void {
  const found = secretsOfCommand({
    name,
    words: args.slice(0, WORDS_MAX).map((word) => word.text.slice(0, WORD_LENGTH_MAX)),
    environment: new Map([...environment].map(([variable, value]) => [variable, value.text])),
    stdin: stdin?.known === true ? stdin.text.slice(0, WORD_LENGTH_MAX) : null,
  });
  for (const secret of found) if (analysis.secrets.size < SECRETS_MAX) analysis.secrets.add(secret);
}

/** `npx serve` is `serve`. */
function unwrapped(invocation: Invocation): Invocation {
  if (!/^(?:npx|bunx|pnpx|uvx)$/.test(invocation.name)) return invocation;
  const at = invocation.args.findIndex((word) => !word.text.startsWith('-'));
  const wrapped = invocation.args[at];
  if (wrapped === undefined) return invocation;
  return { ...invocation, name: wrapped.text.replace(/@.*$/, ''), args: invocation.args.slice(at + 1) };
}

/** What a command finds, a later one can use without naming it. */
function noteSearches({ name, args, analysis }: Invocation): void {
  const { sought, registry } = analysis;
  const texts = args.map((word) => word.text);
  if (LOOKUPS.test(name) && texts.some((text) => namesGate(registry, text) || PROCESS_NAMES.includes(text)))
    sought.add('process');
  if (
    LOCATORS.test(name) &&
    texts.some((text) => /admin\.key|master\.key|countersign|ledger\.db/i.test(text))
  )
    sought.add('file');
  const prints = /^(?:env|printenv)$/.test(name) || /^(?:export|declare|typeset|set)$/.test(name);
  if (prints && texts.every((text) => text.startsWith('-'))) sought.add('environment');
}

function isTalk({ name, args }: Invocation): boolean {
  return TALKERS.test(name) || (name === 'git' && args.some((word) => TALKING_GIT.test(word.text)));
}

/** Any word, or a part of one, that leads to a file of the gate. */
function takesFiles(invocation: Invocation): Judgement | null {
  const { analysis, args, directory, place, name } = invocation;
  if (isTalk(invocation)) return null;
  if (analysis.sought.has('file') && READERS.test(name) && args.some((word) => !word.known)) return TAKES;
  const reached = args.some(
    ({ text }) =>
      mentionsGate(analysis.registry, text) ||
      (place === 'here' && partsOf(text).some((part) => isProtected(analysis, part, directory, 'read'))),
  );
  return reached ? TAKES : null;
}

/** `-d@file`, `--from=file`, `file:/inside`, `source=file,target=x`. */
function partsOf(text: string): readonly string[] {
  if (text.length > 1_024 || /\s/.test(text)) return [text];
  const parts = text.split(/[=@:,]/).filter((part) => part !== '' && part !== text);
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

function goesAround({ name, args, environment, analysis, stdin }: Invocation): Judgement | null {
  const { registry } = analysis;
  const reaches = (texts: readonly string[]): boolean => namesAddress(registry, texts.join(' '));
  const texts = args.map((word) => word.text);
  if (CONNECTORS.test(name) && !isProbe(name, texts) && reaches(texts)) return GOES_AROUND;
  if (TAPS.test(name) && texts.some((text) => namesPort(registry, text))) return GOES_AROUND;
  const settings = [...environment].map(([variable, { text }]) => `${variable}=${text}`);
  const proxies = [...settings, ...(/^(?:export|declare|typeset)$/.test(name) ? texts : [])];
  if (proxies.some((text) => /^\w*_proxy=/i.test(text) && reaches([text]))) return GOES_AROUND;
  if (!REQUESTERS.test(name)) return null;
  const detours = texts.filter((text, index) => DETOURS.test(text) || DETOURS.test(texts[index - 1] ?? ''));
  const piped = stdin?.known === true ? stdin.text : '';
  const config = DETOURS.test(piped) || /prox|connect-to|resolve/i.test(piped) ? [piped] : [];
  return [...detours, ...config].some((text) => reaches([text])) ? GOES_AROUND : null;
}

/** `nc -z` only tries whether somebody listens. */
function isProbe(name: string, texts: readonly string[]): boolean {
  return /^n(?:c|cat|etcat)/.test(name) && texts.some((text) => /^-[a-z]*z/.test(text));
}

function ends(invocation: Invocation): Judgement | null {
  const { name, args, analysis } = invocation;
  const { registry, sought } = analysis;
  const texts = args.map((word) => word.text);
  if (KILLERS.test(name) && !isQuestion(texts)) {
    const unseen = args.some((word) => !word.known) && sought.has('process');
    if (unseen || texts.some((text) => isGatePid(registry, text) || /countersign/i.test(text))) return ENDS;
    if (/port|fuser|fkill/.test(name) && texts.some((text) => namesPort(registry, text))) {
      return name !== 'fuser' || texts.some((text) => /^-[a-z]*k|--kill/.test(text)) ? ENDS : null;
    }
  }
  if (NAME_KILLERS.test(name) && meansGate(args)) return ENDS;
  if (FIREWALLS.test(name) && changesFirewall(texts) && blocks(analysis, texts)) return ENDS;
  if (CONTAINERS.test(name)) {
    const acts = texts.some((text) => CONTAINER_REACH.test(text));
    const named = texts.some((text) => /^(?:[\w.-]*[_-])?countersign(?:[_-][\w.-]*)?(?::|$)/i.test(text));
    return acts && named ? ENDS : null;
  }
  return null;
}

/** `kill -0` and `kill -l` end nothing. */
function isQuestion(texts: readonly string[]): boolean {
  return texts[0] === '-0' || texts[0] === '-l' || texts[0] === '-L';
}

/** A pattern of names, in which the gate's process would be found. */
function meansGate(args: readonly Argument[]): boolean {
  const texts = args.map((word) => word.text);
  const patterns = args.filter(
    ({ text }, index) =>
      !text.startsWith('-') && !/^-[sutgGPU]$|^--(?:signal|user|euid)$/.test(texts[index - 1] ?? ''),
  );
  if (patterns.length === 0) return texts.some((text) => /^-[uU]|^--(?:e?uid|user)/.test(text));
  const whole = texts.some((text) => /^-[a-z]*f|^--full/.test(text));
  const lines = whole ? [...PROCESS_NAMES, ...COMMAND_LINES] : PROCESS_NAMES;
  return patterns.some(({ text }) => lines.some((line) => isFoundIn(text, line)));
}

/** Roughly what a regular expression finds: its plain pieces, in order. */
function isFoundIn(pattern: string, line: string): boolean {
  return pattern
    .toLowerCase()
    .split('|')
    .some((alternative) => {
      const pieces = alternative.replace(/[\^$\\]/g, '').split(/[.*+?()[\]{}]+/);
      let from = 0;
      for (const piece of pieces) {
        const at = line.indexOf(piece, from);
        if (at < 0) return false;
        from = at + piece.length;
      }
      return true;
    });
}

function changesFirewall(texts: readonly string[]): boolean {
  return texts.some((text) =>
    /^(?:-[AIDPRF]|--(?:append|insert|policy|add-\S*|remove-\S*)|add|insert|deny|reject|delete|block|-f|-e)$/.test(
      text,
    ),
  );
}

function blocks({ registry }: Analysis, texts: readonly string[]): boolean {
  return texts.some(
    (text) => namesPort(registry, text) || /^(?:lo0?|127\.[\d./]+|::1|localhost)$/.test(text),
  );
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
