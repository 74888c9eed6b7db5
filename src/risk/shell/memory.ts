/** What builtins do to the shell they run in. */
import { resolvePath } from '../paths.js';
import { runAsName, runAsNumber, runAsPrompt } from './again.js';
import type { ShellState } from './invocation.js';
import type { Expander } from './substitution.js';

/** The state of the shell that an expander belongs to, for its builtins to change. */
export function memoryOf(expander: Expander): ShellState {
  const { scope } = expander;
  return {
    setDirectory: (path) => {
      scope.directory = resolvePath(path, scope.directory);
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
