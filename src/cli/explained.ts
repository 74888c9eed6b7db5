/** An assessment for people: what a call would do, where in it that stands, and what it costs. */

import type { Assessment, Effect } from '../domain/assessment.js';
import { columns, type Palette, visible } from './terminal.js';
import { underlined } from './underlined.js';

/** As much of an assessment as is shown. */
export type Shown = Pick<
  Assessment,
  'tier' | 'riskPoints' | 'riskClass' | 'actionKind' | 'effects' | 'factors'
>;

/** Its lines. @param input the arguments that the effects' spans point into */
export function explained(assessment: Shown, input: unknown, paint: Palette): string[] {
  const { tier, riskPoints, riskClass, actionKind, effects, factors } = assessment;
  const colour = tier >= 4 ? paint.red : tier >= 2 ? paint.yellow : paint.green;
  const rows = effects.map((effect) => [
    `${effect.verb} ${effect.target}`,
    `tier ${effect.tier}`,
    `${effect.points} points`,
    effect.radius,
    effect.environment,
  ]);
  return [
    `${colour(paint.bold(`${riskPoints} points, tier ${tier}`))}  ${actionKind}, ${riskClass}`,
    '',
    ...columns(rows).flatMap((row, index) => {
      const effect = effects[index];
      return effect === undefined ? [] : [`  ${row}`, ...reasonOf(effect, input, paint)];
    }),
    ...factors.map(({ name, value, reason }) => paint.dim(`  × ${value} ${name}: ${reason}`)),
  ];
}

/** Where it was found, underlined, then why it counts. */
function reasonOf({ span, reason }: Effect, input: unknown, paint: Palette): string[] {
  const why = paint.dim(`      ${visible(reason)}`);
  if (span === null) return [why];
  if (span.source.startsWith('file:'))
    return [paint.dim(`      in ${visible(span.source.slice('file:'.length))}`), why];
  const text = textAt(input, span.source);
  const found = text === null ? null : underlined(text, span.start, span.end);
  return found === null ? [why] : [`      ${found.line}`, `      ${paint.red(found.marks)}`, why];
}

/** The text of the arguments that a path such as `input.args[0].command` leads to. */
function textAt(input: unknown, source: string): string | null {
  const keys = source.split(/[.[\]]+/).filter((key) => key !== '');
  let value: unknown = input;
  for (const key of keys.slice(1)) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return null;
    value = (value as Record<string, unknown>)[key];
  }
  return typeof value === 'string' ? value : null;
}
