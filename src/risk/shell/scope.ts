/** What a shell remembers while a script is read: variables, functions, aliases, directory. */
import type { CommandNode, CompoundList } from 'unbash';
import type { Excerpt } from '../excerpt.js';
import { arrayOf, type Value } from './argument.js';

/** A function's body and the text in which its positions count. */
export interface FunctionBody {
  readonly body: CommandNode | CompoundList;
  readonly text: Excerpt;
}

const CONVENTIONAL: Readonly<Record<string, string>> = {
  HOME: '~',
  TMPDIR: '/tmp/scratch',
  IFS: ' \t\n',
};

const POSITIONAL_MAX = 64;

export class Scope {
  readonly variables = new Map<string, Value>();
  readonly functions = new Map<string, FunctionBody>();
  readonly aliases = new Map<string, string>();
  /** Functions that are being run, so that one that starts itself again is noticed. */
  readonly running = new Set<string>();

  constructor(public directory: string) {
    for (const [name, text] of Object.entries(CONVENTIONAL)) {
      this.variables.set(name, { text, known: true, taint: 'none' });
    }
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
    const copy = new Scope(this.directory);
    for (const [name, value] of this.variables) copy.variables.set(name, value);
    for (const [name, body] of this.functions) copy.functions.set(name, body);
    for (const [name, text] of this.aliases) copy.aliases.set(name, text);
    for (const name of this.running) copy.running.add(name);
    return copy;
  }
}
