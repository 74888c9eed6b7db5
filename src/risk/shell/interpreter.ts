/** Shells that are given a script: `bash -c`, `sh file`, `… | sh`, `source`, `eval`. */
import { SETS_UP_SHELL } from '../catalogue/scripts.js';
import { changesElsewhere, changesLocally, disturbs, escalates, unseen } from '../catalogue/verdicts.js';
import type { Judgement } from '../finding.js';
import { isInSession } from '../paths.js';
import { resolvePath } from '../resolve.js';
import { suspect } from '../suspicion.js';
import { type Argument, EMPTY, parseArguments, unknownValue, type Value } from './argument.js';
import type { Invocation } from './invocation.js';

const RUNS_FETCHED = escalates('It runs code that was fetched from elsewhere.');
const RUNS_DECODED = escalates('It runs code that was decoded a moment before.');
const RUNS_HIDDEN = unseen(
  disturbs('', { verb: 'execute', kind: 'code.exec' }),
  'It runs text that cannot be seen.',
);
const RUNS_SCRIPT = unseen(
  changesLocally('', 'execute'),
  'It runs a script of the workspace that was not sent along.',
);
const RUNS_FAR_SCRIPT = unseen(
  changesElsewhere('', { verb: 'execute', kind: 'code.exec' }),
  'It runs a script elsewhere that was not sent along.',
);
const RUNS_OUTSIDE = unseen(
  disturbs('', { verb: 'execute', kind: 'code.exec' }),
  'It runs a script from outside the workspace that was not sent along.',
);
const STANDARD_INPUT = /^(?:-|\/dev\/stdin|\/dev\/fd\/0|\/proc\/(?:self|\$\$)\/fd\/0)$/;
const SYNTAX = {
  valueFlags: ['-O', '-o', '+O', '--rcfile', '--init-file'],
  singleDash: false,
  stopAtOperand: true,
};

/** Judges a shell program by what it is told to run. */
export function runInterpreter(invocation: Invocation): Value {
  const { flags, operands } = parseArguments(invocation.args, SYNTAX);
  const [script] = operands;
  if (flags.has('-c'))
    return script === undefined
      ? EMPTY
      : runText(invocation, script, {
          raw: script.raw,
          span: script.span,
          positional: operands.slice(2),
          name: operands[1],
        });
  for (const file of [...(flags.get('--rcfile') ?? []), ...(flags.get('--init-file') ?? [])])
    runFile(invocation, file, []);
  if (flags.has('--version') || flags.has('--help')) return EMPTY;
  if (script !== undefined && !flags.has('-s')) return runFile(invocation, script, operands.slice(1));
  if (invocation.stdin === null) return unknownValue('output');
  // Nobody asks for a prompt where nobody sits, but who gives a shell to another host.
  if (flags.has('-i') && !invocation.stdin.known) reported(invocation, RUNS_FETCHED, invocation.span);
  return runText({ ...invocation, stdin: null }, invocation.stdin, {
    raw: '',
    span: invocation.span,
    positional: operands,
  });
}

/** `source file` and `eval text`: they run in the same shell. */
export function runSource(invocation: Invocation): Value {
  const [word] = invocation.args;
  if (word === undefined) return EMPTY;
  return invocation.name === 'eval'
    ? runText(invocation, word, { raw: word.raw, span: word.span })
    : runFile(invocation, word);
}

/** Where a script stands, and the arguments it is given when it runs in a shell of its own. */
interface Script {
  readonly raw: string;
  readonly span: Argument['span'];
  readonly positional?: readonly Argument[];
  /** `$0`. */
  readonly name?: Argument | undefined;
}

/** Judges a text that a shell runs. */
export function runText(invocation: Invocation, text: Value, { raw, span, positional, name }: Script): Value {
  if (text.taint === 'fetched') return reported(invocation, RUNS_FETCHED, span);
  if (text.taint === 'decoded') reported(invocation, RUNS_DECODED, span);
  runPerhaps(invocation, text, { raw, span, ...(positional === undefined ? {} : { positional }) });
  if (!text.known)
    return text.taint === 'decoded' ? unknownValue('output') : reported(invocation, RUNS_HIDDEN, span);
  return invocation.evaluate(
    text,
    raw,
    span,
    positional === undefined
      ? undefined
      : { positional, stdin: invocation.stdin, ...(name === undefined ? {} : { name }) },
  );
}

function runFile(invocation: Invocation, script: Argument, positional?: readonly Argument[]): Value {
  if (script.taint === 'fetched') return reported(invocation, RUNS_FETCHED, script.span);
  const place = { raw: '', span: script.span };
  const read = positional === undefined ? place : { ...place, positional };
  if (script.printed !== undefined) return runText(invocation, script.printed, read);
  if (script.taint === 'decoded') return reported(invocation, RUNS_DECODED, script.span);
  if (!script.known) return reported(invocation, RUNS_HIDDEN, script.span);
  if (STANDARD_INPUT.test(script.text)) {
    return invocation.stdin === null
      ? EMPTY
      : runText(invocation, invocation.stdin, { raw: '', span: invocation.span });
  }
  const content = invocation.analysis.files.content(script.text, invocation);
  if (content?.known === true || (content !== undefined && content.taint !== 'none'))
    return runText(invocation, content, read);
  runPerhaps(invocation, content, read);
  return reported(invocation, unseenScript(script, invocation), script.span, `script ${script.text}`);
}

/** What an unseen script counts as, by where it lies. */
function unseenScript({ text }: Argument, { analysis, directory, place }: Invocation): Judgement {
  if (place !== 'here') return RUNS_FAR_SCRIPT;
  if (isInSession(analysis, text, directory)) return RUNS_SCRIPT;
  return SETS_UP_SHELL.test(resolvePath(text, directory)) ? RUNS_FAR_SCRIPT : RUNS_OUTSIDE;
}

/** A text that may stand there instead of the one that cannot be seen, or that is expected. */
function runPerhaps(invocation: Invocation, text: Value | undefined, script: Script): void {
  for (const one of text?.perhaps ?? []) {
    suspect(invocation.analysis, () => {
      runText(invocation, one, { ...script, raw: '' });
    });
  }
}

function reported(
  invocation: Invocation,
  judgement: Judgement,
  span: Argument['span'],
  target = `shell ${invocation.name}`,
): Value {
  invocation.analysis.report(judgement, { target, span });
  return unknownValue('output');
}
