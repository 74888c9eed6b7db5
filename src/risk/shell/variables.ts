/** Environment variables that name a command which some program will run. */
import { COMMAND_VARIABLES } from '../catalogue/variables.js';
import { changesElsewhere, disturbs, unseen } from '../catalogue/verdicts.js';
import { suspect } from '../suspicion.js';
import type { Value } from './argument.js';
import type { Invocation } from './invocation.js';

const HIDDEN = unseen(
  disturbs('', { verb: 'execute', kind: 'code.exec' }),
  'A variable makes other programs run something that cannot be seen.',
);
const FROM_ANYWHERE = changesElsewhere(
  'A variable makes programs or libraries come from a folder that anybody may write.',
  { verb: 'execute', kind: 'code.exec' },
);
/** `!command` in a setting of git, `| command` or `||- command` for a pager. */
const LEAD = /^\s*(?:!|\|{1,2}-?)\s*/;

type Setter = Pick<Invocation, 'analysis' | 'span' | 'evaluate' | 'shell' | 'directory' | 'place'>;

/** Judges what setting a variable makes other programs run; most variables say nothing. */
export function runVariable(name: string, value: Value, setter: Setter): void {
  if (value.text === '') return;
  const rule = COMMAND_VARIABLES.find(
    ({ name: named, value: held }) => named.test(name) && held?.test(value.text) !== false,
  );
  if (rule === undefined) return;
  const { analysis, span, shell } = setter;
  const details = { target: `variable ${name}`, span };
  if (rule.holds === 'prompt') shell.runAsPrompt(value);
  else if (rule.holds === 'folders') analysis.report(FROM_ANYWHERE, details);
  else if (rule.holds === 'setting') suspect(analysis, () => runLine(value, setter));
  else if (rule.holds === 'code' || !value.known) {
    analysis.report(HIDDEN, details);
    runNamed(value, setter);
  } else runLine(value, setter);
}

/** A file that every shell reads first. */
function runNamed(value: Value, setter: Setter): void {
  const content = value.printed ?? setter.analysis.files.content(value.text, setter);
  if (content === undefined) return;
  for (const text of content.known ? [content] : (content.perhaps ?? []))
    suspect(setter.analysis, () => runLine(text, setter));
}

function runLine(value: Value, { evaluate, span }: Setter): void {
  evaluate({ ...value, text: value.text.replace(LEAD, '') }, '', span, { positional: [], stdin: null });
}
