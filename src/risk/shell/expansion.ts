/** Expands words the way a shell would, as far as the script itself says what they become. */
import {
  type ArithmeticWord,
  type DoubleQuotedChild,
  forEachChild,
  type ParameterExpansionPart,
  type ParameterOperation,
  type ParsedScript,
  type SyntaxNode,
  type TestBinaryExpression,
  type TestUnaryExpression,
  type Word,
  type WordPart,
} from 'unbash';
import { TEXT_LENGTH_MAX } from '../bounds.js';
import { followNames, runAsName, runAsNumber, runAsPrompt } from './again.js';
import { EMPTY, joinTaint, unknownValue, type Value } from './argument.js';
import { changed } from './change.js';
import { type Expander, isCut, runRaw } from './substitution.js';

const FIELDS_MAX = 64;

/** The fields one word becomes: several after brace expansion or when an unquoted variable holds spaces. */
export function expandWord(word: Word, expander: Expander): readonly Value[] {
  expander.bounds.step();
  const parts = word.parts;
  if (parts === undefined) return [{ text: tilde(word.value), known: true, taint: 'none' }];
  const fields = new Fields();
  for (const part of parts) addPart(part, fields, expander);
  return fields.finish();
}

/** A word in a place where the shell does not split: an assignment, a redirection, a here-string. */
export function expandText(word: Word, expander: Expander): Value {
  return joined(expandWord(word, expander));
}

/** Parts of a here-document. */
export function expandParts(parts: readonly WordPart[], expander: Expander): Value {
  const fields = new Fields();
  for (const part of parts) fields.append(valueOfPart(part, expander));
  return joined(fields.finish());
}

function joined(fields: readonly Value[]): Value {
  if (fields.length === 1) return fields[0] ?? EMPTY;
  return fields.reduce<Value>(
    (all, next, index) => ({
      text: index === 0 ? next.text : `${all.text} ${next.text}`,
      known: all.known && next.known,
      taint: joinTaint(all.taint, next.taint),
    }),
    EMPTY,
  );
}

/** Fields under construction; brace expansion multiplies them, word splitting starts new ones. */
class Fields {
  private done: Value[] = [];
  private open: Value[] = [];

  append(value: Value): void {
    this.open = (this.open.length === 0 ? [EMPTY] : this.open).map((field) => concat(field, value));
  }

  /** Appends a value that is cut at separators; one at either end ends the field that stands there. */
  split(value: Value, separator: RegExp): void {
    value.text
      .split(separator)
      .slice(0, FIELDS_MAX)
      .forEach((text, index) => {
        if (index > 0) this.close();
        if (text !== '') this.append({ ...value, text });
      });
  }

  /** Appends the elements of an array, each a field of its own. */
  spread(items: readonly Value[]): void {
    items.slice(0, FIELDS_MAX).forEach((item, index) => {
      if (index > 0) this.close();
      this.append({ text: item.text, known: item.known, taint: item.taint });
    });
  }

  /** Only as many fields are made as are kept, since each brace in a row would multiply them again. */
  multiply(texts: readonly string[]): void {
    const from = this.open.length === 0 ? [EMPTY] : this.open;
    this.open = from
      .slice(0, Math.ceil(FIELDS_MAX / texts.length))
      .flatMap((field) => texts.map((text) => concat(field, { text, known: true, taint: 'none' })))
      .slice(0, FIELDS_MAX);
  }

  finish(): readonly Value[] {
    this.close();
    return this.done;
  }

  private close(): void {
    this.done.push(...this.open);
    this.open = [];
  }
}

/** A text that doubles itself again and again is not followed to the end. */
function concat(left: Value, right: Value): Value {
  if (left.text.length + right.text.length > TEXT_LENGTH_MAX) return unknownValue('$long');
  return {
    text: left.text + right.text,
    known: left.known && right.known,
    taint: joinTaint(left.taint, right.taint),
    ...(left.text === '' && right.printed !== undefined ? { printed: right.printed } : {}),
  };
}

function addPart(part: WordPart, fields: Fields, expander: Expander): void {
  if (part.type === 'BraceExpansion') {
    expander.bounds.step();
    runRaw(part.text, expander);
    fields.multiply(braceItems(part.text));
  } else if (
    part.type === 'SimpleExpansion' ||
    part.type === 'ParameterExpansion' ||
    part.type === 'CommandExpansion'
  ) {
    const items = itemsOf(part, expander);
    const separator = separatorOf(expander);
    for (const [index, value] of (items ?? [valueOfPart(part, expander)]).entries()) {
      if (index > 0) fields.split({ text: '  ', known: true, taint: 'none' }, /\s+/);
      if (value.known && separator.test(value.text)) fields.split(value, separator);
      else if (value.text !== '' || !value.known) fields.append(value);
    }
  } else {
    const only = part.type === 'DoubleQuoted' && part.parts.length === 1 ? part.parts[0] : undefined;
    const items = only === undefined ? null : itemsOf(only, expander);
    if (items === null) fields.append(valueOfPart(part, expander));
    else fields.spread(items);
  }
}

/** The elements that `$@` or `${name[@]}` stands for; null for anything else and for what is not known. */
function itemsOf(part: WordPart | DoubleQuotedChild, { scope }: Expander): readonly Value[] | null {
  if (part.type === 'SimpleExpansion' && /^\$[@*]$/.test(part.text))
    return scope.variable('@')?.items ?? null;
  if (part.type !== 'ParameterExpansion' || part.prefix !== undefined || part.operation !== undefined)
    return null;
  if (/^[@*]$/.test(part.parameter)) return scope.variable('@')?.items ?? null;
  if (part.index === undefined || !/^[@*]$/.test(part.index.value)) return null;
  return scope.variable(part.parameter)?.items ?? null;
}

/** Where the shell cuts what an unquoted expansion becomes. */
function separatorOf({ scope }: Expander): RegExp {
  const characters = scope.variable('IFS');
  if (characters?.known !== true) return /\s+/;
  if (characters.text === '') return /(?!)/;
  return new RegExp(`[${characters.text.replace(/[\]\\^-]/g, '\\$&')}]+`);
}

function valueOfPart(part: WordPart | DoubleQuotedChild, expander: Expander): Value {
  expander.bounds.step();
  switch (part.type) {
    case 'Literal':
      return { text: tilde(part.value), known: true, taint: 'none' };
    case 'SingleQuoted':
    case 'AnsiCQuoted':
      return { text: part.value, known: true, taint: 'none' };
    case 'DoubleQuoted':
    case 'LocaleString':
      return part.parts.map((child) => quotedChild(child, expander)).reduce(concat, EMPTY);
    case 'SimpleExpansion':
      return expander.scope.variable(part.text.slice(1)) ?? unknownValue(part.text);
    case 'ParameterExpansion':
      return parameter(part, expander);
    case 'CommandExpansion':
      return part.script === undefined
        ? unknownValue(part.text)
        : withPlaceholder(expander.substitute(part.script));
    case 'ProcessSubstitution':
      return part.script === undefined ? unknownValue(part.text) : asFile(expander.substitute(part.script));
    case 'ArithmeticExpansion':
      runInside(part, expander);
      return { text: '1', known: false, taint: 'none' };
    case 'Glob':
    case 'ExtendedGlob':
    case 'BraceExpansion':
      return { text: part.text, known: true, taint: 'none' };
  }
}

/** Arithmetic yields a number, but the commands inside it run all the same. */
function runInside(node: SyntaxNode, expander: Expander): void {
  forEachChild(node, (child) => {
    expander.bounds.step();
    if (child.type === 'ArithmeticWord') expandNumber(child, expander);
    else if (child.type !== 'ArithmeticCommandExpansion' && child.type !== 'CommandExpansion')
      runInside(child, expander);
    else if (child.script !== undefined) expander.substitute(child.script);
  });
}

/** A word of arithmetic: quotes hide nothing there, and a variable's value is arithmetic again. */
export function expandNumber(word: ArithmeticWord, expander: Expander): void {
  runAll(word, word.value, expander);
  followNames(word.value, expander);
}

const COMPARES_NUMBERS = /^-(?:eq|ne|lt|le|gt|ge)$/;
const ASKS_FOR_NAME = /^-[vR]$/;

/** The operands of `[[ … ]]`; numbers that it compares and names that it asks for are evaluated again. */
export function expandTest(test: TestUnaryExpression | TestBinaryExpression, expander: Expander): void {
  if (test.type === 'TestUnary') {
    const operand = expandText(test.operand, expander);
    if (ASKS_FOR_NAME.test(test.operator)) runAsName(operand, expander);
    return;
  }
  for (const word of [test.left, test.right]) {
    const operand = expandText(word, expander);
    if (COMPARES_NUMBERS.test(test.operator)) runAsNumber(operand, expander);
  }
}

function quotedChild(child: DoubleQuotedChild, expander: Expander): Value {
  return child.type === 'Literal'
    ? { text: child.value, known: true, taint: 'none' }
    : valueOfPart(child, expander);
}

function withPlaceholder(output: Value): Value {
  return output.known
    ? { ...output, text: output.text.replace(/\n+$/, '') }
    : unknownValue(output.text.startsWith('$(') ? output.text : '$(…)', output.taint);
}

/** What `<(…)` stands for: a file whose content is the output. */
function asFile(output: Value): Value {
  return { ...unknownValue('$<(…)', output.taint), printed: output };
}

/** `${X}`, `${X:-default}`, `${X%suffix}` and the like; what is not simple stays unknown. */
function parameter(part: ParameterExpansionPart, expander: Expander): Value {
  if (part.prefix !== undefined) return prefixed(part, expander);
  const { operation } = part;
  const value =
    part.index === undefined
      ? expander.scope.variable(part.parameter)
      : element(part.parameter, part.index, expander);
  if (operation === undefined) return value ?? unknownValue(part.text);
  if (operation.type !== 'Default') return changedValue(part, operation, value, expander);
  const fallback = expandText(operation.operand, expander);
  if (operation.operator.endsWith('+')) return value === undefined ? unknownValue(part.text) : fallback;
  if (operation.operator.endsWith('?')) return value ?? unknownValue(part.text);
  return value ?? fallback;
}

/** `${!name}` stands for what the value names, `${#name}` for a length. */
function prefixed(part: ParameterExpansionPart, expander: Expander): Value {
  const value = expander.scope.variable(part.parameter);
  if (part.prefix === '!' && value !== undefined) runAsName(value, expander);
  if (part.prefix === '!' && part.operation === undefined && part.index === undefined)
    return (
      (value?.known === true ? expander.scope.variable(value.text) : undefined) ?? unknownValue(part.text)
    );
  runAll(part, part.text, expander);
  return unknownValue(part.text);
}

/** `${name[2]}`; undefined when the index or the array cannot be seen, and for all of its elements at once. */
function element(name: string, at: Word, expander: Expander): Value | undefined {
  const index = expandText(at, expander);
  runAsNumber(index, expander);
  return index.known ? expander.scope.variable(name)?.items?.[Number(index.text)] : undefined;
}

type Change = Exclude<ParameterOperation, { type: 'Default' }>;

/** Whatever becomes of the value, every command inside the operation runs; each once. */
function changedValue(
  part: ParameterExpansionPart,
  operation: Change,
  value: Value | undefined,
  expander: Expander,
): Value {
  const ran = new Set<ParsedScript>();
  const noting: Expander = {
    ...expander,
    substitute: (script) => {
      ran.add(script);
      return expander.substitute(script);
    },
  };
  const result = changed(value, operation, (word) => expandText(word, noting)) ?? unknownValue(part.text);
  runAll(part, part.text, {
    ...expander,
    substitute: (script) => (ran.has(script) ? EMPTY : expander.substitute(script)),
  });
  // The parser takes a slash inside a command for the end of the pattern, and cuts the command off there.
  if (operation.type === 'Replace' && isCut(operation.pattern.text)) runRaw(part.text, expander);
  runAgain(operation, value, expander);
  return result;
}

/** `${name@P}` reads the value as a prompt, `${name:from:count}` the places as numbers. */
function runAgain(operation: Change, value: Value | undefined, expander: Expander): void {
  if (operation.type === 'Transform' && operation.operand.text === 'P' && value !== undefined)
    runAsPrompt(value, expander);
  if (operation.type === 'Slice')
    for (const word of [operation.offset, operation.length]) followNames(word?.text ?? '', expander);
}

/** Runs every command inside a part, those included that the parser has left as text. */
function runAll(part: WordPart | ArithmeticWord, text: string, expander: Expander): void {
  let seen = 0;
  const counting: Expander = {
    ...expander,
    substitute: (script) => {
      seen += 1;
      return expander.substitute(script);
    },
  };
  runInside(part, counting);
  if (seen === 0) runRaw(text, expander);
}

/** A tilde of another user is a home folder as well. */
function tilde(text: string): string {
  return /^~[a-z_][\w-]*(?=\/|$)/.test(text) ? text.replace(/^~[\w-]+/, '~') : text;
}

/** The items of `{a,b}` or `{1..3}`; one level, which is what people and models write. */
function braceItems(text: string): readonly string[] {
  const inside = text.slice(1, -1);
  const range = /^(-?\d{1,4})\.\.(-?\d{1,4})$/.exec(inside);
  if (range !== null) {
    const from = Number(range[1]);
    const to = Number(range[2]);
    const count = Math.min(Math.abs(to - from) + 1, FIELDS_MAX);
    return Array.from({ length: count }, (_, index) => String(from + (to >= from ? index : -index)));
  }
  return inside.split(',').slice(0, FIELDS_MAX);
}
