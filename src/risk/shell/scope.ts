/** What a shell remembers while a script is read: variables, functions, aliases, directory. */
import type { CommandNode, CompoundList } from 'unbash';
import type { Excerpt } from '../excerpt.js';
import { arrayOf, type Value } from './argument.js';

/** A function's body and the text in which its positions count. */
export interface FunctionBody {
  readonly body: CommandNode | CompoundList;
  readonly text: Excerpt;
}

const CONVENTIONAL: ReadonlyMap<string, Value> = new Map(
  Object.entries({ HOME: '~', TMPDIR: '/tmp/scratch', IFS: ' \t\n' }).map(([name, text]) => [
    name,
    { text, known: true, taint: 'none' },
  ]),
);

const POSITIONAL_MAX = 64;

export class Scope {
  readonly variables: Map<string, Value>;
  readonly functions: Map<string, FunctionBody>;
  readonly aliases: Map<string, string>;
  /** Functions that are being run, so that one that starts itself again is noticed. */
  readonly running: Set<string>;

  constructor(
    public directory: string,
    parent?: Scope,
  ) {
    this.variables = new Map(parent?.variables ?? CONVENTIONAL);
    this.functions = new Map(parent?.functions);
    this.aliases = new Map(parent?.aliases);
    this.running = new Set(parent?.running);
  }

  /** The value of a variable, or undefined when nothing in the script sets it. */
  variable(name: string): Value | undefined {
    if (name === 'PWD') return { text: this.directory, known: true, taint: 'none' };
    return this.variables.get(name);
  }

  /** Sets `$1`, `$2` … and `$@`. */
  setPositional(values: readonly Value[]): void {
    values.slice(0, POSITIONAL_MAX).forEach((value, index) => {
      this.variables.set(String(index + 1), value);
    });
    const all = arrayOf(values);
    this.variables.set('@', all).set('*', all);
  }

  /** A copy for a subshell, whose changes do not come back. */
  fork(): Scope {
    return new Scope(this.directory, this);
  }
}
