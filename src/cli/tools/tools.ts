/** `countersign tools`: what is registered in a tenant of the running server. */

import { isRecord, type JsonRecord } from '../../integrations/json.js';
import { toolOfText } from '../assess.js';
import { callServer, connectionOf, type GlobalOptions } from '../connection.js';
import { type Column, listAll, printTable, textCell } from '../listing.js';
import { Complaint, columns, paletteFor, print, printJson } from '../terminal.js';

interface Output extends GlobalOptions {
  readonly json?: boolean;
}

interface ToolOptions extends Output {
  readonly server?: string;
  readonly toolset?: string;
  readonly description?: string;
  readonly kind?: string;
  readonly tier?: string;
  readonly points?: number;
  readonly audience?: string;
  readonly sensitivity?: string;
  readonly regulation?: string;
  readonly reputation?: string;
  readonly hint?: readonly string[];
  readonly requiresApproval?: boolean;
}

const PATH = '/admin/tools';

const COLUMNS: readonly Column[] = [
  { heading: 'id', cell: textCell('tool_id') },
  { heading: 'name', cell: textCell('name') },
  { heading: 'server', cell: textCell('server') },
  { heading: 'toolset', cell: textCell('toolset') },
  { heading: 'kind', cell: textCell('action_kind') },
  { heading: 'tier', cell: textCell('tier'), isNumber: true },
  { heading: 'points', cell: textCell('points'), isNumber: true },
  { heading: 'arguments', cell: hintsCell },
];

function hintsCell({ argument_hints: hints }: JsonRecord): string {
  return Array.isArray(hints)
    ? hints
        .filter(isRecord)
        .map(({ argument, is }) => `${argument}=${is}`)
        .join(' ')
    : '';
}

export async function listTools(tenant: string, options: Output): Promise<void> {
  const tools = await listAll(connectionOf(options), PATH, 'tools', { tenant_id: tenant });
  printTable(tools, COLUMNS, { json: options.json, empty: `No tool is registered in ${tenant}.` });
}

export async function setTool(tenant: string, name: string, options: ToolOptions): Promise<void> {
  const { server, toolset, description, kind, tier, points, hint = [], requiresApproval } = options;
  const profile = Object.fromEntries(
    (['audience', 'sensitivity', 'regulation', 'reputation'] as const).flatMap((factor) =>
      options[factor] === undefined ? [] : [[factor, Number(options[factor])]],
    ),
  );
  const answer = await callServer(connectionOf(options), 'POST', PATH, {
    tenant_id: tenant,
    name,
    ...(server !== undefined && { server }),
    ...(toolset !== undefined && { toolset }),
    ...(description !== undefined && { description }),
    ...(kind !== undefined && { action_kind: kind }),
    ...(tier !== undefined && { tier: Number(tier) }),
    ...(points !== undefined && { points }),
    profile,
    argument_hints: hint.map((text) => {
      const [argument, is] = text.split('=');
      return { argument, is };
    }),
    ...(requiresApproval === true && { requires_approval: true }),
  });
  if (options.json) printJson(answer);
  else print(`${name} is registered in ${tenant} as ${answer['tool_id']}.`);
}

/** By id or by name, where one tool has that name. */
export async function removeTool(
  tenant: string,
  tool: string,
  options: Output & { readonly server?: string },
): Promise<void> {
  const connection = connectionOf(options);
  const tools = await listAll(connection, PATH, 'tools', { tenant_id: tenant });
  const fitting = tools.filter(
    (known) =>
      known['tool_id'] === tool ||
      (known['name'] === tool && (options.server === undefined || known['server'] === options.server)),
  );
  const [found, ...others] = fitting;
  if (found === undefined) throw new Complaint(`no tool ${tool} is registered in ${tenant}`);
  if (others.length > 0)
    throw new Complaint(`${fitting.length} tools are called ${tool}: say which by its id`);
  const query = new URLSearchParams({ tenant_id: tenant });
  const answer = await callServer(connection, 'DELETE', `${PATH}/${String(found['tool_id'])}?${query}`);
  if (options.json) printJson(answer);
  else print(`${tool} is no longer registered in ${tenant}.`);
}

/** What the running server says of a call, by what is registered in the tenant. */
export async function testTool(
  tenant: string,
  call: string,
  options: Output & { readonly cwd: string },
): Promise<void> {
  const { name, server, input } = toolOfText(call.trim());
  const answer = await callServer(connectionOf(options), 'POST', '/gate/assessments', {
    tenant_id: tenant,
    tool: { name, ...(server !== null && { server }), input },
    cwd: options.cwd,
  });
  if (options.json) printJson(answer);
  else print(...described(answer));
}

function described(answer: JsonRecord): string[] {
  const paint = paletteFor(process.stdout, process.env);
  const tier = Number(answer['tier']);
  const colour = tier >= 4 ? paint.red : tier >= 2 ? paint.yellow : paint.green;
  const rows = recordsOf(answer['effects']).map((effect) => [
    `${effect['verb']} ${effect['target']}`,
    `tier ${effect['tier']}`,
    `${effect['points']} points`,
    String(effect['reason']),
  ]);
  return [
    `${colour(paint.bold(`${answer['risk_points']} points, tier ${tier}`))}  ${answer['action_kind']}`,
    ...columns(rows).map((row) => `  ${row}`),
    ...columns(
      recordsOf(answer['factors']).map(({ name, value, reason }) => [`× ${value} ${name}`, String(reason)]),
    ).map((line) => paint.dim(`  ${line}`)),
  ];
}

const recordsOf = (value: unknown): JsonRecord[] => (Array.isArray(value) ? value.filter(isRecord) : []);
