/** Which servers `countersign mcp-proxy` stands in front of, from its words, options and configuration file. */

import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { isRecord, type JsonRecord, parseJson, recordOf, textOf } from '../integrations/json.js';
import { openHttpServer } from '../integrations/mcp-proxy/http-server.js';
import type { OpenServer } from '../integrations/mcp-proxy/server.js';
import { openStdioServer } from '../integrations/mcp-proxy/stdio-server.js';
import { Complaint } from './terminal.js';

export interface ServerOptions {
  readonly name?: string;
  readonly to?: string;
  readonly header?: readonly string[];
  readonly config?: string;
}

/** By name. @throws Complaint unless exactly one way to name servers is used, and used well */
export function serversOf(words: readonly string[], options: ServerOptions): Map<string, OpenServer> {
  const { name, to, header = [], config } = options;
  const [command, ...args] = words;
  if ([command, to, config].filter((way) => way !== undefined).length !== 1) {
    throw new Complaint(
      'which server? "countersign mcp-proxy -- <command> [args…]", "--to <url>" or "--config <file>"',
    );
  }
  if (config !== undefined) return configured(config);
  if (command !== undefined) return new Map([[name ?? basename(command), stdio(command, args, {})]]);
  const url = addressOf(to ?? '');
  return new Map([[name ?? url.hostname, http(url, Object.fromEntries(header.map(headerOf)))]]);
}

const stdio =
  (command: string, args: readonly string[], env: Readonly<Record<string, string>>): OpenServer =>
  (listener) =>
    openStdioServer({ command, args, env }, listener);

const http =
  (url: URL, headers: Readonly<Record<string, string>>): OpenServer =>
  (listener) =>
    openHttpServer({ url, headers }, listener);

const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];

function addressOf(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && LOOPBACK.includes(url.hostname));
  if (url === null || !isSafe) {
    throw new Complaint('a server’s address is https; http on this machine only');
  }
  return url;
}

function headerOf(text: string): [string, string] {
  const [, name, value] = /^([\w-]+):\s*(.*)$/.exec(text) ?? [];
  if (name === undefined || value === undefined) throw new Complaint('--header takes "Name: value"');
  return [name, filled(value)];
}

/**
 * `$NAME` and `${NAME}` stand for a variable, which no list of processes and no shared file shows; `$$` for `$`.
 * @throws Complaint for a variable that is not set: a server would be asked with half a secret
 */
const filled = (value: string): string =>
  value.replace(/\$(?:(\$)|\{(\w+)\}|(\w+))/g, (_whole, dollar, braced, bare) => {
    if (dollar !== undefined) return '$';
    const variable = String(braced ?? bare);
    const found = process.env[variable];
    if (found === undefined) throw new Complaint(`the variable ${variable} is not set; "$$" is a plain "$"`);
    return found;
  });

/** Names become prefixes of tool names, and no prefix may be another's beginning. */
const NAME = /^[A-Za-z0-9](?:[A-Za-z0-9.-]|_(?!_))*(?<!_)$/;

function configured(path: string): Map<string, OpenServer> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    throw new Complaint(`cannot read ${path}`);
  }
  const file = parseJson(text);
  const servers = isRecord(file) ? (recordOf(file, 'servers') ?? recordOf(file, 'mcpServers')) : null;
  const entries = Object.entries(servers ?? {});
  if (entries.length === 0) throw new Complaint(`${path} has no {"servers": {"<name>": {…}}}`);
  return new Map(entries.map(([name, entry]) => [name, oneConfigured(name, entry)]));
}

function oneConfigured(name: string, entry: unknown): OpenServer {
  if (!NAME.test(name) || name.length > 64) {
    throw new Complaint(`"${name}" cannot name a server: letters, digits, ".", "-" and single "_"`);
  }
  const command = isRecord(entry) ? textOf(entry, 'command') : null;
  const url = isRecord(entry) ? textOf(entry, 'url') : null;
  if (!isRecord(entry) || (command === null) === (url === null)) {
    throw new Complaint(`server "${name}" needs either a command or a url`);
  }
  if (url !== null) return http(addressOf(url), textsIn(entry, 'headers'));
  const args: unknown = entry['args'] ?? [];
  if (!Array.isArray(args) || !args.every((word): word is string => typeof word === 'string')) {
    throw new Complaint(`the args of server "${name}" are a list of texts`);
  }
  return stdio(command ?? '', args, textsIn(entry, 'env'));
}

function textsIn(entry: JsonRecord, field: string): Record<string, string> {
  const texts = Object.entries(recordOf(entry, field) ?? {}).map(([name, value]): [string, string] => {
    if (typeof value !== 'string') throw new Complaint(`"${field}.${name}" is a text`);
    return [name, filled(value)];
  });
  return Object.fromEntries(texts);
}
