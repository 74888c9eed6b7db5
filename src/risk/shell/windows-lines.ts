/** Takes texts of PowerShell and of the command interpreter apart: into pipelines, commands and words. */

/** A word as it is meant, and as a POSIX shell would write it. */
export interface Word {
  readonly text: string;
  readonly written: string;
}

export interface Line {
  readonly commands: readonly (readonly Word[])[];
}

const WORDS_MAX = 2_000;
const DEPTH_MAX = 8;
const HOMES = /^(?:userprofile|home|homepath|homedrive)$/i;
/** Words that only steer what runs. */
const STEERS =
  /^(?:if|elseif|else|foreach|for|while|until|do|try|catch|finally|switch|function|filter|param|return|throw|begin|process|end|in)$/i;

export function quoted(text: string): string {
  return /^[\w./:=@%+,-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** A place by its name in the environment; a home folder is known. */
function variable(name: string): string {
  return HOMES.test(name) ? '~' : `"$${name.replace(/\W/g, '_')}"`;
}

/** The words and signs of a text, in order. */
class Collector {
  readonly lines: Line[] = [];
  private commands: Word[][] = [];
  private words: Word[] = [];
  private text = '';
  private written = '';
  private isOpen = false;
  private count = 0;

  add(text: string, written = quoted(text)): void {
    this.text += text;
    this.written += written;
    this.isOpen = true;
  }

  get startsWord(): boolean {
    return !this.isOpen;
  }

  get startsCommand(): boolean {
    return !this.isOpen && this.words.length === 0;
  }

  endWord(): void {
    if (this.isOpen && this.count < WORDS_MAX) {
      this.words.push({ text: this.text, written: this.written });
      this.count += 1;
    }
    this.text = '';
    this.written = '';
    this.isOpen = false;
  }

  endCommand(): void {
    this.endWord();
    if (this.words.length > 0) this.commands.push(this.words);
    this.words = [];
  }

  endLine(): void {
    this.endCommand();
    if (this.commands.length > 0) this.lines.push({ commands: this.commands });
    this.commands = [];
  }
}

/** What takes a part of a text, and what becomes of it. */
interface Token {
  readonly sign: RegExp;
  take(match: RegExpExecArray, into: Collector): void;
}

function collect(text: string, tokens: readonly Token[]): readonly Line[] {
  const into = new Collector();
  let at = 0;
  while (at < text.length) {
    let end = at + 1;
    for (const { sign, take } of tokens) {
      sign.lastIndex = at;
      const match = sign.exec(text);
      if (match === null) continue;
      take(match, into);
      end = at + Math.max(1, match[0].length);
      break;
    }
    at = end;
  }
  into.endLine();
  return into.lines;
}

const REDIRECTS: Token = {
  sign: /(?:[\d*])?>{1,2}(?:&\d)?/y,
  take: ([sign], into) => {
    into.endWord();
    into.add(sign, sign.replace('*', ''));
    into.endWord();
  },
};
const SPACE: Token = { sign: /[ \t\r]+/y, take: (_match, into) => into.endWord() };
const PIPE: Token = { sign: /\|/y, take: (_match, into) => into.endCommand() };

const POWERSHELL: readonly Token[] = [
  { sign: /<#[\s\S]*?#>|(?<=^|[\s;{}|(])#[^\n]*|`\r?\n/y, take: () => undefined },
  SPACE,
  { sign: /&&|\|\||[;\n{}()]/y, take: (_match, into) => into.endLine() },
  PIPE,
  REDIRECTS,
  { sign: /@'\r?\n([\s\S]*?)\r?\n'@/y, take: ([, text = ''], into) => into.add(text) },
  { sign: /'((?:[^']|'')*)'/y, take: ([, text = ''], into) => into.add(slashed(text.replaceAll("''", "'"))) },
  { sign: /"((?:[^"`]|`[\s\S]|"")*)"/y, take: ([, text = ''], into) => addTemplate(text, into) },
  { sign: /`([\s\S])/y, take: ([, text = ''], into) => into.add(text) },
  { sign: /\\"/y, take: () => undefined },
  { sign: /\\+/y, take: (_match, into) => into.add('/') },
  {
    sign: /\$\{?(?:env:|global:|script:)?(\w+)\}?/iy,
    take: ([whole, name = ''], into) => into.add(whole, variable(name)),
  },
  { sign: /&/y, take: (_match, into) => (into.startsCommand ? undefined : into.endLine()) },
  { sign: /,/y, take: (_match, into) => into.endWord() },
  { sign: /[^\s;{}()|'"`\\$&,>]+/y, take: ([text], into) => into.add(text) },
];

function addTemplate(text: string, into: Collector): void {
  const parts = text.replaceAll('""', '"').split(/(\$\{?(?:env:)?\w+\}?)/i);
  into.add('');
  for (const part of parts) {
    const name = /^\$\{?(?:env:)?(\w+)\}?$/i.exec(part)?.[1];
    if (name !== undefined) into.add(part, variable(name));
    else if (part !== '') into.add(slashed(part.replace(/`([\s\S])/g, '$1')));
  }
}

/** A folder is parted by backslashes; in a text of braces they belong to the text. */
function slashed(text: string): string {
  return /[{[]/.test(text) ? text : text.replaceAll('\\', '/');
}

/** The pipelines of a text of PowerShell, those in brackets and blocks beside the others. */
export function powershellLines(text: string, depth = 0): readonly Line[] {
  const lines = collect(text, POWERSHELL).map(({ commands }) => ({ commands: commands.map(steered) }));
  return depth > DEPTH_MAX ? [] : lines.filter(({ commands }) => commands.some((words) => words.length > 0));
}

/** `$x = command` is the command, `if command` too; a text or a value alone is printed. */
function steered(words: readonly Word[]): readonly Word[] {
  const [first, second] = words;
  if (first === undefined) return words;
  if (STEERS.test(first.text) && !/-/.test(first.text)) return steered(words.slice(1));
  if (second?.text === '=' && words.length > 2) return steered(words.slice(2));
  const isName = first.written === quoted(first.text) && /^[.\w~/@:-]/.test(first.text);
  return isName ? words : [{ text: 'echo', written: 'echo' }, ...words];
}

const PROMPT: readonly Token[] = [
  { sign: /\^([\s\S])/y, take: ([, text = ''], into) => into.add(text) },
  SPACE,
  { sign: /&&|\|\||[&\n()]/y, take: (_match, into) => into.endLine() },
  PIPE,
  REDIRECTS,
  { sign: /"([^"]*)"?/y, take: ([, text = ''], into) => addNamed(text, into) },
  { sign: /[^\s&|()<>"^]+/y, take: ([text], into) => addNamed(text, into) },
];

/** `%NAME%` and `!NAME!` stand for variables. */
function addNamed(text: string, into: Collector): void {
  into.add('');
  for (const part of text.replaceAll('\\', '/').split(/([%!]\w+(?::[^%!]*)?[%!])/)) {
    const name = /^[%!](\w+)/.exec(part)?.[1];
    if (name !== undefined && /[%!]$/.test(part)) into.add(part, variable(name));
    else if (part !== '') into.add(part);
  }
}

/** The pipelines of a text of the command interpreter. */
export function promptLines(text: string): readonly Line[] {
  const plain = /^\s*"[^"]*"\s*$/.test(text) ? text.trim().slice(1, -1) : text;
  return collect(plain, PROMPT).map(({ commands }) => ({
    commands: commands.map((words) => {
      const start = words.findLastIndex(({ text: word }) => /^(?:do|exist|not)$/i.test(word));
      const steers = /^@?(?:if|for)$/i.test(words[0]?.text ?? '');
      const skip = steers && start >= 0 ? start + (/^exist$/i.test(words[start]?.text ?? '') ? 2 : 1) : 0;
      return words.slice(skip).map((word, index) => (index === 0 ? bare(word) : word));
    }),
  }));
}

function bare(word: Word): Word {
  const text = word.text.replace(/^@/, '');
  return text === word.text ? word : { text, written: quoted(text) };
}
