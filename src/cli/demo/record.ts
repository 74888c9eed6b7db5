/** Prints one row of the audit record so that a person can read it: five questions, five answers. */

import type { Span } from '../../domain/assessment.js';
import { type Palette, wrap } from '../terminal.js';

const LABEL_WIDTH = 12;
const TEXT_WIDTH = 92;

/** The parts of GET /audit/actions that are shown. */
export interface RecordedAction {
  readonly action_id: string;
  readonly ledger: { readonly revision: number; readonly hash: string };
  readonly proposed: {
    readonly at_ms: number;
    readonly session_id: string | null;
    readonly tool_call: {
      readonly harness: string;
      readonly tool: { readonly name: string; readonly input: unknown };
    } | null;
    readonly assessment: {
      readonly tier: number;
      readonly risk_points: number;
      readonly effects: readonly RecordedEffect[];
    } | null;
  };
  readonly decided: {
    readonly decision: string;
    readonly reason_code: string | null;
    readonly message: string | null;
  };
  readonly authorized: {
    readonly at_ms: number | null;
    readonly holds: readonly { readonly amount: { readonly unit: string; readonly amount: number } }[];
  };
  readonly outcome: { readonly status: string; readonly output_sha256: string | null } | null;
  readonly carried_by: { readonly key_id: string | null; readonly source_ip: string | null };
}

export interface RecordedEffect {
  readonly verb: string;
  readonly target: string;
  readonly radius: string;
  readonly reversible: boolean;
  readonly tier: number;
  readonly points: number;
  readonly reason: string;
  readonly span: Span | null;
}

/** The record as lines, each effect underlined where it stands in the command. */
export function describeAction(action: RecordedAction, paint: Palette): string[] {
  const { proposed, decided } = action;
  const colour = decided.decision === 'DENY' ? paint.red : paint.green;
  const at = new Date(proposed.at_ms).toISOString().slice(11, 23);
  const headline = [decided.decision, decided.reason_code].filter((word) => word !== null).join('  ');
  return [
    `${colour(paint.bold(headline))}${paint.dim(`  ${at} UTC  event ${action.ledger.revision}`)}`,
    ...answered('proposed', proposedLines(action, paint), paint),
    ...answered('decided', decidedLines(action), paint),
    ...answered('authorized', [authorizedLine(action)], paint),
    ...answered('happened', [happenedLine(action)], paint),
    ...answered('authority', [authorityLine(action)], paint),
    ...answered('sealed', [`sha256 ${action.ledger.hash.slice(0, 32)}…`], paint),
  ];
}

/** The lines of one question, its name beside the first. */
function answered(label: string, lines: readonly string[], paint: Palette): string[] {
  return lines.map((line, index) => {
    const name = index === 0 ? label.padEnd(LABEL_WIDTH) : ' '.repeat(LABEL_WIDTH);
    return `  ${paint.dim(name)}${line}`.trimEnd();
  });
}

function proposedLines({ proposed }: RecordedAction, paint: Palette): string[] {
  const { tool_call: call, assessment } = proposed;
  const effects = assessment?.effects ?? [];
  return [
    `${call?.harness ?? 'a client'} asked to run ${call?.tool.name ?? 'a tool'}`,
    ...commandLines(call?.tool.input, effects, paint),
    ...effects.flatMap((effect) => effectLines(effect, paint)),
  ];
}

function effectLines(effect: RecordedEffect, paint: Palette): string[] {
  const reach = effect.radius === 'object' ? [] : [`reaches a whole ${effect.radius}`];
  const undo = effect.reversible || effect.tier === 0 ? [] : ['cannot be undone'];
  const facts = [`tier ${effect.tier}`, `${effect.points} points`, ...reach, ...undo].join(', ');
  return [
    `${paint.bold(`${effect.verb} ${effect.target}`)}`,
    paint.dim(facts),
    ...wrap(effect.reason, TEXT_WIDTH).map(paint.dim),
  ];
}

/** The recorded command, line by line, with a mark below every part that an effect was found in. */
function commandLines(input: unknown, effects: readonly RecordedEffect[], paint: Palette): string[] {
  const command = (input as { command?: unknown } | null)?.command;
  if (typeof command !== 'string') return [JSON.stringify(input)];
  const spans = effects.flatMap(({ span }) => (span?.source === 'input.command' ? [span] : []));
  const colour = effects.some(({ tier }) => tier >= 3) ? paint.red : paint.green;
  let offset = 0;
  return command.split('\n').flatMap((line) => {
    const marks = [...line]
      .map((_char, index) => (isWithin(offset + index, spans) ? '▔' : ' '))
      .join('')
      .trimEnd();
    offset += line.length + 1;
    return marks === '' ? [line] : [line, colour(marks)];
  });
}

const isWithin = (place: number, spans: readonly Span[]): boolean =>
  spans.some(({ start, end }) => place >= start && place < end);

const decidedLines = ({ decided }: RecordedAction): string[] =>
  wrap(decided.message ?? 'nothing stands against it', TEXT_WIDTH);

function authorizedLine({ authorized }: RecordedAction): string {
  if (authorized.at_ms === null) return 'no: nothing was held for it';
  const held = authorized.holds.map(({ amount }) => `${amount.amount} ${amount.unit}`).join(', ');
  return held === '' ? 'yes: it costs nothing, so nothing was held' : `yes, with ${held} held`;
}

function happenedLine({ outcome, authorized }: RecordedAction): string {
  if (authorized.at_ms === null) return 'it never ran';
  if (outcome === null) return 'not reported yet';
  const output =
    outcome.output_sha256 === null ? '' : `, output sha256 ${outcome.output_sha256.slice(0, 16)}…`;
  return outcome.status === 'unknown'
    ? `it ran; Cursor does not say how it ended${output}`
    : `it ${outcome.status}${output}`;
}

const authorityLine = ({ carried_by: by }: RecordedAction): string =>
  `${by.key_id ?? 'an operator'}, from ${by.source_ip ?? 'an unknown address'}`;
