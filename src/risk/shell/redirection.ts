/** Where a command is fed from and where its output goes. */
import type { HereDoc, ParsedScript, RedirectDescriptor, Redirection } from 'unbash';
import type { Span } from '../../domain/assessment.js';
import type { Analysis, Place } from '../analysis.js';
import type { Excerpt } from '../excerpt.js';
import type { Standing } from '../files.js';
import { sendsOnLine } from '../http/line.js';
import { touch } from '../paths.js';
import { judgeWritten } from '../written.js';
import { type Argument, EMPTY, unknownValue, type Value } from './argument.js';
import { expandParts, expandText } from './expansion.js';
import { receiverOf } from './receiver.js';
import type { Expander } from './substitution.js';

/** A file that something is written into. */
interface Output {
  readonly target: Argument;
  readonly appends: boolean;
  /** What is written is what the command prints. */
  readonly seen: boolean;
}

/** Written over one after the other, as a loop over all files does. */
const EVERYTHING = /^(?:\.\/)?\*{1,2}$|\/\*{1,2}$/;
/** Files that hand on what is written into them. */
const ONWARD = /^\/dev\/(?:stdout|stderr|fd\/\d+|tty)$|^\/proc\/self\/fd\/\d+$/;
const ERRORS = unknownValue('$ERRORS');

export class Redirections {
  constructor(
    private readonly analysis: Analysis,
    private readonly text: Excerpt,
    private readonly expander: Expander,
    private readonly place: Place,
  ) {}

  /** Applies redirections around a command: what it is fed, and where its output goes. */
  around(list: readonly Redirection[], stdin: Value | null, run: (stdin: Value | null) => Value): Value {
    let input = stdin;
    const outputs: Output[] = [];
    const receivers: ParsedScript[] = [];
    for (const redirection of list) {
      const receiver = receiverOf(redirection);
      if (receiver !== null) {
        receivers.push(receiver);
        continue;
      }
      if (redirection.type === 'HereDoc') input = this.hereDocument(redirection);
      else if (redirection.target !== undefined) {
        const value = expandText(redirection.target, this.expander);
        const span = this.text.locate(redirection.target.pos, redirection.target.end);
        if (isLine(value)) this.analysis.sought.add('line');
        if (redirection.type === 'HereString') input = value;
        else if (
          redirection.operator === '<&' &&
          this.analysis.sought.has('line') &&
          /^\d+$/.test(value.text)
        )
          input = unknownValue('what another host sends', 'fetched');
        else if (redirection.operator === '<') input = this.fileInput(value, span);
        else if (redirection.operator === '<>') input = this.readAndWritten(value, span);
        else if (!isDescriptor(redirection.operator, value))
          outputs.push({
            target: { ...value, span, raw: redirection.target.text },
            appends: redirection.operator.includes('>>'),
            seen: carriesOutput(redirection.descriptor),
          });
      }
    }
    const output = run(input);
    for (const target of outputs) this.writeInto(target, target.seen ? output : ERRORS);
    for (const script of receivers) this.expander.substitute(script, output);
    const isTaken =
      receivers.length > 0 || outputs.some(({ seen, target }) => seen && !ONWARD.test(target.text));
    return isTaken ? EMPTY : output;
  }

  /** What is opened for both may be written over from its start. */
  private readAndWritten(value: Value, span: Span): Value {
    if (sendsOnLine({ text: value.text, span }, null, this.analysis))
      return unknownValue(value.text, 'fetched');
    const input = this.fileInput(value, span);
    this.analysis.files.doubt(value.known ? value.text : '$', this.standing());
    return input;
  }

  private writeInto({ target, appends }: Output, output: Value): void {
    const { files } = this.analysis;
    const standing = this.standing();
    if (sendsOnLine(target, output.known ? output.text : null, this.analysis)) return;
    const before = appends && target.known ? files.content(target.text, standing) : undefined;
    this.touch(target, !appends && EVERYTHING.test(target.text) ? 'delete-tree' : 'write');
    const { text: path, span } = target;
    judgeWritten({ path, text: output, standing, span }, this.analysis);
    if (!target.known) files.doubtAll();
    else if (appends) files.append(target.text, standing, output, before);
    else files.write(target.text, standing, output);
  }

  private hereDocument(document: HereDoc): Value {
    const { body } = document;
    return body.parts === undefined
      ? { text: body.text, known: true, taint: 'none' }
      : expandParts(body.parts, this.expander);
  }

  private fileInput(value: Value, span: Span): Value {
    if (value.text.startsWith('$<(')) return value.printed ?? unknownValue(value.text, value.taint);
    this.touch({ ...value, span, raw: value.text }, 'read');
    const content = value.known ? this.analysis.files.content(value.text, this.standing()) : undefined;
    return content ?? unknownValue(`the file ${value.text}`);
  }

  private touch(target: Argument, access: 'read' | 'write' | 'delete-tree'): void {
    if (target.text.startsWith('$<(')) return;
    touch(this.analysis, {
      path: target.text,
      access,
      directory: this.expander.scope.directory,
      place: this.place,
      span: target.span,
    });
  }

  private standing(): Standing {
    return { directory: this.expander.scope.directory, place: this.place };
  }
}

/** `2>file` catches what is said of errors. */
function carriesOutput(descriptor: RedirectDescriptor | undefined): boolean {
  return descriptor === undefined || (descriptor.type === 'FileDescriptor' && descriptor.value === 1);
}

/** A connection to another host. */
function isLine({ text }: Value): boolean {
  return text.startsWith('/dev/') && /^\/dev\/(?:tcp|udp)\//.test(text);
}

/** `2>&1` moves a stream and touches no file. */
function isDescriptor(operator: string, target: Value): boolean {
  return operator.endsWith('&') && /^(?:\d+|-)$/.test(target.text);
}
