/** `countersign assess`: what the risk engine says of a call, for people and for scripts. */

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import type { Proposal, ProposalFile } from '../domain/assessment.js';
import { assessRedacted, defaultRegistry, loadParsers, plainProfile } from '../risk/index.js';
import { explained } from './explained.js';
import { Complaint, paletteFor, print, printJson, visible } from './terminal.js';

interface AssessOptions {
  readonly cwd: string;
  readonly environment?: string;
  readonly production?: boolean;
  /** The argument is a tool call as JSON, and nothing else. */
  readonly tool?: boolean;
  readonly file?: readonly string[];
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
  else print(...explained(assessment, redactedInput, paletteFor(process.stdout, process.env)));
}

async function standardInput(): Promise<string> {
  if (process.stdin.isTTY) return '';
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

/** JSON is `{"name", "input", "server"?}`, alone or as the `tool` of a submission; all else is a command. */
function proposalOf(text: string, options: AssessOptions): Proposal {
  if (options.tool === true && !text.startsWith('{'))
    throw new Complaint('--tool takes a tool call as JSON: {"name": "…", "input": {…}}');
  const environment = options.production === true ? 'production' : options.environment;
  return {
    tool: toolOfText(text, options.tool === true),
    cwd: options.cwd,
    context: environment === undefined ? {} : { environment },
    files: (options.file ?? []).map((path) => fileAt(path, options.cwd)),
  };
}

/** A file as a hook would send it along: by its path from where the call would run. */
function fileAt(path: string, cwd: string): ProposalFile {
  let content: string;
  try {
    content = readFileSync(path, 'utf8');
  } catch {
    throw new Complaint(`cannot read ${visible(path)}`);
  }
  const sha256 = createHash('sha256').update(content, 'utf8').digest('hex');
  const fromThere = path.startsWith('/') ? relative(cwd, path) : path;
  return { path: fromThere.startsWith('..') ? path : fromThere, sha256, content };
}

/** The tool call that a text stands for. @throws Complaint for JSON without a tool's name, and for what must be JSON and is not */
export function toolOfText(text: string, isCall = false): Proposal['tool'] {
  const shell = { name: 'Shell', server: null, annotations: null, input: { command: text } };
  if (!text.startsWith('{')) return shell;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    if (isCall) throw new Complaint('the tool call is no JSON');
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
