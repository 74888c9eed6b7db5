/** Finds command lines among the texts of a code, whatever the call is named that would run them. */
import type { Span } from '../../domain/assessment.js';
import type { Analysis, Reading } from '../analysis.js';
import { programNamed } from '../catalogue/programs.js';
import { nestedText } from '../excerpt.js';
import { suspect } from '../suspicion.js';
import type { Literal } from './literals.js';

/** Anything by which a code may run a program: names of modules and calls, and quotes that run what they hold. */
const RUNNERS =
  /\b(?:subprocess|sys\.process|os|pty|commands|asyncio|child_process|shelljs|execa|zx|Deno|Bun|Open3|IO|Process|Runtime|ProcessBuilder|System|Kernel|system|exec\w*|spawn\w*|popen\w*|Popen|proc_open|shell_exec|passthru|sh|shell|run|cmd|execute)\b|child|`|%x|\bqx|\bopen\s*\(/;
const QUOTED_WORDS = /(?:%x|%w|\bqx|\bqw|~c)\s*[([{<|!/"]([^)\]}>|!/"\n]{1,400})[)\]}>|!/"]/g;
const TEXTS_MAX = 24;
const TEXT_LENGTH_MAX = 1_000;

interface Code {
  readonly text: string;
  readonly literals: readonly Literal[];
  readonly span: Span;
}

/** Judges every text, and every list of texts, that begins with a program of the catalogue. */
export function readCarried(
  { text: code, literals, span }: Code,
  reading: Reading,
  analysis: Analysis,
): void {
  if (!RUNNERS.test(code)) return;
  const texts = [
    ...literals
      .map(({ text }) => text.replace(/^\s*(?:do shell script|spawn)\s+|[\s|]+$/g, ''))
      .filter((text) => /\s/.test(text)),
    ...[...code.matchAll(QUOTED_WORDS)].map((match) => match[1] ?? ''),
    ...listsOf(code, literals),
    ...[...code.matchAll(/\b(?:exec|spawn)\s+([a-z][\w-]* [^\n;"'[\]]{1,200})/g)].map(
      (match) => match[1] ?? '',
    ),
  ];
  const commands = [...new Set(texts)].filter(beginsWithProgram).slice(0, TEXTS_MAX);
  for (const command of commands) {
    if (
      analysis.findings.some(
        (found) => found.tier >= 4 && found.span === span && found.target.includes(command),
      )
    )
      continue;
    suspect(analysis, () => analysis.read('shell', nestedText(command, span, ''), reading));
  }
}

function beginsWithProgram(text: string): boolean {
  const words = text.trim().split(/[\s;&|()]+/);
  return text.length <= TEXT_LENGTH_MAX && words.slice(0, 6).some((word) => programNamed(word) !== undefined);
}

/** Texts that stand beside each other with nothing but commas, brackets and a name between them, from a program on. */
function listsOf(code: string, literals: readonly Literal[]): readonly string[] {
  const lists: string[][] = [];
  let end = -1;
  for (const { text, start, end: close } of literals) {
    const joined =
      end >= 0 && /^[\s,()[\]{};]*(?:[\w.]+\s*[:=]\s*)?[\s,()[\]{};]*$/.test(code.slice(end, start));
    if (joined) lists.at(-1)?.push(text);
    else lists.push([text]);
    end = close;
  }
  return lists.flatMap((words) => {
    const from = words.findIndex((word) => programNamed(word) !== undefined);
    if (from < 0 || words.length === from + 1) return [];
    const command = words.slice(from);
    // Some take all arguments in one text, as `Process.Start("rm", "-rf x")`.
    return [command.map(quoted).join(' '), ...(command.length === 2 ? [command.join(' ')] : [])];
  });
}

function quoted(word: string): string {
  return /^[\w./:=@-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
