/** PowerShell and the command interpreter of Windows: what they are told is put into the words of a shell and read. */
import { changesLocally, disturbs, escalates, unseen } from '../catalogue/verdicts.js';
import { nestedText } from '../excerpt.js';
import { judgeName } from '../naming.js';
import { type Argument, joinTaint, unknownValue, type Value } from './argument.js';
import type { Invocation } from './invocation.js';
import { type Line, powershellLines, promptLines } from './windows-lines.js';
import { inShellWords } from './windows-words.js';

const HIDDEN = unseen(
  disturbs('', { verb: 'execute', kind: 'code.exec' }),
  'It runs a text of Windows that cannot be seen.',
);
const RUNS_SCRIPT = unseen(
  changesLocally('', 'execute'),
  'It runs a script of Windows that was not sent along.',
);
const STARTS = changesLocally('It runs a command of Windows.', 'execute');
const RUNS_FETCHED = escalates('It fetches code and runs it.');
const RUNS_DECODED = escalates('It runs code that is encoded.');
const FETCHES_AND_RUNS =
  /\b(?:iex|invoke-expression)\b[\s\S]{0,800}(?:\b(?:iwr|irm|curl|wget)\b|invoke-webrequest|invoke-restmethod|downloadstring|downloaddata|webclient)|net\.sockets\.tcpclient[\s\S]{0,800}(?:\biex\b|invoke-expression|\bcmd\b|getstream)|(?:\b(?:iwr|irm)\b|invoke-webrequest|invoke-restmethod|downloadstring)[\s\S]{0,800}(?:\||&)\s*(?:iex|invoke-expression)\b/i;
const FETCHES = /^(?:iwr|irm|invoke-webrequest|invoke-restmethod)$/i;
const RUNS_TEXT = /^(?:iex|invoke-expression)$/i;

const COMMAND = /^[-/](?:c|com\w*)$/i;
const ENCODED = /^[-/](?:e|ec|en\w*)$/i;
const FILE = /^[-/](?:f|file)$/i;
const TAKES_VALUE =
  /^[-/](?:ex\w*|ep|w|win\w*|v|version|inp\w*|if|o|of|output\w*|wd|workingdirectory|psc\w*|config\w*|custompipename|settings\w*)$/i;
const TEXT_LENGTH_MAX = 16_384;

/** What the program is told to run. */
interface Told {
  readonly value: Value;
  readonly span: Argument['span'];
  readonly isEncoded?: true;
  /** Only a file was named. */
  readonly isFile?: true;
}

/** Judges a program of Windows by the commands that it is given. */
export function runWindows(invocation: Invocation): Value {
  const isPrompt = /^cmd/i.test(invocation.name);
  const told = isPrompt ? toldPrompt(invocation) : toldShell(invocation);
  if (told === null) return reported(invocation, STARTS);
  const { value } = told;
  if (told.isEncoded === true) reported(invocation, RUNS_DECODED);
  if (value.taint === 'fetched') reported(invocation, RUNS_FETCHED);
  if (value.taint === 'decoded') reported(invocation, RUNS_DECODED);
  const texts = value.known ? [value] : (value.perhaps ?? []);
  if (texts.length === 0 && value.taint !== 'none') return unknownValue('output');
  if (texts.length === 0) return reported(invocation, told.isFile === true ? RUNS_SCRIPT : HIDDEN);
  const before = invocation.analysis.findings.length;
  for (const { text } of texts)
    readLines(isPrompt ? promptLines(text) : powershellLines(text), told, invocation);
  if (texts.some(({ text }) => FETCHES_AND_RUNS.test(text)) && !runsCode(invocation, before))
    reported(invocation, RUNS_FETCHED);
  return unknownValue('output', FETCHES.test(invocation.name) ? 'fetched' : 'none');
}

function runsCode({ analysis }: Invocation, from: number): boolean {
  return analysis.findings.slice(from).some(({ tier, verb }) => tier === 4 && verb === 'execute');
}

function readLines(lines: readonly Line[], { span }: Told, invocation: Invocation): void {
  const { analysis, place, directory, stdin } = invocation;
  // Each word is worth a part, before the text is written anew.
  for (const { commands } of lines)
    for (const words of commands) for (const _ of words) analysis.bounds.step();
  for (const [name] of lines.flatMap((line) => line.commands)) {
    const stated =
      name === undefined || !/^(?:Remove|Clear|Reset)-[A-Za-z]/i.test(name.text)
        ? null
        : judgeName(name.text);
    if (stated !== null && stated.tier >= 3 && !/-(?:item|content|variable|host)$/i.test(name?.text ?? ''))
      analysis.report(stated, { target: `cmdlet ${name?.text ?? ''}`, span });
  }
  const text = inShellWords(lines);
  if (text === '') {
    reported(invocation, STARTS);
    return;
  }
  const names = invocation.args.map((word) => word.text).slice(0, 40);
  const excerpt = nestedText(text, span, '');
  analysis.read('shell', excerpt, { place, directory, names, ...(stdin === null ? {} : { stdin }) });
}

/** A command of PowerShell that stands in another shell's text is one in its own words. */
function toldShell(invocation: Invocation): Told | null {
  const { name, args, span, stdin } = invocation;
  if (/^(?:powershell|pwsh)/i.test(name)) return toldPowershell(invocation);
  if (RUNS_TEXT.test(name) && args.length === 0) return stdin === null ? null : { value: stdin, span };
  return joined([{ text: name, known: true, taint: 'none', span, raw: name }, ...args]);
}

/** `cmd /s /c TEXT`: all that follows is one text. */
function toldPrompt({ args, stdin, span }: Invocation): Told | null {
  const at = args.findIndex(({ text }) => /^\/{1,2}[ckr]$/i.test(text));
  if (at >= 0) return joined(args.slice(at + 1));
  return stdin === null ? null : { value: stdin, span };
}

function toldPowershell(invocation: Invocation): Told | null {
  const { args, stdin, span, analysis } = invocation;
  for (let at = 0; at < args.length; at += 1) {
    const word = args[at];
    const text = word?.text ?? '';
    if (word === undefined || text === '-') break;
    if (ENCODED.test(text)) return decoded(args[at + 1]);
    if (COMMAND.test(text)) {
      const rest = args.slice(at + 1);
      return rest[0]?.text === '-' && stdin !== null ? { value: stdin, span } : joined(rest);
    }
    const script = FILE.test(text) ? args[at + 1] : /^[^-/].*\.ps1$/i.test(text) ? word : undefined;
    if (script !== undefined) {
      const content = analysis.files.content(script.text.replaceAll('\\', '/'), invocation);
      return { value: content ?? unknownValue(script.text), span: script.span, isFile: true };
    }
    if (TAKES_VALUE.test(text)) at += 1;
    else if (!/^[-/]\w/.test(text)) return joined(args.slice(at));
  }
  return stdin === null ? null : { value: stdin, span };
}

function joined(words: readonly Argument[]): Told | null {
  const [first] = words;
  if (first === undefined) return null;
  const text = words.map(asWritten).join(' ');
  const known = words.every((word) => word.known) && text.length <= TEXT_LENGTH_MAX;
  const taint = words.reduce<Value['taint']>((sum, word) => joinTaint(sum, word.taint), 'none');
  return { value: { text, known, taint }, span: first.span };
}

/** A backslash that another shell takes for a sign of its own parts folders here. */
function asWritten({ text, raw }: Argument): string {
  return raw.includes('\\') && !/['"$`]/.test(raw) ? raw : text;
}

/** The text is in UTF-16 and then in Base64. */
function decoded(word: Argument | undefined): Told | null {
  if (word === undefined) return null;
  const text = Buffer.from(word.text, 'base64').toString('utf16le').slice(0, TEXT_LENGTH_MAX);
  return { value: { ...word, text, taint: 'none' }, span: word.span, isEncoded: true };
}

function reported({ analysis, name, span }: Invocation, judgement: typeof STARTS): Value {
  analysis.report(judgement, { target: `shell ${name}`, span });
  return unknownValue('output');
}
