/** Environment variables that name a command which some program will run. */
import { COMMAND_VARIABLES } from '../catalogue/variables.js';
import { disturbs, unseen } from '../catalogue/verdicts.js';
import type { Value } from './argument.js';
import type { Invocation } from './invocation.js';

const HIDDEN = unseen(
  disturbs('', { verb: 'execute', kind: 'code.exec' }),
  'A variable makes other programs run something that cannot be seen.',
);

/** Judges what setting a variable makes other programs run; most variables say nothing. */
export function runVariable(
  name: string,
  value: Value,
  { analysis, span, evaluate, shell }: Pick<Invocation, 'analysis' | 'span' | 'evaluate' | 'shell'>,
): void {
  const role = COMMAND_VARIABLES.find((rule) => rule.name.test(name))?.holds;
  if (role === undefined || value.text === '') return;
  if (role === 'prompt') shell.runAsPrompt(value);
  else if (role === 'code' || !value.known) analysis.report(HIDDEN, { target: `variable ${name}`, span });
  else evaluate(value, '', span, { positional: [], stdin: null });
}
