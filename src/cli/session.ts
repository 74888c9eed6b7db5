/** The session that `sign-in` began, in a file that only its user can read. */

import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { isRecord, parseJson, textOf } from '../integrations/json.js';

export interface KeptSession {
  readonly url: string;
  readonly name: string;
  readonly token: string;
  readonly expiresAt: string;
}

/** Beside the data directory's default place, which the gate protects. */
function sessionPath(environment: NodeJS.ProcessEnv = process.env): string {
  const stateHome = environment['XDG_STATE_HOME'] || join(homedir(), '.local', 'state');
  return join(stateHome, 'countersign', 'session.json');
}

export function keepSession(session: KeptSession): void {
  const path = sessionPath();
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  // The mode of an older file would stay: the token is written only once nobody else can read it.
  rmSync(path, { force: true });
  writeFileSync(path, `${JSON.stringify(session)}\n`, { mode: 0o600, flag: 'wx' });
  chmodSync(path, 0o600);
}

/** The session at a server, unless it is over; null when there is none. */
export function keptSession(url: string): KeptSession | null {
  const kept = read();
  if (!isRecord(kept)) return null;
  const [name, token, expiresAt] = [textOf(kept, 'name'), textOf(kept, 'token'), textOf(kept, 'expiresAt')];
  if (textOf(kept, 'url') !== url || !name || !token || !expiresAt) return null;
  return Date.parse(expiresAt) > Date.now() ? { url, name, token, expiresAt } : null;
}

export const forgetSession = (): void => rmSync(sessionPath(), { force: true });

function read(): unknown {
  try {
    return parseJson(readFileSync(sessionPath(), 'utf8'));
  } catch {
    return null;
  }
}
