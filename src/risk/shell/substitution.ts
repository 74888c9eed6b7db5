/** Substitutions where the parser leaves raw text: in braces, in patterns that hold a slash, in quoted text. */
import { type ParsedScript, parse } from 'unbash';
import type { Bounds } from '../bounds.js';
import type { Value } from './argument.js';
import type { Scope } from './scope.js';

/** What the expansion of a word needs of the shell around it. */
export interface Expander {
  readonly scope: Scope;
  readonly bounds: Bounds;
  /** Runs a substitution for its effects, fed with what is piped in, and returns what it prints. */
  substitute(script: ParsedScript, stdin?: Value | null): Value;
}

/** Runs every substitution of a raw text for its effects. */
export function runRaw(text: string, expander: Expander): void {
  for (const command of substitutionsIn(text)) {
    expander.bounds.step();
    expander.substitute(parse(command));
  }
}

/** The commands inside `$(…)` and backticks of a raw text, the outermost of each; quotes are not looked at. */
function substitutionsIn(text: string): readonly string[] {
  if (!/\$\(|`/.test(text)) return [];
  const commands: string[] = [];
  for (let at = 0; at < text.length; at++) {
    if (text.startsWith('$(', at) && !text.startsWith('$((', at)) {
      const end = closingOf(text, at + 2);
      commands.push(text.slice(at + 2, end));
      at = end;
    } else if (text[at] === '`') {
      const close = text.indexOf('`', at + 1);
      const end = close < 0 ? text.length : close;
      commands.push(text.slice(at + 1, end));
      at = end;
    }
  }
  return commands;
}

/** Where the parenthesis that is open at an index closes; the end of the text when it never does. */
function closingOf(text: string, start: number): number {
  let depth = 1;
  for (let at = start; at < text.length; at++) {
    if (text[at] === '(') depth += 1;
    if (text[at] === ')') depth -= 1;
    if (depth === 0) return at;
  }
  return text.length;
}

/** Whether a text ends inside a substitution. */
export function isCut(text: string): boolean {
  const count = (character: string): number => text.split(character).length - 1;
  return count('(') > count(')') || count('`') % 2 === 1;
}
