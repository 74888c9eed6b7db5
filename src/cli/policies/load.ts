/** Reads policy files: YAML to what is wanted, each item with its file and line. */

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv, type ErrorObject } from 'ajv';
import { type Document, isNode, LineCounter, parseAllDocuments } from 'yaml';
import type { JsonRecord } from '../../integrations/json.js';
import { Complaint } from '../terminal.js';
import { DOCUMENT } from './schema.js';

export const SECTIONS = ['action_kinds', 'budgets', 'budget_templates', 'policies'] as const;
export type Section = (typeof SECTIONS)[number];

/** Something that should be so on the server. */
export interface Wanted {
  readonly section: Section;
  readonly tenant: string;
  readonly item: JsonRecord;
  /** `file:line` of the item, and of a field in it. */
  readonly at: (field?: string) => string;
}

const FILE = /\.ya?ml$/;
const ALIASES_MAX = 100;
const BYTES_MAX = 4 * 1024 * 1024;
const validate = new Ajv({ allErrors: false, allowUnionTypes: true }).compile(DOCUMENT);

/**
 * Everything that the YAML files of a directory want, in the order of their names; or of one file.
 * @throws Complaint with file, line and field for what is not understood
 */
export function loadWanted(path: string): Wanted[] {
  const files = filesOf(path);
  if (files.length === 0) throw new Complaint(`there is no .yaml file in ${path}`);
  const wanted = files.flatMap(wantedIn);
  refuseTwice(wanted);
  return wanted;
}

function filesOf(path: string): string[] {
  try {
    if (statSync(path).isFile()) return [path];
    return readdirSync(path, { recursive: true, encoding: 'utf8' })
      .filter((name) => FILE.test(name))
      .sort()
      .map((name) => join(path, name));
  } catch {
    throw new Complaint(`${path} cannot be read: give a directory of YAML files`);
  }
}

function wantedIn(file: string): Wanted[] {
  const text = textOf(file);
  if (text.length > BYTES_MAX) throw new Complaint(`${file} is larger than ${BYTES_MAX} bytes`);
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, { lineCounter: lines, uniqueKeys: true });
  return [...documents].flatMap((document) => wantedOf(file, document as Document, lines));
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw new Complaint(`${file} cannot be read`);
  }
}

function wantedOf(file: string, document: Document, lines: LineCounter): Wanted[] {
  const [broken] = document.errors;
  if (broken !== undefined) {
    const line = broken.linePos?.[0].line ?? 1;
    throw new Complaint(`${file}:${line}: ${broken.message.split('\n')[0]}`);
  }
  const content = contentOf(document, file);
  if (content === null) return [];
  const at = (path: readonly (string | number)[]): string => `${file}:${lineOf(document, lines, path)}`;
  if (!validate(content)) throw new Complaint(complaintOf(validate.errors?.[0], at));
  const { tenant, ...sections } = content as { tenant: string } & Partial<Record<Section, JsonRecord[]>>;
  return SECTIONS.flatMap((section) =>
    (sections[section] ?? []).map((item, index) => ({
      section,
      tenant,
      item,
      at: (field?: string) => at([section, index, ...(field === undefined ? [] : field.split('.'))]),
    })),
  );
}

/** Aliases may not multiply: a small file would become a large one. */
function contentOf(document: Document, file: string): unknown {
  try {
    return document.toJS({ maxAliasCount: ALIASES_MAX });
  } catch {
    throw new Complaint(`${file}: its aliases stand for nothing, for themselves, or for too much`);
  }
}

/** The line of the closest place that is in the file. */
function lineOf(document: Document, lines: LineCounter, path: readonly (string | number)[]): number {
  for (let length = path.length; length >= 0; length--) {
    const node = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
  }
  return 1;
}

function complaintOf(
  error: ErrorObject | undefined,
  at: (path: readonly (string | number)[]) => string,
): string {
  if (error === undefined) return 'the file is not understood';
  const path = error.instancePath
    .split('/')
    .slice(1)
    .map((step) => (/^\d+$/.test(step) ? Number(step) : step));
  const { additionalProperty, missingProperty, allowedValues } = error.params as Record<string, unknown>;
  const field = path.filter((step) => typeof step === 'string').join('.') || 'the document';
  if (typeof additionalProperty === 'string') {
    return `${at([...path, additionalProperty])}: ${field} has no field ${additionalProperty}`;
  }
  if (typeof missingProperty === 'string') return `${at(path)}: ${field} lacks ${missingProperty}`;
  const choices = Array.isArray(allowedValues) ? `: ${allowedValues.join(', ')}` : '';
  return `${at(path)}: ${field} ${error.message ?? 'is not understood'}${choices}`;
}

/** What names an item in its tenant. */
export function nameOf(section: Section, item: JsonRecord): string {
  switch (section) {
    case 'action_kinds':
      return String(item['kind']);
    case 'budgets':
      return `${String(item['scope']).toLowerCase()} ${item['unit']}`;
    case 'budget_templates':
      return `${item['scope_pattern']} ${item['unit']}`;
    case 'policies':
      return String(item['name']);
  }
}

function refuseTwice(wanted: readonly Wanted[]): void {
  const seen = new Map<string, Wanted>();
  for (const each of wanted) {
    const name = JSON.stringify([each.tenant, each.section, nameOf(each.section, each.item)]);
    const before = seen.get(name);
    if (before !== undefined) {
      throw new Complaint(`${each.at()}: ${nameOf(each.section, each.item)} stands at ${before.at()} too`);
    }
    seen.set(name, each);
  }
}
