/** Judges code that names a control plane or a database and does with it what cannot be read. */
import type { Span } from '../../domain/assessment.js';
import type { Analysis } from '../analysis.js';
import { looksLikeSql } from '../graphql/envelope.js';
import { worstOfAddress } from '../http/control.js';
import type { Literal } from './literals.js';

const DATABASE = /^\w+(?:\+\w+)?:\/\/(?!.*\bhttp)/i;
const WEB = /^(?:https?:\/\/|[\w-]+\.)/i;
const RUNS_STATEMENTS =
  /\b(?:execute\w*|query|run\w*|exec|raw|command|drop\w*|delete\w*|remove\w*|truncate\w*|flush\w*|eval|send\w*)\s*\(/i;
const ONLY_SHOWS = /(?:print|console\.\w+|puts|echo|say)\s*\(?\s*[rbfu]?$/;

interface Code {
  readonly text: string;
  readonly literals: readonly Literal[];
  readonly span: Span;
}

/** A request that was read already says itself what it does; `requested` says whether there was one. */
export function readServices(
  { text: code, literals, span }: Code,
  analysis: Analysis,
  requested: boolean,
): void {
  for (const { text, start } of literals) {
    const worst = worstOfAddress(text);
    if (worst === null || ONLY_SHOWS.test(code.slice(Math.max(0, start - 20), start))) continue;
    const web = WEB.test(text);
    if (web && requested) continue;
    if (!web && DATABASE.test(text) && !hidesStatements(code, literals)) continue;
    analysis.report(worst, { target: 'a service named in code', span, names: [text] });
    return;
  }
}

function hidesStatements(code: string, literals: readonly Literal[]): boolean {
  return RUNS_STATEMENTS.test(code) && !literals.some(({ text }) => looksLikeSql(text));
}
