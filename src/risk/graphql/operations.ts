/** Finds out which root fields a GraphQL document would execute, through aliases and fragments. */
import {
  type ArgumentNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  parse,
  type SelectionSetNode,
  type ValueNode,
} from 'graphql';

const TOKENS_MAX = 8_000;
const LENGTH_MAX = 64 * 1024;
const NESTING_MAX = 100;
const FIELDS_MAX = 200;
const GROUPS_MAX = 4;
/** What may stand before a document and means nothing. */
const IGNORED = /(?:[\s,\uFEFF]|#[^\n]*)*/y;
const CONDITIONS = ['where', 'filter', 'condition', 'filters'];

export interface RootField {
  readonly operation: 'query' | 'mutation' | 'subscription';
  /** The field's real name; an alias changes nothing. */
  readonly name: string;
  /** Its arguments, readable, with variables filled in where they were sent. */
  readonly summary: string;
  /** Its condition is there and empty, so it affects everything of its kind. */
  readonly unbounded: boolean;
}

/**
 * The root fields of a document, or null when it does not parse, has nothing to execute or has more fields than
 * are looked at. A mutation that only groups others, as `project { delete }` does, gives way to those.
 * A named operation is taken alone; if it is not there, all of them count.
 */
export function rootFields(
  document: string,
  operationName: string | null,
  variables: Readonly<Record<string, unknown>>,
): readonly RootField[] | null {
  const tree = parsed(document);
  if (tree === null) return null;
  const operations = tree.definitions.filter((node) => node.kind === Kind.OPERATION_DEFINITION);
  const named = operations.filter((node) => node.name?.value === operationName);
  const chosen = named.length > 0 ? named : operations;
  if (chosen.length === 0) return null;
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const node of tree.definitions) {
    if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node);
  }
  const fields = chosen.flatMap((operation) => fieldsOf(operation, fragments, variables));
  return fields.length > FIELDS_MAX ? null : fields;
}

/** True when a text can only be a GraphQL document. */
export function looksLikeGraphql(text: string): boolean {
  IGNORED.lastIndex = 0;
  IGNORED.test(text);
  const start = IGNORED.lastIndex;
  return /^(?:(?:query|mutation|subscription|fragment)\b[\s\S]*\{|\{\s*[A-Za-z_.#,])/.test(
    text.slice(start, start + 2_000),
  );
}

function parsed(document: string): DocumentNode | null {
  if (document.length > LENGTH_MAX || nesting(document) > NESTING_MAX) return null;
  try {
    return parse(document, { noLocation: true, maxTokens: TOKENS_MAX });
  } catch {
    return null;
  }
}

function nesting(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (const character of text) {
    if (character === '{' || character === '[' || character === '(') deepest = Math.max(deepest, ++depth);
    else if (character === '}' || character === ']' || character === ')') depth -= 1;
  }
  return deepest;
}

function fieldsOf(
  operation: OperationDefinitionNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  variables: Readonly<Record<string, unknown>>,
): readonly RootField[] {
  const found: RootField[] = [];
  const seen = new Set<string>();
  const visit = (set: SelectionSetNode, groups: readonly string[]): void => {
    for (const selection of set.selections) {
      if (found.length > FIELDS_MAX) return;
      if (selection.kind === Kind.FIELD) visitField(selection, groups);
      else if (selection.kind === Kind.INLINE_FRAGMENT) visit(selection.selectionSet, groups);
      else if (!seen.has(selection.name.value)) {
        seen.add(selection.name.value);
        const fragment = fragments.get(selection.name.value);
        if (fragment !== undefined) visit(fragment.selectionSet, groups);
      }
    }
  };
  const visitField = (field: FieldNode, groups: readonly string[]): void => {
    const inner = operation.operation === 'mutation' ? calledWithin(field) : undefined;
    if (inner === undefined || groups.length >= GROUPS_MAX)
      found.push(rootField(operation, field, { groups, variables }));
    else visit(inner, [...groups, field.name.value]);
  };
  visit(operation.selectionSet, []);
  return found;
}

/** What a field without arguments selects, when something in it is called with arguments. */
function calledWithin(field: FieldNode): SelectionSetNode | undefined {
  const set = field.arguments?.length ? undefined : field.selectionSet;
  return set?.selections.some((one) => one.kind === Kind.FIELD && calls(one)) === true ? set : undefined;
}

function calls(field: FieldNode): boolean {
  return (field.arguments?.length ?? 0) > 0 || calledWithin(field) !== undefined;
}

interface Standing {
  /** The fields around it, outermost first. */
  readonly groups: readonly string[];
  readonly variables: Readonly<Record<string, unknown>>;
}

function rootField(
  operation: OperationDefinitionNode,
  field: FieldNode,
  { groups, variables }: Standing,
): RootField {
  const list = (field.arguments ?? []).map((argument) => summaryOf(argument, variables));
  const name = [...groups, field.name.value].join('_');
  const summary = list.length === 0 ? name : `${name}(${list.join(', ')})`;
  const unbounded = (field.arguments ?? []).some(
    (argument) => CONDITIONS.includes(argument.name.value) && isEmpty(argument.value, variables),
  );
  return { operation: operation.operation, name, summary: summary.slice(0, 240), unbounded };
}

function isEmpty(value: ValueNode, variables: Readonly<Record<string, unknown>>): boolean {
  if (value.kind === Kind.OBJECT) return value.fields.length === 0;
  if (value.kind === Kind.NULL) return true;
  if (value.kind !== Kind.VARIABLE || !Object.hasOwn(variables, value.name.value)) return false;
  const held = variables[value.name.value];
  return held === null || (typeof held === 'object' && Object.keys(held ?? {}).length === 0);
}

function summaryOf(argument: ArgumentNode, variables: Readonly<Record<string, unknown>>): string {
  return `${argument.name.value}: ${valueText(argument.value, variables)}`;
}

function valueText(value: ValueNode, variables: Readonly<Record<string, unknown>>): string {
  switch (value.kind) {
    case Kind.VARIABLE: {
      const held = Object.hasOwn(variables, value.name.value) ? variables[value.name.value] : undefined;
      return held === undefined ? `$${value.name.value}` : (JSON.stringify(held) ?? '?').slice(0, 120);
    }
    case Kind.OBJECT:
      return `{${value.fields.map((field) => `${field.name.value}: ${valueText(field.value, variables)}`).join(', ')}}`;
    case Kind.LIST:
      return `[${value.values.map((item) => valueText(item, variables)).join(', ')}]`;
    case Kind.NULL:
      return 'null';
    default:
      return String(value.value);
  }
}
