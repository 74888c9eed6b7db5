/** The operations that a tool's arguments name, however deep: `{ params: { name } }`, `calls: [{ tool }]`. */

const NAMES =
  /^(?:operation|operation_?name|action|mutation|tool|tool_?name|function|function_?name|command|method|verb|op|task|request_?type|event)$/i;
/** Fields that name an operation only beside its arguments: elsewhere it is just a name. */
const NAME_BESIDE_ARGUMENTS = /^name$/i;
const ARGUMENTS = /^(?:arguments|args|params|parameters|input|kwargs|payload)$/i;
/** What is operated on, where the operation is a bare verb. */
const OBJECTS =
  /^(?:resource|resource_?type|resource_?kind|kind|type|object|object_?type|target|entity|model|collection|what)$/i;
const TEXT = /^[A-Za-z][\w.:/-]{1,80}$/;
const DEPTH_MAX = 5;
const COUNT_MAX = 40;

/** Names of operations among the arguments, each with what it is done to where that stands beside it. */
export function operationsOf(input: unknown): readonly string[] {
  const found: string[] = [];
  collect(input, 0, found);
  return found;
}

function collect(value: unknown, depth: number, found: string[]): void {
  if (depth > DEPTH_MAX || found.length >= COUNT_MAX) return;
  if (Array.isArray(value)) for (const item of value.slice(0, COUNT_MAX)) collect(item, depth + 1, found);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return;
  const members = Object.entries(value).slice(0, COUNT_MAX);
  const hasArguments = members.some(([name]) => ARGUMENTS.test(name));
  const object = members.flatMap(([name, held]) => (OBJECTS.test(name) ? textIn(held) : []))[0] ?? '';
  for (const [name, held] of members) {
    const isName = NAMES.test(name) || (hasArguments && NAME_BESIDE_ARGUMENTS.test(name));
    if (isName) found.push(...textIn(held).map((text) => (object === '' ? text : `${text} ${object}`)));
    if (typeof held === 'object') collect(held, depth + 1, found);
  }
}

const textIn = (value: unknown): string[] => (typeof value === 'string' && TEXT.test(value) ? [value] : []);
