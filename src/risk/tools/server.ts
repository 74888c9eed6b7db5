/** What a tool of a well-known MCP server counts as by its name; its arguments are read besides. */
import { KNOWN_SERVERS, type KnownServer } from '../catalogue/servers.js';
import { changesElsewhere, reads, rebuilds } from '../catalogue/verdicts.js';
import type { Judgement } from '../finding.js';
import { actOf, wordsOf } from '../naming.js';

const LOOKS = reads('A tool of a known server that only looks.', 'http.get');
const LOCAL = rebuilds('A tool of a known server that works in the workspace or on notes of the agent.');
const EXTERNAL = changesElsewhere('A tool of a known server that writes what can be taken back.');
/** The arguments were read and say all; without any that say something the call counts as an unknown one. */
const BY_ARGUMENTS = rebuilds('What a tool of a known server does stands in its arguments.');

const BY_NAME: ReadonlyMap<string, KnownServer> = new Map(
  KNOWN_SERVERS.flatMap((server) => server.names.map((name) => [name, server] as const)),
);
/** Words that servers are named with and that say nothing of which they are. */
const AFFIXES = /^(?:mcp|server|plugin|claude|ai|official|local|remote|com|io|user|project)$/;

/** The verdict on a tool of a known server, `wasRead` when its arguments said something; null for every other tool. */
export function judgeServerTool(name: string, server: string | null, wasRead: boolean): Judgement | null {
  const parts = /^mcp__(.+?)__(.+)$/.exec(name);
  const named = server ?? parts?.[1];
  if (named === undefined || named === null) return null;
  const known = serverNamed(named);
  const tool = withoutServer(parts?.[2] ?? name, named);
  if (known === undefined || tool === '') return null;
  if (known.byArguments?.test(tool) === true) return wasRead ? BY_ARGUMENTS : null;
  if (known.looks?.test(tool) === true || actOf(tool) === 'read') return changes(tool) ? null : LOOKS;
  if (known.local?.test(tool) === true) return LOCAL;
  return known.external?.test(tool) === true ? EXTERNAL : null;
}

/** `plugin:context7:context7` and `claude.ai Linear` are known by their last word that says something. */
function serverNamed(name: string): KnownServer | undefined {
  const words = wordsOf(name).filter((word) => !AFFIXES.test(word));
  const whole = BY_NAME.get(words.join(''));
  if (whole !== undefined) return whole;
  return [words.at(-1), words[0]]
    .map((word) => BY_NAME.get(word ?? ''))
    .find((server) => server !== undefined && server.wholeName !== true);
}

/** `slack_list_channels` of the server `slack` is `list_channels`. */
function withoutServer(tool: string, server: string): string {
  const own = wordsOf(server).find((word) => tool.toLowerCase().startsWith(word));
  const rest = own === undefined ? tool : tool.slice(own.length).replace(/^[-_ ]+/, '');
  return rest === '' || server === 'git' ? tool : rest;
}

/** A name that begins with a word for looking and goes on with one for deleting, or for a secret, is no mere look. */
function changes(tool: string): boolean {
  const act = actOf(tool);
  return (
    act === 'delete' ||
    act === 'reset' ||
    /secret|token|password|credential|api_?key|env(?:ironment)?[-_]?var/i.test(tool)
  );
}

/** Whether an operation among the arguments says more than that something is looked at, made or changed. */
export function weighs(operation: string): boolean {
  const act = actOf(operation);
  return act === null || act === 'delete' || act === 'reset';
}
