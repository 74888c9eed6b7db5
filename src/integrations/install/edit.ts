/** Adds and removes hooks in a harness's own file, leaving its comments, order and layout as they are. */

import {
  applyEdits,
  type FormattingOptions,
  findNodeAtLocation,
  modify,
  type Node,
  type ParseError,
  parse,
  parseTree,
} from 'jsonc-parser';
import { isRecord } from '../json.js';
import type { HookEntry } from './targets.js';

/** The file is not what the harness would read. The message is half a sentence that follows its path. */
export class UneditableFile extends Error {
  override readonly name = 'UneditableFile';
}

const BOM = '\uFEFF';

/**
 * The text with the entries at the end of their lists, and none of ours besides.
 * @param isOurs tells from an entry, as JSON, whether an earlier installation wrote it
 * @throws UneditableFile when it is no JSON object, or what should be a list is none
 */
export function withEntries(
  text: string,
  entries: readonly HookEntry[],
  isOurs: (entry: string) => boolean,
): string {
  if (isInstalled(text, entries, isOurs)) return text;
  let edited = withoutEntries(text, isOurs);
  for (const { event, entry } of entries) {
    const count = listAt(edited, event)?.length;
    edited =
      count === undefined
        ? change(edited, ['hooks', event], [entry])
        : change(edited, ['hooks', event, count], entry, true);
  }
  return edited;
}

/** Whether exactly these entries of ours are there. */
function isInstalled(
  text: string,
  entries: readonly HookEntry[],
  isOurs: (entry: string) => boolean,
): boolean {
  const found = eventsIn(text).flatMap((event) =>
    entriesAt(text, event)
      .map((entry) => JSON.stringify(entry))
      .filter(isOurs)
      .map((entry) => `${event} ${entry}`),
  );
  const wanted = entries.map(({ event, entry }) => `${event} ${JSON.stringify(entry)}`);
  return found.length === wanted.length && wanted.every((each) => found.includes(each));
}

/** The text without our entries, and without the lists that held nothing else. @throws UneditableFile */
export function withoutEntries(text: string, isOurs: (entry: string) => boolean): string {
  let edited = text;
  for (const event of eventsIn(text)) {
    for (const place of besideOthers(entriesAt(edited, event), isOurs)) {
      edited = withoutElement(edited, ['hooks', event, ...place]);
    }
    const list = entriesAt(edited, event);
    const ours = [...list.keys()].filter((index) => isOurs(JSON.stringify(list[index])));
    if (ours.length === 0) continue;
    if (ours.length === list.length) edited = change(edited, ['hooks', event], undefined);
    else for (const index of ours.reverse()) edited = withoutElement(edited, ['hooks', event, index]);
  }
  const { hooks } = rootOf(edited);
  const isEmptied = edited !== text && isRecord(hooks) && Object.keys(hooks).length === 0;
  return isEmptied ? change(edited, ['hooks'], undefined) : edited;
}

/** Our hooks in entries that somebody put others into, the last first: of those only ours go. */
function besideOthers(
  list: readonly unknown[],
  isOurs: (entry: string) => boolean,
): (readonly [number, 'hooks', number])[] {
  return [...list.entries()]
    .flatMap(([index, entry]) => {
      const hooks = isRecord(entry) && Array.isArray(entry['hooks']) ? (entry['hooks'] as unknown[]) : [];
      const ours = [...hooks.keys()].filter((each) => isOurs(JSON.stringify(hooks[each])));
      return ours.length === hooks.length ? [] : ours.map((each) => [index, 'hooks', each] as const);
    })
    .reverse();
}

/** The entries below `hooks.<event>`; empty when there are none. @throws UneditableFile */
export const entriesAt = (text: string, event: string): readonly unknown[] => listAt(text, event) ?? [];

/** What a field of the file is set to. @throws UneditableFile */
export const valueAt = (text: string, field: string): unknown => rootOf(text)[field];

function listAt(text: string, event: string): readonly unknown[] | null {
  const { hooks } = rootOf(text);
  if (hooks === undefined) return null;
  if (!isRecord(hooks)) throw new UneditableFile('has "hooks" that are no object');
  const list = hooks[event];
  if (list === undefined) return null;
  if (!Array.isArray(list)) throw new UneditableFile(`has "hooks.${event}" that is no list`);
  return list;
}

function eventsIn(text: string): string[] {
  const { hooks } = rootOf(text);
  return isRecord(hooks) ? Object.keys(hooks).filter((event) => Array.isArray(hooks[event])) : [];
}

function rootOf(text: string): Readonly<Record<string, unknown>> {
  const errors: ParseError[] = [];
  const root: unknown = parse(text.replace(BOM, ''), errors, { allowTrailingComma: true });
  if (errors.length > 0 || !isRecord(root)) throw new UneditableFile('is no JSON object');
  return root;
}

/** The text without an element of a list, and without the comma that parted it from its neighbour. */
function withoutElement(text: string, path: readonly (string | number)[]): string {
  const bom = text.startsWith(BOM) ? BOM : '';
  const body = text.slice(bom.length);
  const root = parseTree(body, [], { allowTrailingComma: true });
  const element = root && findNodeAtLocation(root, [...path]);
  const siblings = element?.parent?.children ?? [];
  if (element === undefined) return text;
  const index = siblings.indexOf(element);
  const [previous, next] = [siblings[index - 1], siblings[index + 1]];
  const from = next === undefined && previous !== undefined ? endOf(previous) : element.offset;
  return bom + body.slice(0, from) + body.slice(next?.offset ?? endOf(element));
}

const endOf = ({ offset, length }: Node): number => offset + length;

function change(text: string, path: (string | number)[], value: unknown, isInsertion = false): string {
  const bom = text.startsWith(BOM) ? BOM : '';
  const body = text.slice(bom.length);
  const formattingOptions = layoutOf(body);
  const edits = modify(body, path, value, { formattingOptions, isArrayInsertion: isInsertion });
  return bom + applyEdits(body, edits);
}

/** As the file is laid out already; two blanks where it does not say. */
function layoutOf(text: string): FormattingOptions {
  const indent = /\n([ \t]+)\S/.exec(text)?.[1] ?? '  ';
  const insertSpaces = !indent.startsWith('\t');
  return {
    insertSpaces,
    tabSize: insertSpaces ? indent.length : 4,
    eol: text.includes('\r\n') ? '\r\n' : '\n',
  };
}

/**
 * A TOML text in which a table has a line that sets a switch to true; the same text when it is set so already.
 * @throws UneditableFile when the switch is set to something else
 */
export function withSwitch(text: string, table: string, line: string): string {
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const lines = text.split(/\r?\n/);
  const key = line.split('=', 1)[0]?.trim() ?? '';
  const header = lines.findIndex((each) => new RegExp(`^\\s*\\[\\s*${table}\\s*\\]\\s*(#.*)?$`).test(each));
  const setting = new RegExp(`^\\s*(?:${table}\\.)?"?${key}"?\\s*=\\s*(\\S+)`);
  const end = lines.findIndex((each, index) => index > header && /^\s*\[/.test(each));
  const inTable = header === -1 ? [] : lines.slice(header + 1, end === -1 ? undefined : end);
  const dotted = lines.filter((each) => new RegExp(`^\\s*${table}\\.${key}\\s*=`).test(each));
  const value = [...inTable, ...dotted]
    .map((each) => setting.exec(each)?.[1])
    .find((each) => each !== undefined);
  const [, inline] = lines.map((each) => new RegExp(`^\\s*${table}\\s*=(.*)`).exec(each)).find(Boolean) ?? [];
  if (value === 'true' || (inline !== undefined && new RegExp(`\\b${key}\\s*=\\s*true\\b`).test(inline)))
    return text;
  if (inline !== undefined) throw new UneditableFile(`has "${table}" on one line: add "${line}" there first`);
  if (value !== undefined) throw new UneditableFile(`sets ${table}.${key} to ${value}: set it to true first`);
  if (header !== -1) return lines.toSpliced(header + 1, 0, line).join(eol);
  const gap = text === '' ? '' : text.endsWith('\n') ? eol : eol + eol;
  return `${text}${gap}[${table}]${eol}${line}${eol}`;
}
