/** Applies the declarative rules of a catalogue entry to a command. */
import type { Reading } from '../analysis.js';
import {
  type Does,
  HELP_FLAGS,
  type Operands,
  type Outcome,
  type Program,
  type Rule,
  type Runs,
  type Touches,
  type Wraps,
} from '../catalogue/program.js';
import { programNamed } from '../catalogue/programs.js';
import { disturbs, reads, unseen } from '../catalogue/verdicts.js';
import { nestedText } from '../excerpt.js';
import type { Judgement } from '../finding.js';
import { memo } from '../memo.js';
import { isProtected, touch } from '../paths.js';
import { suspect } from '../suspicion.js';
import { type Argument, type ParsedArguments, parseArguments, unknownValue, type Value } from './argument.js';
import { ask } from './ask.js';
import type { Invocation } from './invocation.js';
import { judgeLook } from './subcommand.js';

const SUBCOMMAND_SHIFT_MAX = 3;
const WRAPPED_SHIFT_MAX = 3;
const NAMES_MAX = 40;
const ABBREVIATION_MIN = 5;
const HELP = reads('It shows help or a version.');
const HIDDEN = unseen(disturbs(''), 'What the program is asked to do cannot be seen.');

/** A command whose flags and operands have been told apart. */
interface Parsed extends ParsedArguments {
  readonly invocation: Invocation;
  readonly program: Program;
}

/** Judges a command by the first rule that fits and returns what it prints. */
export function judgeByRules(program: Program, invocation: Invocation): Value {
  const parsed: Parsed = {
    invocation,
    program,
    ...parseArguments(invocation.args, {
      valueFlags: program.valueFlags ?? [],
      singleDash: program.singleDash ?? false,
      stopAtOperand: program.stopAtOperand ?? false,
    }),
  };
  if (HELP_FLAGS.some((flag) => parsed.flags.has(flag)) && program.stopAtOperand !== true) {
    report(parsed, HELP, invocation.name);
    return unknownValue('help');
  }
  const match = firstMatch(parsed);
  if (match === null) {
    const hidden = parsed.operands[0]?.known === false && program.rules.some((rule) => rule.sub !== '');
    const judgement = hidden ? worstOf(program) : (lookOf(parsed) ?? program.otherwise);
    report(parsed, judgement, commandText(parsed));
    return unknownValue('output', program.prints);
  }
  let output: Value = unknownValue('output', program.prints);
  for (const outcome of match.rule.outcomes) output = apply(outcome, parsed, match.rest) ?? output;
  return output;
}

/** No rule fits, but the words say that it only looks; a program without subcommands has none that could. */
function lookOf({ program, invocation }: Parsed): Judgement | null {
  const hasSubcommands = program.rules.some((rule) => rule.sub !== '');
  return program.otherwise.free !== true && hasSubcommands ? judgeLook(invocation) : null;
}

function worstOf(program: Program): Judgement {
  return program.worst === undefined ? HIDDEN : unseen(program.worst, HIDDEN.reason);
}

interface Match {
  readonly rule: Rule;
  /** The operands after the subcommand. */
  readonly rest: readonly Argument[];
}

/** A flag the catalogue does not know may take a word with it, so the subcommand is also sought further on. */
function firstMatch(parsed: Parsed): Match | null {
  for (let shift = 0; shift <= SUBCOMMAND_SHIFT_MAX && shift <= parsed.operands.length; shift += 1) {
    const operands = parsed.operands.slice(shift);
    for (const { rule, words } of worded(parsed.program)) {
      if (shift > 0 && rule.sub === '') continue;
      if (!begins(operands, words)) continue;
      const rest = words.length === 0 ? operands : operands.slice(words.length);
      if (fits(rule, parsed, rest)) return { rule, rest };
    }
    if (!parsed.invocation.args.some((word) => word.text.startsWith('-'))) return null;
  }
  return null;
}

/** Whether the operands begin with the words of a rule, one of the alternatives for each. */
function begins(operands: readonly Argument[], words: readonly (readonly string[])[]): boolean {
  for (let index = 0; index < words.length; index += 1) {
    const operand = operands[index];
    const alternatives = words[index];
    if (operand?.known !== true || alternatives === undefined) return false;
    if (!alternatives.includes(operand.text) && !alternatives.includes('*')) return false;
  }
  return true;
}

/** The rules of a program with the words of each; the catalogue has them as one text. */
const worded = memo(({ rules }: Program) =>
  rules.map((rule) => ({
    rule,
    words: rule.sub === '' ? [] : rule.sub.split(' ').map((word) => word.split('|')),
  })),
);

function fits(rule: Rule, parsed: Parsed, rest: readonly Argument[]): boolean {
  const { flags, invocation } = parsed;
  if (
    rule.flags !== undefined &&
    !rule.flags.some((flag) => hasFlag(flags, flag) || isMeant(rule, flags, flag))
  )
    return false;
  if (rule.catalogued === true && (rest[0] === undefined || !isCatalogued(rest[0].text))) return false;
  if (rule.without?.some((flag) => hasFlag(flags, flag)) === true) return false;
  const { operand } = rule;
  if (operand !== undefined && !rest.some((word) => operand.test(word.text))) return false;
  if (rule.words?.every((word) => rest.some((held) => word.test(held.text))) === false) return false;
  const { value } = rule;
  if (value !== undefined && ![...flags.values()].flat().some((word) => value.test(word.text))) return false;
  if (rule.atLeast !== undefined && rest.length < rule.atLeast) return false;
  if (rule.atMost !== undefined && rest.length > rule.atMost) return false;
  return rule.piped === undefined || rule.piped === (invocation.stdin !== null);
}

/** Many programs take the beginning of a long flag for the flag; that may raise a verdict, never lower it. */
function isMeant(rule: Rule, flags: ParsedArguments['flags'], wanted: string): boolean {
  const raises = rule.outcomes.some((outcome) => 'does' in outcome && outcome.does.tier > 2);
  if (!raises || !wanted.startsWith('--')) return false;
  return [...flags.keys()].some((flag) => flag.length >= ABBREVIATION_MIN && wanted.startsWith(flag));
}

/** `--flag=value` in a rule asks for that value. */
function hasFlag(flags: ParsedArguments['flags'], wanted: string): boolean {
  const equals = wanted.indexOf('=');
  if (equals < 0) return flags.has(wanted);
  return (
    flags.get(wanted.slice(0, equals))?.some((value) => value.text === wanted.slice(equals + 1)) ?? false
  );
}

function apply(outcome: Outcome, parsed: Parsed, rest: readonly Argument[]): Value | null {
  if ('does' in outcome) return applyDoes(outcome, parsed, rest);
  if ('touches' in outcome) return applyTouches(outcome, parsed, rest);
  if ('runs' in outcome) return applyRuns(outcome, parsed, rest);
  if ('asks' in outcome) return ask(outcome, parsed, rest);
  return applyWraps(outcome, parsed, rest);
}

function applyDoes(outcome: Does, parsed: Parsed, rest: readonly Argument[]): null {
  const target = outcome.target === undefined ? commandText(parsed) : filledIn(outcome.target, parsed, rest);
  report(parsed, outcome.does, target);
  return null;
}

function filledIn(template: string, parsed: Parsed, rest: readonly Argument[]): string {
  return template.replace(/\{([^}]+)\}/g, (_, name: string) => {
    if (name === '*') return rest.map((word) => word.text).join(' ');
    return (/^\d+$/.test(name) ? rest[Number(name)]?.text : parsed.flags.get(name)?.[0]?.text) ?? '?';
  });
}

function commandText(parsed: Parsed): string {
  const words = parsed.operands.slice(0, 4).map((word) => word.text);
  return [parsed.invocation.name, ...words].join(' ').slice(0, 160);
}

function report(parsed: Parsed, judgement: Judgement, target: string): void {
  const { invocation } = parsed;
  const touchesGate = touchesGateFiles(parsed, judgement);
  const raised =
    invocation.place === 'remote' && judgement.tier === 1
      ? { ...judgement, tier: 2 as const, free: false }
      : judgement;
  invocation.analysis.report(touchesGate ? { ...raised, selfProtection: true } : raised, {
    target,
    span: invocation.span,
    names: judgement.tier >= 2 ? namesOf(invocation) : [],
  });
}

/** Files of the gate among the words, when the rule says nothing of the files that are touched. */
function touchesGateFiles({ invocation, flags, operands, program }: Parsed, { verb }: Judgement): boolean {
  if (invocation.place !== 'here' || program.stopAtOperand === true) return false;
  const access = verb === 'read' || leavesFiles(invocation) ? 'read' : 'permit';
  const { analysis, directory } = invocation;
  const isOfGate = ({ text }: Argument): boolean => isProtected(analysis, text, directory, access);
  if (operands.some(isOfGate)) return true;
  for (const values of flags.values()) if (values.some(isOfGate)) return true;
  return false;
}

const ONLY_CHECKS = /^--(?:check|dry-run|list-different|diff|no-?write|no-?emit)$/i;

/** What is recorded, packed or checked stays as it is. */
function leavesFiles({ name, args }: Invocation): boolean {
  if (args.some(({ text }) => ONLY_CHECKS.test(text))) return true;
  if (name === 'git') return /^(?:add|commit|diff|status|ls-files|archive)$/.test(args[0]?.text ?? '');
  const first = args[0]?.text ?? '';
  return /tar$/.test(name) && /^-?[a-zA-Z]*c|^--create$/.test(first) && !/^--remove/.test(first);
}

function namesOf(invocation: Invocation): readonly string[] {
  const values = [...invocation.environment.values()].map((value) => value.text);
  return [...invocation.args.map((word) => word.text), ...values].slice(0, NAMES_MAX);
}

function applyTouches(outcome: Touches, parsed: Parsed, rest: readonly Argument[]): null {
  const { invocation, program, flags } = parsed;
  const recursive =
    outcome.touches === 'delete' && (program.recursiveFlags ?? []).some((flag) => flags.has(flag));
  for (const word of touchedWords(outcome, parsed, rest)) {
    touch(invocation.analysis, {
      path: word.text,
      access: recursive ? 'delete-tree' : outcome.touches,
      directory: invocation.directory,
      place: invocation.place,
      span: word.span,
    });
  }
  return null;
}

function touchedWords(outcome: Touches, parsed: Parsed, rest: readonly Argument[]): readonly Argument[] {
  if (outcome.flag !== undefined) return outcome.flag.flatMap((flag) => parsed.flags.get(flag) ?? []);
  const { assignment } = outcome;
  if (assignment !== undefined) {
    return parsed.operands
      .filter((word) => word.text.startsWith(`${assignment}=`))
      .map((word) => ({ ...word, text: word.text.slice(assignment.length + 1) }));
  }
  return chosen(outcome.operands ?? 'all', rest);
}

function chosen(operands: Operands, rest: readonly Argument[]): readonly Argument[] {
  if (operands === 'first') return rest.slice(0, 1);
  if (operands === 'last') return rest.slice(-1);
  if (operands === 'all but last') return rest.slice(0, -1);
  return operands === 'after first' ? rest.slice(1) : rest;
}

function applyRuns(outcome: Runs, parsed: Parsed, rest: readonly Argument[]): null {
  const { invocation } = parsed;
  const names = namesOf(invocation);
  const reading: Reading = {
    place: outcome.place ?? invocation.place,
    directory: invocation.directory,
    names,
    ...(invocation.stdin === null || outcome.from === 'stdin' ? {} : { stdin: invocation.stdin }),
    ...(outcome.unseen === undefined ? {} : { whenUnreadable: outcome.unseen }),
  };
  for (const { value, raw, span } of textsOf(outcome, parsed, rest)) {
    for (const { text } of value.perhaps ?? []) {
      suspect(invocation.analysis, () =>
        invocation.analysis.read(outcome.runs, nestedText(text, span, ''), reading),
      );
    }
    if (value.known) invocation.analysis.read(outcome.runs, nestedText(value.text, span, raw), reading);
    else {
      invocation.analysis.report(
        outcome.unseen === undefined
          ? HIDDEN
          : unseen(outcome.unseen, 'What it is told to run cannot be seen.'),
        {
          target: commandText(parsed),
          span,
          names,
        },
      );
    }
  }
  return null;
}

interface Text {
  readonly value: Value;
  readonly raw: string;
  readonly span: Argument['span'];
}

function textsOf({ from }: Runs, parsed: Parsed, rest: readonly Argument[]): readonly Text[] {
  const { invocation } = parsed;
  const direct = (word: Argument): Text => ({ value: word, raw: word.raw, span: word.span });
  const file = (word: Argument): Text => {
    const content = word.known ? invocation.analysis.files.content(word.text, invocation) : word.printed;
    return { value: content ?? unknownValue(word.text), raw: '', span: word.span };
  };
  if (from === 'stdin') {
    return invocation.stdin === null ? [] : [{ value: invocation.stdin, raw: '', span: invocation.span }];
  }
  if ('flag' in from) return from.flag.flatMap((flag) => parsed.flags.get(flag) ?? []).map(direct);
  if ('fileFlag' in from) return from.fileFlag.flatMap((flag) => parsed.flags.get(flag) ?? []).map(file);
  if ('afterWord' in from)
    return rest.filter((_, index) => from.afterWord.includes(rest[index - 1]?.text ?? '')).map(direct);
  if ('operand' in from) return rest.slice(from.operand, from.operand + 1).map(direct);
  if ('fileOperand' in from) return rest.slice(from.fileOperand, from.fileOperand + 1).map(file);
  const tail = tailFrom(rest[from.restAsText], parsed);
  const words = tail[0]?.text === '--' ? tail.slice(1) : tail;
  const first = words[0];
  if (first === undefined) return [];
  const text = words.map((word) => word.text).join(' ');
  return [
    {
      value: { text, known: words.every((word) => word.known), taint: 'none' },
      raw: words.length === 1 ? first.raw : '',
      span: first.span,
    },
  ];
}

/** Flags after the first wrapped word belong to the wrapped command, so they come from the words as written. */
function tailFrom(word: Argument | undefined, { invocation }: Parsed): readonly Argument[] {
  const index = word === undefined ? -1 : invocation.args.indexOf(word);
  return index < 0 ? [] : invocation.args.slice(index);
}

function applyWraps(outcome: Wraps, parsed: Parsed, rest: readonly Argument[]): Value {
  const { invocation } = parsed;
  const candidates = outcome.whole === true ? parsed.operands : rest.slice(outcome.skip);
  const first = candidates.slice(0, WRAPPED_SHIFT_MAX).find((word) => isCatalogued(word.text));
  let words = tailFrom(outcome.place === undefined ? candidates[0] : (first ?? candidates[0]), parsed);
  while (words[0] !== undefined && /^[A-Za-z_]\w*=/.test(words[0].text)) words = words.slice(1);
  return invocation.run(words, invocation.stdin, outcome.place ?? invocation.place);
}

/** A flag that the catalogue does not know may have shifted where the wrapped command begins. */
function isCatalogued(text: string): boolean {
  return programNamed(text) !== undefined;
}
