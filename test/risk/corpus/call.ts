/** One call of the corpus: what is proposed, and what it is expected to be judged as. */
import { createHash } from 'node:crypto';
import type { Radius, Tier, Verb } from '../../../src/domain/assessment.js';

/**
 * `destructive` calls must be tier 4, `ordinary` ones at most tier 2; what lies between is `felt` by others and
 * has a band of its own.
 */
export type Sort = 'destructive' | 'felt' | 'ordinary';

export interface Expected {
  readonly tierMin: Tier;
  readonly tierMax: Tier;
  /** One of these must be among the effects; none where the list is empty. */
  readonly verbs: readonly Verb[];
  /** The effect reaches at least this far; null where it does not matter. */
  readonly radius: Radius | null;
}

export interface CorpusCall {
  /** The name of the file that holds the call, without its ending. */
  readonly subject: string;
  /** The call as it stands in that file. */
  readonly text: string;
  readonly tool: string;
  readonly input: unknown;
  readonly expected: Expected;
  readonly sort: Sort;
  /** Never looked at while the engine is tuned: its misses are counted and not named. */
  readonly isHeldOut: boolean;
}

/** Of 256, so three calls of ten are held out. */
const HELD_OUT_BELOW = 77;
const LINE_BREAK = /⏎/g;

/** Reads one line of a corpus file: a shell command, or `@Tool {"its":"input"}`. */
export function readCall(text: string, subject: string, expected: Expected): CorpusCall {
  const [, tool, json] = /^@(\S+) (\{.*\})$/.exec(text) ?? [];
  return {
    subject,
    text,
    tool: tool ?? 'Bash',
    input: json === undefined ? { command: text.replace(LINE_BREAK, '\n') } : JSON.parse(json),
    expected,
    sort: sortOf(expected),
    isHeldOut: isHeldOut(text),
  };
}

/** The command of a call that is a line of shell, else null. */
export function commandOf({ text }: CorpusCall): string | null {
  return text.startsWith('@') ? null : text.replace(LINE_BREAK, '\n');
}

function sortOf({ tierMin, tierMax }: Expected): Sort {
  if (tierMin === 4) return 'destructive';
  return tierMax <= 2 ? 'ordinary' : 'felt';
}

/** By the call alone, so that adding or moving calls never moves another across. */
const isHeldOut = (text: string): boolean =>
  (createHash('sha256').update(text).digest()[0] ?? 0) < HELD_OUT_BELOW;
