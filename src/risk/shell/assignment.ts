/** What a variable holds after an assignment: a text, an array, or one with an element changed. */
import type { Assignment, Word } from 'unbash';
import { runAsNumber } from './again.js';
import { arrayOf, EMPTY, unknownValue, type Value } from './argument.js';
import { expandText, expandWord } from './expansion.js';
import type { Expander } from './substitution.js';

const ARRAY_LENGTH_MAX = 200;

/** The value that `name=value`, `name+=value`, `name=(…)` or `name[2]=value` gives. */
export function assigned(assignment: Assignment, expander: Expander): Value {
  const before = expander.scope.variable(assignment.name) ?? EMPTY;
  if (assignment.value.type === 'ArrayValue') {
    const elements = assignment.value.elements.flatMap((word) => expandWord(word, expander));
    for (const element of elements) if (element.text.startsWith('[')) runAsNumber(element, expander);
    return arrayOf(assignment.append === true ? [...(before.items ?? [before]), ...elements] : elements);
  }
  const value = expandText(assignment.value, expander);
  if (assignment.index !== undefined) return withElement(before, assignment.index, value, expander);
  if (assignment.append !== true) return value;
  return {
    ...value,
    text: before.text + value.text,
    known: before.known && value.known,
  };
}

/** `name[2]=value`; an index that cannot be seen leaves the whole array unseen. */
function withElement(before: Value, at: Word, value: Value, expander: Expander): Value {
  const index = expandText(at, expander);
  runAsNumber(index, expander);
  const position = Number(index.text);
  if (!index.known || !Number.isInteger(position) || position < 0 || position > ARRAY_LENGTH_MAX)
    return unknownValue('$array');
  const items = [...(before.items ?? [before])];
  items[position] = value;
  return arrayOf(Array.from(items, (item) => item ?? EMPTY));
}
