/** Finds code that runs other code: texts it evaluates, and what it fetches or decodes to evaluate. */
import { disturbs, escalates, unseen } from '../catalogue/verdicts.js';
import type { Judgement } from '../finding.js';
import type { Literal } from './literals.js';

const EVALUATES = unseen(
  disturbs('', { verb: 'execute', kind: 'code.exec' }),
  'The code builds and runs other code that cannot be seen.',
);
export const RUNS_FETCHED = escalates('The code decodes or fetches other code and runs it.');

/** Runs a text, or whatever it is given. */
const EVALUATION =
  /(?<![.\w$])(?:eval|Function|__import__|execScript|create_function|loadstring)\s*\(|(?<![.\w$])compile\s*\([^\n]{0,300}["'](?:exec|eval|single)["']|(?:window|globalThis|global|self|builtins|__builtins__)\.(?:eval|exec|Function)\b|\b(?:runIn\w*Context|compileFunction|_compile|instance_eval|class_eval)\s*\(|\bvm\.Script\b|\bconstructor\s*\.\s*constructor\b|["'`]constructor["'`]\s*\]|\bimportlib\s*\(/;
/** In Python it runs code; elsewhere it runs a command. */
const EXEC = /(?<![.\w$])exec\s*\(/;
const RUNS_COMMANDS = /child_process|promisify|execa|shelljs|\brequire\s*\(|\$[a-z_]\w*\s*=|=>|<\?php/;
/** What is evaluated is fetched, decoded or put together on the spot. */
const EVALUATES_MADE =
  /(?<![.\w])(?:eval|exec|Function)\s*\([^\n;]{0,300}(?:urlopen|requests\.get|fetch\s*\(|b64decode|atob\s*\(|Buffer\.from|\bchr\s*\(|\.join\s*\(|\[::-1\]|reversed?\s*\(|unescape\s*\(|\bpack\s*\()/;
/** Hands the function that evaluates to another one, as in `.then(eval)`. */
const HANDED_ON = /[(,]\s*(?:eval|exec|Function)\s*[),]/;
/** `eval EXPRESSION`, where brackets are not needed. */
const BARE = /(?:^|[;{\s])eval\s+(?!\{)[$@\w]/;
/** Builds objects from bytes, and runs what they say. */
const REVIVES =
  /\b(?:c?[pP]ickle|dill|cloudpickle|marshal|jsonpickle)\.(?:loads?|decode)\s*\(|\byaml\.(?:unsafe_load|full_load)\s*\(|\bunserialize\s*\(|\bMarshal\.load\b/;
const FETCHES =
  /\b(?:urlopen|urlretrieve|requests|httpx|aiohttp|fetch|axios|got|undici|https?\.(?:get|request)|URI\.open|open-uri|LWP|HTTP::Tiny|Net::HTTP|file_get_contents\s*\(\s*["']https?|curl_exec|socket|get\s*\(?\s*["']https?:)/;
const DECODES =
  /b64decode|base64|fromCharCode|unhexlify|\batob\s*\(|codecs\.decode|bytes\.fromhex|rot13|decompress|inflateSync|gunzip|Buffer\.from|hex2bin/;
/** Takes its code from an address. */
const LOADS_FROM_ADDRESS =
  /\bimport\s*(?:[\w{}\s,*]{1,200}\sfrom\s*)?\(?\s*["'`]https?:|\b(?:include|require)(?:_once)?\s*\(?\s*["']https?:|["'`]data:(?:text|application)\/javascript/;
/** What stands before a text that is evaluated. */
const IS_EVALUATED =
  /(?<![\w$])(?:eval|exec|Function|compile|execScript|runIn\w*Context|Script|setTimeout|setInterval|instance_eval|class_eval|create_function|loadstring|constructor)\s*\(?\s*(?:(?:"[^"\n]*"|'[^'\n]*')\s*,\s*)?[rbu]?$/;
const TEXTS_MAX = 12;

/** What the code runs that is not in it, or null. */
export function judgeEvaluation(code: string, runsCommands: boolean): Judgement | null {
  if (LOADS_FROM_ADDRESS.test(code) || EVALUATES_MADE.test(code)) return RUNS_FETCHED;
  const evaluates =
    EVALUATION.test(code) ||
    HANDED_ON.test(code) ||
    BARE.test(code) ||
    (EXEC.test(code) && !RUNS_COMMANDS.test(code));
  if (!evaluates && !REVIVES.test(code)) return null;
  if (FETCHES.test(code) || DECODES.test(code)) return RUNS_FETCHED;
  return evaluates && !runsCommands ? EVALUATES : null;
}

/** The texts that the code evaluates itself: they are code, too. */
export function evaluatedTexts(code: string, literals: readonly Literal[]): readonly string[] {
  return literals
    .filter(
      ({ text, start }) =>
        /[(;=]/.test(text) && IS_EVALUATED.test(code.slice(Math.max(0, start - 80), start)),
    )
    .map(({ text }) => text)
    .slice(0, TEXTS_MAX);
}
