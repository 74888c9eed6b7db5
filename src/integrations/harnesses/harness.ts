/** What a hook needs to know of a harness: how to read its events and how to answer them. */

import { isRecord, type JsonRecord, parseJson, textOf } from '../json.js';

/** A tool call that a harness is about to make. */
export interface PendingCall {
  readonly sessionId: string;
  readonly tool: {
    readonly name: string;
    readonly server: string | null;
    readonly input: unknown;
  };
  readonly cwd: string | null;
  /** The shell command in the input, when there is one: the files it names are sent along. */
  readonly command: string | null;
  /** The harness's own id of the call; null when it has none. */
  readonly callId: string | null;
  /** What the after-event will know the call by. */
  readonly memo: string;
}

/** A tool call that has run. */
export interface FinishedCall {
  readonly memo: string;
  readonly status: 'succeeded' | 'failed' | 'unknown';
  readonly exitCode: number | null;
  readonly error: string | null;
  /** What the tool printed or returned; only its digest leaves the machine. */
  readonly output: string | null;
}

export type HookEvent =
  | { readonly kind: 'before'; readonly call: PendingCall }
  | { readonly kind: 'after'; readonly call: FinishedCall }
  /** Nothing is about to run: there is nothing to decide. */
  | { readonly kind: 'notice' };

/** What a hook prints, and how its process ends. */
export interface HookAnswer {
  /** For standard output. */
  readonly output: string;
  /** For standard error. */
  readonly complaint: string;
  /** 2 blocks wherever an exit code counts; any other but 0 would let the call run. */
  readonly exitCode: 0 | 2;
}

export const printing = (answer: object): HookAnswer => ({
  output: `${JSON.stringify(answer)}\n`,
  complaint: '',
  exitCode: 0,
});
export const SILENCE: HookAnswer = { output: '', complaint: '', exitCode: 0 };
export const blocking = (sentence: string): HookAnswer => ({
  output: '',
  complaint: `${sentence}\n`,
  exitCode: 2,
});

/** What `install` tells a harness, where it can be told. */
export const HARNESS_PATIENCE_MS = 60_000;

export interface Harness {
  /** The name under which it is submitted, and by which the command line knows it. */
  readonly name: string;
  /** How long it waits for its hook as `install` sets it up, in ms; 0 where nobody can tell. */
  readonly patienceMs: number;
  /** The field in which its events say their names. */
  readonly eventField: string;
  /** @throws UnreadableEvent when it cannot tell what would run */
  read(payload: JsonRecord): HookEvent;
  /** The harness's "yes". */
  allow(options: { readonly explicit: boolean }): HookAnswer;
  /** The harness's "no" to the event of that name, else to an ordinary one, with one sentence for the model and the person. */
  deny(sentence: string, event?: string | null): HookAnswer;
  /** The answer to an event that asks nothing. */
  readonly noted: HookAnswer;
}

/** The harness's input does not say what would run. The message is a whole sentence. */
export class UnreadableEvent extends Error {
  override readonly name = 'UnreadableEvent';
}

/** Names under which harnesses send what is about to run, in lower case and in one word. */
const CALL_FIELDS =
  /^(commands?|cmd|script|tool|toolname|toolinput|toolargs|tooluse|toolarguments|tools?calls?|functioncall|arguments)$/;

/**
 * Whether an event that this version does not know has a command or a tool call in it, however deep: it may be the
 * only one that comes before the call runs.
 */
export function carriesCall(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(carriesCall);
  if (!isRecord(value)) return false;
  return Object.entries(value).some(
    ([name, member]) => (isGiven(member) && CALL_FIELDS.test(oneWord(name))) || carriesCall(member),
  );
}

/**
 * Which of the two forms a call has in an event that this version does not know: a command or a tool with its
 * input, and nothing else that may be one; null when it has neither, or anything beside it.
 */
export function formOfCall(payload: JsonRecord): 'command' | 'tool' | null {
  const { command, tool_name: tool, tool_input: input, ...rest } = payload;
  if (carriesCall(rest)) return null;
  if (isText(command) && tool === undefined && input === undefined) return 'command';
  return command === undefined && isText(tool) && (isRecord(input) || isText(input)) ? 'tool' : null;
}

const oneWord = (name: string): string => name.replaceAll(/[_\s-]/g, '').toLowerCase();
const isGiven = (member: unknown): boolean => member !== null && member !== undefined && member !== '';
const isWord = (value: unknown): value is string => typeof value === 'string';
const isText = (value: unknown): boolean => typeof value === 'string' && value !== '';

/** `mcp__railway__volumeDelete` is the tool `volumeDelete` of the server `railway`; null for a tool of the harness. */
export function splitMcpName(full: string): { readonly server: string; readonly name: string } | null {
  const [prefix, server, ...rest] = full.split('__');
  return prefix === 'mcp' && server && rest.length > 0 ? { server, name: rest.join('__') } : null;
}

/**
 * A tool's arguments, which some harnesses send as a JSON text.
 * @throws UnreadableEvent when the text is no JSON, or it says no input of a tool
 */
export function argumentsIn(payload: JsonRecord, field: string, title: string): JsonRecord {
  const input = payload[field];
  if (typeof input !== 'string') return inputOf(input, title);
  const parsed = parseJson(input);
  if (parsed === undefined) throw new UnreadableEvent(`${title}’s ${field} is no JSON.`);
  return inputOf(parsed, title);
}

/**
 * A tool's input by its fields. A text or a list of words in their place is judged as the command that it may be:
 * nothing else would look at what it says.
 * @throws UnreadableEvent when it is nothing of that
 */
export function inputOf(input: unknown, title: string): JsonRecord {
  if (input === undefined || input === null) return {};
  if (isRecord(input)) return input;
  const isCommand = typeof input === 'string' || (Array.isArray(input) && input.every(isWord));
  if (!isCommand) throw new UnreadableEvent(`What ${title} sends is no input of a tool.`);
  return { command: input };
}

/** The shell command among a tool's arguments; some harnesses send it as a list of words. */
export function commandIn(input: unknown): string | null {
  if (!isRecord(input)) return null;
  const { command } = input;
  if (Array.isArray(command)) return command.filter(isWord).join(' ') || null;
  return textOf(input, 'command', 'command_line', 'cmd');
}

/** A field that an event cannot do without. @throws UnreadableEvent when it is missing */
export function requiredText(payload: JsonRecord, names: readonly string[], missing: string): string {
  const text = textOf(payload, ...names);
  if (text === null) throw new UnreadableEvent(missing);
  return text;
}
