/** How the commands of an operator reach the running server: its address, the admin key, plain requests. */

import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'lossless-json';
import { isRecord, type JsonRecord, parseJson, textOf } from '../integrations/json.js';
import { keptSession } from './session.js';
import { Complaint, visible } from './terminal.js';

const DEFAULT_URL = 'http://127.0.0.1:7878';

/** The options that every command understands. */
export interface GlobalOptions {
  readonly url?: string;
  readonly adminKey?: string;
  readonly dataDir?: string;
}

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

export interface Connection {
  readonly url: string;
  /** Empty where a person's token is used instead. */
  readonly adminKey: string;
  readonly token?: string;
}

/** Where the server of this machine keeps its data, unless told otherwise. */
export function dataDirOf({ dataDir }: GlobalOptions, environment: NodeJS.ProcessEnv = process.env): string {
  const stateHome = environment['XDG_STATE_HOME'] || join(homedir(), '.local', 'state');
  return dataDir ?? (environment['COUNTERSIGN_DATA_DIR'] || join(stateHome, 'countersign'));
}

/** The address of the server, without a slash at the end. */
export const addressOf = ({ url }: GlobalOptions, environment: NodeJS.ProcessEnv = process.env): string =>
  (url ?? (environment['COUNTERSIGN_URL'] || DEFAULT_URL)).replace(/\/+$/, '');

/**
 * A named admin key counts first, then whoever has signed in, then the key in the data directory.
 * @throws Complaint when none is to be found
 */
export function connectionOf(
  options: GlobalOptions,
  environment: NodeJS.ProcessEnv = process.env,
): Connection {
  const url = addressOf(options, environment);
  const named = options.adminKey ?? environment['COUNTERSIGN_ADMIN_KEY'];
  if (named) return { url, adminKey: named };
  const session = keptSession(url);
  if (session !== null) return { url, adminKey: '', token: session.token };
  return { url, adminKey: keptAdminKey(dataDirOf(options)) };
}

function keptAdminKey(dataDir: string): string {
  try {
    return readFileSync(join(dataDir, 'admin.key'), 'utf8').trim();
  } catch {
    throw new Complaint(
      `no admin key in ${dataDir}: set COUNTERSIGN_ADMIN_KEY, or name the directory with --data-dir`,
    );
  }
}

/**
 * One request with the admin key.
 * @throws Complaint when the server cannot be reached or refuses, saying why
 */
export async function callServer(
  connection: Connection,
  method: Method,
  path: string,
  body?: object,
): Promise<JsonRecord> {
  const response = await openCall(connection, method, path, body);
  const answer = exactJson(await response.text());
  return isRecord(answer) ? answer : {};
}

/** The text as JSON in which integers beyond 2^53 are bigints, so that no digit is lost; undefined when it is none. */
function exactJson(text: string): unknown {
  return parseJson(text) === undefined ? undefined : parse(text, undefined, { parseNumber: exactNumber });
}

function exactNumber(digits: string): number | bigint {
  const value = Number(digits);
  return Number.isSafeInteger(value) || !/^-?\d+$/.test(digits) ? value : BigInt(digits);
}

/** Like `callServer`, for answers that are read as they arrive. */
export async function openCall(
  { url, adminKey, token }: Connection,
  method: Method,
  path: string,
  body?: object,
): Promise<Response> {
  const credential =
    token === undefined ? { 'x-admin-api-key': adminKey } : { authorization: `Bearer ${token}` };
  const headers = { ...credential, ...(body && { 'content-type': 'application/json' }) };
  const response = await fetch(`${url}${path}`, {
    method,
    headers,
    ...(body && { body: stringify(body) ?? '' }),
  }).catch(() => {
    throw new Complaint(
      `no server answers at ${url}: start it with "countersign serve", or name it with --url`,
    );
  });
  if (response.ok) return response;
  const answer = parseJson(await response.text());
  const message = isRecord(answer) ? textOf(answer, 'message') : null;
  if (response.status === 401) {
    throw new Complaint(
      token === undefined
        ? `the server at ${url} does not accept this admin key`
        : `the session at ${url} is over: sign in again with "countersign sign-in"`,
    );
  }
  throw new Refused(response.status, message ?? `the server answered ${response.status}`);
}

/** The server said no. */
export class Refused extends Complaint {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(visible(message));
  }
}
