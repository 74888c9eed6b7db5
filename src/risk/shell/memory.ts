/** What builtins do to the shell they run in. */
import { joinPath } from '../resolve.js';
import { runAsName, runAsNumber, runAsPrompt } from './again.js';
import type { ShellState } from './invocation.js';
import type { Scope } from './scope.js';
import type { Expander } from './substitution.js';

const UNSEEN_DIRECTORY = '$DIRECTORY';

/** The state of the shell that an expander belongs to, for its builtins to change. */
export function memoryOf(expander: Expander): ShellState {
  const { scope } = expander;
  return {
    setDirectory: (path) => {
      scope.directory = joinPath(movesElsewhere(path, scope) ? UNSEEN_DIRECTORY : path, scope.directory);
    },
    setVariable: (name, value) => {
      scope.variables.set(name, value);
    },
    setPositional: (values) => {
      scope.setPositional(values);
    },
    setAlias: (name, command) => {
      scope.aliases.set(name, command);
    },
    runAsNumber: (value) => runAsNumber(value, expander),
    runAsName: (value) => runAsName(value, expander),
    runAsPrompt: (value) => runAsPrompt(value, expander),
  };
}

/** `CDPATH` is searched before the current directory, and a home folder is where `HOME` says. */
function movesElsewhere(path: string, scope: Scope): boolean {
  if (path.startsWith('~')) return scope.variable('HOME')?.text !== '~';
  return scope.variable('CDPATH') !== undefined && !/^\.{0,2}\//.test(path);
}
