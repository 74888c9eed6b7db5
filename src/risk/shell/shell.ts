/** Reads shell scripts: walks the syntax tree in order and hands every simple command on to be judged. */
import {
  type AndOr,
  type Command,
  type CommandNode,
  type CompoundList,
  type For,
  type Function as FunctionNode,
  forEachChild,
  type ParsedScript,
  type Pipeline,
  type PipelineNode,
  parse,
  type Select,
  type Statement,
  type SyntaxNode,
  type Word,
} from 'unbash';
import type { Span } from '../../domain/assessment.js';
import type { Analysis, Place, Reading } from '../analysis.js';
import { PROGRAMS } from '../catalogue/programs.js';
import { type Excerpt, nestedText, without } from '../excerpt.js';
import { suspect } from '../suspicion.js';
import { alsoAsItLooks } from './appearance.js';
import { type Argument, argumentOf, EMPTY, sequence, unknownValue, type Value } from './argument.js';
import { assigned } from './assignment.js';
import { dispatch } from './dispatch.js';
import { expandNumber, expandTest, expandText, expandWord } from './expansion.js';
import { type Invocation, NOTHING_GIVEN, type ShellState } from './invocation.js';
import { GIVES_SHELL, STARTS_ITSELF, UNPARSEABLE } from './judgements.js';
import { memoryOf } from './memory.js';
import { isBackground, mayRunBeside, Order, type Perhaps } from './order.js';
import { isShellOnLine, receiversOf } from './receiver.js';
import { Redirections } from './redirection.js';
import { Scope } from './scope.js';
import type { Expander } from './substitution.js';
import { runVariable } from './variables.js';

const LOOP_ROUNDS_MAX = 12;
/** Shells drop it, wherever it stands. */
const NUL = '\0';
/** Reads a shell text and reports what it would do. */
export function readShell(text: Excerpt, reading: Reading, analysis: Analysis): void {
  const walker = new ShellWalker(analysis, without(NUL, text), new Scope(reading.directory), reading.place);
  walker.script(reading.stdin ?? null);
}

class ShellWalker {
  private readonly expander: Expander;
  private readonly memory: ShellState;
  private readonly order: Order;
  private readonly redirections: Redirections;
  /** What stands in `>(…)` runs when it is known what it is fed. */
  private readonly receiving = new Set<ParsedScript>();
  /** What runs goes on while the next commands do. */
  private isBeside = false;

  constructor(
    private readonly analysis: Analysis,
    private readonly text: Excerpt,
    private readonly scope: Scope,
    private readonly place: Place,
  ) {
    this.expander = {
      scope,
      bounds: analysis.bounds,
      substitute: (script, stdin) =>
        this.receiving.has(script) ? EMPTY : this.substitution(script, stdin ?? null),
    };
    this.memory = memoryOf(this.expander);
    this.order = new Order(analysis);
    this.redirections = new Redirections(analysis, text, this.expander, place);
  }

  /** Parses and runs the whole text. */
  script(stdin: Value | null): Value {
    this.analysis.bounds.checkLength(this.text.text);
    this.analysis.bounds.checkNesting(this.text.text);
    const script = parse(this.text.text);
    this.reportErrors(script);
    if (mayRunBeside(this.text.text))
      this.order.rehearse(this.scope, (scope) => this.within(scope).statements(script.commands, stdin));
    return alsoAsItLooks(script, this.text.text, {
      run: (statements) => this.statements(statements, stdin),
      look: (plain, from, until) => {
        // Both readings see the same variables, so that either may use what the other sets.
        const looks = nestedText(plain, this.text.locate(from, until), '');
        const walker = new ShellWalker(this.analysis, looks, this.scope, this.place);
        suspect(this.analysis, () => this.analysis.bounds.deeper(() => walker.script(stdin)));
      },
    });
  }

  private reportErrors(script: ParsedScript): void {
    if (script.errors === undefined || script.errors.length === 0) return;
    const span = this.text.locate(script.pos, script.end);
    this.analysis.report(UNPARSEABLE, { target: 'shell text', span });
  }

  private substitution(script: ParsedScript, stdin: Value | null = null): Value {
    this.reportErrors(script);
    const nested =
      script.source === undefined
        ? this.text
        : nestedText(script.source, this.text.locate(script.pos, script.end), '');
    const inner = new ShellWalker(this.analysis, nested, this.scope.fork(), this.place);
    return this.analysis.bounds.deeper(() => inner.statements(script.commands, stdin));
  }

  private statements(list: readonly Statement[], stdin: Value | null): Value {
    let output: Value = EMPTY;
    for (const statement of list) {
      const beside = isBackground(statement);
      const walker = beside ? this.fork() : this;
      if (beside) walker.isBeside = true;
      output = sequence(output, walker.node(statement.command, stdin));
    }
    return output;
  }

  private node(node: PipelineNode | AndOr | CompoundList, stdin: Value | null): Value {
    this.analysis.bounds.step();
    switch (node.type) {
      case 'Command':
        return this.command(node, stdin);
      case 'Pipeline':
        return this.pipeline(node, stdin);
      case 'AndOr':
        return this.chain(node, stdin);
      case 'CompoundList':
        return this.statements(node.commands, stdin);
      case 'Subshell':
        return this.fork().statements(node.body.commands, stdin);
      case 'BraceGroup':
        return this.statements(node.body.commands, stdin);
      case 'Redirected':
        return this.redirections.around(node.redirects, stdin, (input) => this.node(node.command, input));
      case 'For':
      case 'Select':
        return this.loop(node, stdin);
      case 'Function':
        this.define(node);
        return EMPTY;
      case 'Coproc':
        return this.node(node.body, stdin);
      case 'While':
      case 'ArithmeticFor':
        this.order.rehearse(this.scope, (scope) => this.within(scope).parts(node, stdin));
        return this.parts(node, stdin);
      default:
        return this.parts(node, stdin);
    }
  }

  /** `a && b || c`: what comes after the first command that may fail runs perhaps. */
  private chain({ commands, operators }: AndOr, stdin: Value | null): Value {
    let output: Value = EMPTY;
    let perhaps: Perhaps | null = null;
    for (const [index, command] of commands.entries()) {
      output = sequence(output, this.node(command, stdin));
      if (operators[index - 1] === '||') perhaps?.settle();
      if (!this.order.isSure(command, this.scope)) perhaps ??= this.order.perhaps(this.scope);
    }
    perhaps?.settle();
    return output;
  }

  /** `if`, `while`, `case` and tests: every branch may run, so every branch counts. */
  private parts(node: SyntaxNode, stdin: Value | null): Value {
    let output: Value = EMPTY;
    const perhaps = this.order.perhaps(this.scope);
    forEachChild(node, (child) => {
      output = sequence(output, this.part(child, stdin));
      perhaps.settle();
    });
    return output;
  }

  private part(child: SyntaxNode, stdin: Value | null): Value {
    this.analysis.bounds.step();
    if (child.type === 'ArithmeticCommandExpansion' || child.type === 'CommandExpansion')
      return child.script === undefined ? EMPTY : this.substitution(child.script);
    if (child.type === 'CompoundList') return this.statements(child.commands, stdin);
    if (child.type === 'Word') expandWord(child, this.expander);
    else if (child.type === 'ArithmeticWord') expandNumber(child, this.expander);
    else if (child.type === 'TestUnary' || child.type === 'TestBinary') expandTest(child, this.expander);
    else return this.parts(child, stdin);
    return EMPTY;
  }

  private fork(): ShellWalker {
    return this.within(this.scope.fork());
  }

  private within(scope: Scope): ShellWalker {
    return new ShellWalker(this.analysis, this.text, scope, this.place);
  }

  private pipeline(node: Pipeline, stdin: Value | null): Value {
    const flow = (): Value | null =>
      node.commands.reduce<Value | null>((flowing, next) => this.fork().node(next, flowing), stdin);
    if (node.commands.length > 1) this.order.rehearse(this.scope, flow);
    return flow() ?? EMPTY;
  }

  private define(node: FunctionNode): void {
    const name = expandText(node.name, this.expander).text;
    const body = node.body as CommandNode | CompoundList;
    this.scope.functions.set(name, { body, text: this.text });
  }

  /** A loop over known words runs once for each of them; over unknown ones, once with an unknown. */
  private loop(node: For | Select, stdin: Value | null): Value {
    this.order.rehearse(this.scope, (scope) => this.within(scope).rounds(node, stdin));
    return this.rounds(node, stdin);
  }

  private rounds(node: For | Select, stdin: Value | null): Value {
    const name = node.name.value;
    const words = node.wordlist?.flatMap((word) => expandWord(word, this.expander)) ?? [unknownValue('$@')];
    let output: Value = EMPTY;
    for (const value of words.slice(0, LOOP_ROUNDS_MAX)) {
      this.scope.variables.set(name, value);
      output = sequence(output, this.statements(node.body.commands, stdin));
    }
    if (words.length > LOOP_ROUNDS_MAX) {
      this.scope.variables.set(name, unknownValue(`$${name}`));
      this.statements(node.body.commands, stdin);
    }
    return output;
  }

  private command(node: Command, stdin: Value | null): Value {
    const environment = new Map<string, Value>();
    for (const part of node.prefix) {
      if (part.type === 'Assignment') environment.set(part.name, assigned(part, this.expander));
    }
    const receivers = receiversOf(node);
    for (const script of receivers) this.receiving.add(script);
    const words = this.words(node);
    const span = this.text.locate(node.pos, node.end);
    return this.redirections.around(node.redirects, stdin, (input) => {
      for (const script of receivers) this.feed(script, words, input);
      // After `exec >file` it is the commands that follow that write into the file.
      if (isShellOnLine(words[0], node.redirects))
        this.analysis.report(GIVES_SHELL, { target: 'a shell on a connection', span });
      const turned = words[0]?.text === 'exec' && node.redirects.length > 0;
      if (turned) this.analysis.files.doubtWriting();
      if (words.length > 0) {
        const output = this.run(words, input, { environment, span });
        return turned ? unknownValue('$OUTPUT') : output;
      }
      for (const [name, value] of environment) {
        this.scope.variables.set(name, value);
        runVariable(name, value, this.invocation(this.place, span));
      }
      // `$(<file)` is what the file holds.
      return environment.size === 0 ? (input ?? EMPTY) : EMPTY;
    });
  }

  /** `tee >(sh)`: what is piped into the command goes on into the substitution, as it is or changed. */
  private feed(script: ParsedScript, [name]: readonly Argument[], input: Value | null): void {
    this.receiving.delete(script);
    const isSame = name === undefined || /(?:^|\/)(?:tee|pee|cat|sponge)$/.test(name.text);
    const changed =
      input?.known === true ? { ...unknownValue('text', input.taint), perhaps: [input] } : input;
    this.substitution(script, isSame ? input : changed);
  }

  private words(node: Command): readonly Argument[] {
    const list: Argument[] = [];
    if (node.name !== undefined) list.push(...this.arguments(node.name));
    for (const part of node.args) {
      if (part.type === 'Word') list.push(...this.arguments(part));
      else {
        const value = assigned(part, this.expander);
        const raw = part.text;
        list.push({
          ...value,
          text: `${part.name}=${value.text}`,
          raw,
          span: this.text.locate(part.pos, part.end),
        });
      }
    }
    return list;
  }

  private arguments(word: Word): readonly Argument[] {
    const span = this.text.locate(word.pos, word.end);
    return expandWord(word, this.expander).map((value) =>
      argumentOf(
        value.text.endsWith('\r') ? { ...value, text: value.text.slice(0, -1) } : value,
        span,
        word.text,
      ),
    );
  }

  private run(
    words: readonly Argument[],
    stdin: Value | null,
    context: {
      environment: ReadonlyMap<string, Value>;
      span: Span;
      place?: Place;
    },
  ): Value {
    this.analysis.bounds.step();
    const [name] = words;
    if (name === undefined) return EMPTY;
    const args = words.slice(1);
    const place = context.place ?? this.place;
    const own = name.known ? this.callOwn(name, args, stdin) : null;
    if (own !== null && !PROGRAMS.has(name.text)) return own;
    const perhaps = own === null ? null : this.order.perhaps(this.scope);
    const { environment, span } = context;
    const invocation = this.invocation(place, span, { args, stdin, environment });
    for (const [variable, value] of context.environment) runVariable(variable, value, invocation);
    // A name of its own may hide a program, or be hidden by it: behind `command`, in a subshell. Both count.
    const real = this.analysis.bounds.deeper(() => dispatch(name, invocation));
    perhaps?.settle();
    return own ?? real;
  }

  /** A function or an alias that the script itself defines. */
  private callOwn(name: Argument, args: readonly Argument[], stdin: Value | null): Value | null {
    const body = this.scope.functions.get(name.text);
    if (body !== undefined) {
      const inner = new ShellWalker(this.analysis, body.text, this.scope.fork(), this.place);
      inner.scope.functions.delete(name.text);
      inner.scope.running.add(name.text);
      inner.scope.setPositional(args);
      const output = this.analysis.bounds.deeper(() => inner.node(body.body, stdin));
      this.scope.directory = inner.scope.directory;
      return output;
    }
    if (this.scope.running.has(name.text) && (stdin !== null || this.isBeside)) {
      this.analysis.report(STARTS_ITSELF, { target: `function ${name.text}`, span: name.span });
    }
    const alias = this.scope.aliases.get(name.text);
    if (alias === undefined) return this.callMissing(name, args, stdin);
    const command = [alias, ...args.map((arg) => arg.raw)].join(' ');
    const inner = new ShellWalker(
      this.analysis,
      nestedText(command, name.span, ''),
      this.scope.fork(),
      this.place,
    );
    inner.scope.aliases.delete(name.text);
    return this.analysis.bounds.deeper(() => inner.script(stdin));
  }

  /** What the script itself wants done where a program is not found. */
  private callMissing(name: Argument, args: readonly Argument[], stdin: Value | null): null {
    if (this.scope.functions.size === 0 || PROGRAMS.has(name.text)) return null;
    for (const handler of ['command_not_found_handle', 'command_not_found_handler']) {
      if (name.text === handler || !this.scope.functions.has(handler)) continue;
      this.callOwn({ ...name, text: handler }, [name, ...args], stdin);
    }
    return null;
  }

  /** All but the name, which is known when the program is; made in one piece, since there is one for each command. */
  private invocation(place: Place, span: Span, given = NOTHING_GIVEN): Invocation {
    const { scope } = this;
    return {
      analysis: this.analysis,
      name: '',
      args: given.args,
      stdin: given.stdin,
      environment: given.environment,
      span,
      place,
      directory: scope.directory,
      run: (words, stdin, where) => {
        // What another program runs may fail, and leaves this shell where it is.
        const perhaps = this.order.perhaps(scope);
        const output = this.run(words, stdin, { environment: new Map(), span, place: where });
        perhaps.settle();
        return output;
      },
      evaluate: (code, raw, at, own) => {
        const inner = new ShellWalker(
          this.analysis,
          nestedText(code.text, at, raw),
          own === undefined ? scope : scope.fork(),
          place,
        );
        if (own !== undefined) inner.scope.setPositional(own.positional);
        if (own?.name !== undefined) inner.scope.variables.set('0', own.name);
        return this.analysis.bounds.deeper(() => inner.script(own?.stdin ?? null));
      },
      shell: this.memory,
    };
  }
}
