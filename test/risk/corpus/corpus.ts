/** The corpus: every call of the files in `calls`, each under the heading that says what to expect of it. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Radius, Tier, Verb } from '../../../src/domain/assessment.js';
import { type CorpusCall, type Expected, readCall, type Sort } from './call.js';

const HEADING = /^= ([0-4])(?:-([0-4]))?(?: ([a-z|]+))?(?: (object|set|collection|system))?$/;

/** Every call, in the order of the files and of their lines. */
export const CORPUS: readonly CorpusCall[] = filesOfCalls().flatMap(readCalls);

export const TUNING: readonly CorpusCall[] = CORPUS.filter((call) => !call.isHeldOut);
export const HELD_OUT: readonly CorpusCall[] = CORPUS.filter((call) => call.isHeldOut);

export const ofSort = (calls: readonly CorpusCall[], sort: Sort): readonly CorpusCall[] =>
  calls.filter((call) => call.sort === sort);

/** The files are beside the sources, whatever folder this was compiled to. */
function filesOfCalls(): readonly string[] {
  let root = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(root, 'package.json'))) root = dirname(root);
  const folder = join(root, 'test', 'risk', 'corpus', 'calls');
  return readdirSync(folder)
    .filter((name) => name.endsWith('.txt'))
    .sort()
    .map((name) => join(folder, name));
}

function readCalls(path: string): readonly CorpusCall[] {
  const subject = basename(path, '.txt');
  const calls: CorpusCall[] = [];
  let expected: Expected | null = null;
  for (const line of readFileSync(path, 'utf8').split('\n')) {
    if (line === '' || line.startsWith('# ')) continue;
    if (line.startsWith('= ')) expected = readHeading(line, subject);
    else if (expected === null) throw new Error(`${subject}: nothing is expected of ${line}`);
    else calls.push(readCall(line, subject, expected));
  }
  return calls;
}

/** `= 3-4 delete|update object`: tiers, then verbs and radius of an effect where they matter. */
function readHeading(line: string, subject: string): Expected {
  const [matched, min, max = min, verbs, radius] = HEADING.exec(line) ?? [];
  if (matched === undefined) throw new Error(`${subject}: no heading is ${line}`);
  return {
    tierMin: Number(min) as Tier,
    tierMax: Number(max) as Tier,
    verbs: (verbs?.split('|') ?? []) as Verb[],
    radius: (radius ?? null) as Radius | null,
  };
}
