/** Reads a tool call: by what is registered of the tool, by its arguments, and by its name. */
import { kindOfTool } from '../../domain/action-kinds.js';
import type { Tier } from '../../domain/assessment.js';
import type { Analysis } from '../analysis.js';
import type { Provider } from '../catalogue/provider.js';
import { PROVIDERS } from '../catalogue/providers.js';
import type { FieldReading, RegisteredTool } from '../catalogue/tool.js';
import { changesElsewhere, disturbs, unseen } from '../catalogue/verdicts.js';
import type { Judgement } from '../finding.js';
import { judgeMutation } from '../http/judge.js';
import { memo } from '../memo.js';
import { judgeName } from '../naming.js';
import { BASE_POINTS } from '../points.js';
import type { RiskRegistry } from '../registry.js';
import { wildcard } from '../wildcard.js';
import { readField, readRest, readUnregistered } from './fields.js';
import { operationsOf } from './operations.js';
import { asRegisteredTool, ownToolOf } from './own-tool.js';
import { readAsProgram } from './program.js';
import { judgeServerTool, weighs } from './server.js';

const UNREGISTERED = 'Nobody registered this tool, so it counts as one that changes something elsewhere.';
const DESTRUCTIVE_HINT = disturbs('The tool says of itself that it is destructive.', { verb: 'delete' });

/** Reports what a tool call would do. */
export function readTool(analysis: Analysis): void {
  const { tool } = analysis.proposal;
  const registered = registeredTool(analysis);
  if (registered !== undefined) readRegistered(registered, analysis);
  else readUnknown(analysis);
  if (tool.annotations?.destructiveHint === true && highestTier(analysis) < 3) {
    analysis.report(DESTRUCTIVE_HINT, { target: `tool ${tool.name}`, span: null });
  }
}

const patternsOf = memo(({ tools }: RiskRegistry) =>
  tools.map((tool) => ({ tool, fits: wildcard(tool.name) })),
);

function registeredTool({ registry, proposal }: Analysis): RegisteredTool | undefined {
  const { name, server } = proposal.tool;
  const shipped = patternsOf(registry).find(
    ({ tool, fits }) => (tool.server === undefined || tool.server === server) && fits(name),
  )?.tool;
  const own = ownToolOf(registry, proposal.tool);
  return own === undefined ? shipped : asRegisteredTool(own, shipped);
}

/** A registered tool that is called in an unknown way is read like an unknown one. */
function readRegistered(tool: RegisteredTool, analysis: Analysis): void {
  const main = Object.entries(tool.fields ?? {}).find(([, reading]) => DEEDS.has(reading))?.[0];
  const input = recordOf(analysis.proposal.tool.input, main);
  const fields = Object.entries(tool.fields ?? {}).filter(
    ([field, reading]) => isReadable(input, field) || isHere(input[field], reading),
  );
  for (const [field, reading] of fields) {
    const value = isHere(input[field], reading) ? '.' : input[field];
    readField(analysis, { path: `input.${field}`, value, reading, input });
  }
  reportUnreadable(tool, input, analysis);
  if (tool.tier === undefined && fields.length === 0) {
    readUnknown(analysis);
    return;
  }
  if (tool.readsRest === true) readRest(analysis, input, new Map(fields));
  if (tool.tier !== undefined && isLess(analysis, tool.tier, tool.base))
    reportTier(tool, tool.tier, analysis);
}

/** What such an argument says is done. */
const DEEDS: ReadonlySet<FieldReading> = new Set([
  'shell',
  'sql',
  'graphql',
  'code',
  'url',
  'patch',
  'write-path',
  'delete-path',
]);
const UNREADABLE = unseen(
  disturbs('', { verb: 'execute', kind: 'unknown.call' }),
  'An argument is not what this tool takes, so what it does cannot be seen.',
);

/** A command that is an object, or a number: whoever runs it may make a text of it. */
function reportUnreadable(
  tool: RegisteredTool,
  input: Readonly<Record<string, unknown>>,
  analysis: Analysis,
): void {
  for (const [field, reading] of Object.entries(tool.fields ?? {})) {
    const held = Object.hasOwn(input, field) ? input[field] : undefined;
    if (held === undefined || held === null || !DEEDS.has(reading) || isReadable(input, field)) continue;
    analysis.report(UNREADABLE, { target: `argument ${field}`, span: null });
    return;
  }
}

/** Whether nothing was found that costs as much as the tool does by itself. */
function isLess({ findings }: Analysis, tier: Tier, base = BASE_POINTS[tier]): boolean {
  return !findings.some(
    (found) => found.tier > tier || (found.tier === tier && (found.base ?? BASE_POINTS[tier]) >= base),
  );
}

/** A tree that is not named is the current folder. */
function isHere(value: unknown, reading: FieldReading): boolean {
  return reading === 'tree-path' && (value === undefined || value === null || value === '');
}

function isReadable(input: Readonly<Record<string, unknown>>, field: string): boolean {
  const value = Object.hasOwn(input, field) ? input[field] : undefined;
  return (
    typeof value === 'string' || (Array.isArray(value) && value.every((word) => typeof word === 'string'))
  );
}

function reportTier(tool: RegisteredTool, tier: Tier, analysis: Analysis): void {
  const judgement: Judgement = {
    tier,
    verb: tier === 0 ? 'read' : 'update',
    kind: tool.kind ?? 'unknown.call',
    reason: 'The tool is registered with this tier.',
    free: tool.free === true,
    base: tool.base,
  };
  analysis.report(judgement, { target: `tool ${analysis.proposal.tool.name}`, span: null });
}

/** Arguments first; then the name, with the provider whose server it is; never less than tier 2. */
function readUnknown(analysis: Analysis): void {
  const { tool } = analysis.proposal;
  const input = recordOf(tool.input);
  readUnregistered(analysis, input);
  readAsProgram(analysis, input);
  const known = judgeServerTool(tool.name, tool.server, analysis.findings.length > 0);
  const asked = input.all === true || input.everything === true ? [`${tool.name} all`] : [];
  const byName = [...operationsOf(input), ...asked]
    .filter((operation) => known === null || weighs(operation))
    .map((operation) => judgeToolName(tool.name, tool.server, operation))
    .filter((stated) => known === null || stated.tier > 2)
    .reduce(
      (worst, next) => (next.tier > worst.tier ? next : worst),
      known ?? judgeToolName(tool.name, tool.server),
    );
  if (byName.tier <= highestTier(analysis)) return;
  analysis.report(byName, {
    target: `tool ${tool.server === null ? '' : `${tool.server} `}${tool.name}`,
    span: null,
    names: shortTexts(tool.input),
  });
}

function judgeToolName(name: string, server: string | null, stated?: string): Judgement {
  const parts = /^mcp__(.+?)__(.+)$/.exec(name) ?? /^MCP:()(.+)$/.exec(name);
  const operation = stated ?? parts?.[2] ?? name;
  const provider = providerNamed(`${server ?? ''} ${parts?.[1] ?? ''} ${operation}`);
  const kind = kindOfTool(operation);
  const asMutation = operation.replace(/[-_\s]+(\w)/g, (_, letter: string) => letter.toUpperCase());
  const listed =
    provider?.mutations?.some((rule) => rule.field.test(asMutation)) === true
      ? judgeMutation(asMutation, provider)
      : null;
  const judged = listed ?? judgeName(operation);
  if (judged === null || judged.tier < 2)
    return changesElsewhere(UNREGISTERED, { kind: kind?.kind ?? 'unknown.call', verb: 'execute' });
  return kind === undefined || kind.kind === 'unknown.call' || kind.riskClass === 'read_only'
    ? judged
    : { ...judged, kind: kind.kind };
}

function providerNamed(text: string): Provider | null {
  const lower = text.toLowerCase();
  return PROVIDERS.find((provider) => lower.includes(provider.name.toLowerCase())) ?? null;
}

function highestTier(analysis: Analysis): number {
  return analysis.findings.reduce((highest, found) => Math.max(highest, found.tier), -1);
}

/** The arguments of a call; a harness may send them as JSON text, or the one that matters alone. */
export function recordOf(input: unknown, main = 'text'): Readonly<Record<string, unknown>> {
  if (Array.isArray(input) && main !== 'text')
    return { [main]: input.length === 1 ? (input[0] as unknown) : (input as unknown) };
  if (typeof input === 'object' && input !== null) return input as Record<string, unknown>;
  if (typeof input !== 'string') return input === undefined || input === null ? {} : { [main]: input };
  const parsed = parsedJson(parsedJson(input));
  if (typeof parsed === 'object' && parsed !== null) return recordOf(parsed, main);
  return { [main]: typeof parsed === 'string' ? parsed : input };
}

function parsedJson(text: unknown): unknown {
  if (typeof text !== 'string' || !/^\s*["[{]/.test(text)) return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

function shortTexts(input: unknown): readonly string[] {
  return Object.values(recordOf(input))
    .filter((value) => typeof value === 'string')
    .slice(0, 20);
}
