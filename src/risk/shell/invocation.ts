/** One simple command, ready to be judged. */
import type { Span } from '../../domain/assessment.js';
import type { Analysis, Place } from '../analysis.js';
import type { Argument, Value } from './argument.js';

export interface Invocation {
  readonly analysis: Analysis;
  /** The program's name without its directory. */
  readonly name: string;
  readonly args: readonly Argument[];
  /** What is piped or redirected in; null when nothing is. */
  readonly stdin: Value | null;
  /** `NAME=value` before the command. */
  readonly environment: ReadonlyMap<string, Value>;
  readonly span: Span;
  readonly directory: string;
  readonly place: Place;
  /** Runs other words as a command in the same shell, here or elsewhere; returns its output. */
  run(words: readonly Argument[], stdin: Value | null, place: Place): Value;
  /** Runs a text in the same shell, as `eval` does, or in a shell of its own when that is given. */
  evaluate(code: Value, raw: string, span: Span, own?: OwnShell): Value;
  /** Changes the state of the shell itself. */
  readonly shell: ShellState;
}

/** What a new shell starts with. */
export interface OwnShell {
  /** `$1`, `$2` … */
  readonly positional: readonly Value[];
  /** `$0`. */
  readonly name?: Value;
  readonly stdin: Value | null;
}

/** What builtins may do to the shell they run in. */
export interface ShellState {
  setDirectory(path: string): void;
  setPositional(values: readonly Value[]): void;
  setVariable(name: string, value: Value): void;
  setAlias(name: string, command: string): void;
  /** Runs the commands inside an expression, and inside what its variables hold. */
  runAsNumber(expression: Value): void;
  /** Runs the commands inside the subscript of a name. */
  runAsName(name: Value): void;
  /** Runs the commands inside a text that is shown as a prompt. */
  runAsPrompt(text: Value): void;
}

/** Judges one program; returns what it prints, as far as that is known. */
export type ProgramExtractor = (invocation: Invocation) => Value;

/** What a command is given besides its name. */
type Given = Pick<Invocation, 'args' | 'stdin' | 'environment'>;

export const NOTHING_GIVEN: Given = { args: [], stdin: null, environment: new Map() };
