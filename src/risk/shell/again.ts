/** Texts that a shell evaluates a second time: as a number, as a name, as a prompt. Quotes do not protect them. */
import type { Value } from './argument.js';
import { type Expander, runRaw } from './substitution.js';

/** Names, and the numbers and signs that are names behind a dollar. */
const NAME = /[A-Za-z_]\w*|(?<=\$\{?)(?:\d+|[@*])/g;
const PLAIN_NUMBER = /^\s*-?\d*\s*$/;
const SUBSCRIPTED = /^[A-Za-z_]\w*\[/;

/** A number may be a whole expression: its subscripts run commands, and its names hold expressions again. */
export function runAsNumber(value: Value, expander: Expander): void {
  runNumber(value, expander, new Set());
}

/** A name may have a subscript, which is arithmetic. */
export function runAsName(value: Value, expander: Expander): void {
  const start = SUBSCRIPTED.exec(value.text)?.[0].length;
  if (start !== undefined) runAsNumber({ ...value, text: value.text.slice(start) }, expander);
}

/** A prompt is expanded like a text in double quotes. */
export function runAsPrompt(value: Value, expander: Expander): void {
  if (value.known) runRaw(value.text, expander);
}

/** Runs what the variables of an expression hold, for an expression whose own commands have run already. */
export function followNames(expression: string, expander: Expander): void {
  follow(expression, expander, new Set());
}

/** An unseen text shows a placeholder for commands that have run, so that only its names are followed. */
function runNumber(value: Value, expander: Expander, followed: Set<string>): void {
  if (PLAIN_NUMBER.test(value.text)) return;
  if (value.known) runRaw(value.text, expander);
  follow(value.text, expander, followed);
}

function follow(expression: string, expander: Expander, followed: Set<string>): void {
  if (PLAIN_NUMBER.test(expression)) return;
  for (const [name] of expression.matchAll(NAME)) {
    const value = followed.has(name) ? undefined : expander.scope.variable(name);
    if (value === undefined) continue;
    expander.bounds.step();
    followed.add(name);
    for (const held of value.items ?? [value]) runNumber(held, expander, followed);
  }
}
