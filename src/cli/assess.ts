/** `countersign assess`: what the risk engine says of a call, for people and for scripts. */

import type { Assessment, Effect, Proposal, Span } from '../domain/assessment.js';
import { assessRedacted, defaultRegistry, loadParsers, plainProfile } from '../risk/index.js';
import { Complaint, columns, type Palette, paletteFor, print, printJson, visible } from './terminal.js';

interface AssessOptions {
  readonly cwd: string;
  readonly environment?: string;
  readonly json?: boolean;
}

/** Assesses a shell command or a tool call as JSON. Nothing is asked, recorded or run. */
export async function assessCall(argument: string | undefined, options: AssessOptions): Promise<void> {
  const text = argument ?? (await standardInput());
  if (text.trim() === '') throw new Complaint('nothing to assess: give a command, or JSON on standard input');
  await loadParsers();
  const proposal = proposalOf(text.trim(), options);
  const { assessment, redactedInput } = assessRedacted(proposal, defaultRegistry(), plainProfile());
  if (options.json) printJson({ input: redactedInput, assessment });
  else print(...describe(assessment, redactedInput, paletteFor(process.stdout, process.env)));
}

async function standardInput(): Promise<string> {
  if (process.stdin.isTTY) return '';
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

/** JSON is `{"name", "input", "server"?}`, alone or as the `tool` of a submission; all else is a command. */
function proposalOf(text: string, { cwd, environment }: AssessOptions): Proposal {
  const context: Record<string, string> = environment === undefined ? {} : { environment };
  return { tool: toolOfText(text), cwd, context, files: [] };
}

/** The tool call that a text stands for. @throws Complaint for JSON without a tool's name */
export function toolOfText(text: string): Proposal['tool'] {
  const shell = { name: 'Shell', server: null, annotations: null, input: { command: text } };
  if (!text.startsWith('{')) return shell;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return shell; // A shell group begins with a brace, too.
  }
  const outer = value as { tool?: unknown };
  const tool = (outer.tool ?? value) as { name?: unknown; server?: unknown; input?: unknown };
  if (typeof tool.name !== 'string')
    throw new Complaint('the JSON has no tool name: {"name": "…", "input": {…}}');
  return {
    name: tool.name,
    server: typeof tool.server === 'string' ? tool.server : null,
    annotations: null,
    input: tool.input ?? {},
  };
}

function describe(assessment: Assessment, input: unknown, paint: Palette): string[] {
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
    ...columns(rows).flatMap((row, index) => [`  ${row}`, ...reasonOf(effects[index], input).map(paint.dim)]),
    ...factors.map(({ name, value, reason }) => paint.dim(`  × ${value} ${name}: ${reason}`)),
  ];
}

function reasonOf(effect: Effect | undefined, input: unknown): string[] {
  if (effect === undefined) return [];
  const quoted = effect.span === null ? null : excerptOf(input, effect.span);
  return [`      ${effect.reason}`, ...(quoted === null ? [] : [`      ${quoted}`])];
}

/** The part of the arguments that an effect was found in, on one line. */
function excerptOf(input: unknown, span: Span): string | null {
  const text = span.source
    .split('.')
    .slice(1)
    .reduce<unknown>((value, key) => (value as Record<string, unknown> | null)?.[key], input);
  return typeof text === 'string'
    ? visible(text.slice(span.start, span.end).replace(/\s+/g, ' ').slice(0, 100))
    : null;
}
