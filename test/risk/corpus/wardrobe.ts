/** Dresses the destructive commands of the corpus up, the same way every time, and judges them. */
import { createHash } from 'node:crypto';
import { assessCommand } from '../bench.js';
import { type CorpusCall, commandOf } from './call.js';
import { DISGUISES, type Disguise, type Draw } from './disguises.js';
import { SEEN_FROM } from './measures.js';

export interface Dressed {
  readonly disguise: string;
  readonly original: string;
  readonly command: string;
  readonly points: number;
  /** What it must cost at least: as much as undisguised, or enough to be seen. */
  readonly pointsMin: number;
}

/** Judges each command in some of the disguises that fit it, drawn by the command itself. */
export function judgeDisguised(calls: readonly CorpusCall[], disguisesEach: number): readonly Dressed[] {
  return calls.flatMap((call) => {
    const command = commandOf(call);
    if (command === null) return [];
    const pointsMin = Math.min(SEEN_FROM, assessCommand(command).riskPoints);
    const draw = drawFor(command);
    return pick(DISGUISES, disguisesEach, draw).flatMap((disguise) => {
      const worn = disguise.wear(command, draw);
      return worn === null
        ? []
        : {
            disguise: disguise.name,
            original: command,
            command: worn,
            points: assessCommand(worn).riskPoints,
            pointsMin,
          };
    });
  });
}

export const slipsThrough = ({ points, pointsMin }: Dressed): boolean => points < pointsMin;

/** Some of a list, each at most once, all of it where it is short. */
function pick(disguises: readonly Disguise[], count: number, draw: Draw): readonly Disguise[] {
  if (count >= disguises.length) return disguises;
  const left = [...disguises];
  return Array.from({ length: count }, () => left.splice(draw(left.length), 1)).flat();
}

/** A small generator (mulberry32), seeded by the text. */
function drawFor(seed: string): Draw {
  let state = createHash('sha256').update(seed).digest().readUInt32LE(0);
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** How often each disguise works, where it does at all. */
export function countSlips(dressed: readonly Dressed[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { disguise } of dressed.filter(slipsThrough)) counts[disguise] = (counts[disguise] ?? 0) + 1;
  return counts;
}
