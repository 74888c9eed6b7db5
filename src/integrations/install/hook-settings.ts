/** The settings file of the hooks as an installation writes it: address, key and pinned public key of the gate. */

import { isRecord, type JsonRecord, parseJson, textOf } from '../json.js';
import { settingsIn } from '../settings.js';
import { missingFolder } from './disk.js';
import { type FileChange, NotInstallable, textAt } from './installation.js';

export interface WantedSettings {
  readonly url?: string | undefined;
  readonly apiKey?: string | undefined;
  readonly publicKey?: string | undefined;
}

export interface HookFile {
  readonly url: string;
  readonly apiKey: string;
  /** Null when none is pinned yet. */
  readonly publicKey: string | null;
  /** The fields that installations do not write. */
  readonly others: JsonRecord;
}

/**
 * What the file is to say: what is asked for, else what it says already, else the default address.
 * @returns null when no API key is known
 * @throws NotInstallable when the file is no JSON object
 */
export function wantedFile(folder: string, wanted: WantedSettings, defaultUrl: string): HookFile | null {
  const path = settingsIn(folder);
  const text = textAt(path);
  const file = text === null ? {} : parseJson(text);
  if (!isRecord(file)) throw new NotInstallable(`${path} is no JSON object.`);
  const { url: _url, api_key: _key, public_key: _pinned, ...others } = file;
  const apiKey = wanted.apiKey ?? textOf(file, 'api_key');
  if (apiKey === null) return null;
  const known = textOf(file, 'url');
  const url = wanted.url ?? known ?? defaultUrl;
  // A key that was pinned for another address says nothing about this one.
  const publicKey = wanted.publicKey ?? (known === url ? textOf(file, 'public_key') : null);
  return { url, apiKey, publicKey, others };
}

/** The change of the file; readable by its owner alone but for the machine's, which everybody's hooks read. */
export function settingsChange(folder: string, file: HookFile, isMachine: boolean): FileChange {
  const path = settingsIn(folder);
  const { url, apiKey, publicKey, others } = file;
  const fields = { url, api_key: apiKey, ...(publicKey !== null && { public_key: publicKey }), ...others };
  return {
    path,
    before: textAt(path),
    after: `${JSON.stringify(fields, null, 2)}\n`,
    mode: isMachine ? 0o644 : 0o600,
    folder: missingFolder(path),
  };
}

const ANSWER_MS = 5_000;

/**
 * The public key with which a server signs its answers, as base64url.
 * @throws NotInstallable when it does not tell one
 */
export async function publicKeyOf(url: string): Promise<string> {
  const answer = await fetch(`${url.replace(/\/+$/, '')}/v1/.well-known/cycles-jwks.json`, {
    signal: AbortSignal.timeout(ANSWER_MS),
  }).catch(() => {
    throw new NotInstallable(
      `No server answers at ${url}: start it with "countersign serve", or name it with --url.`,
    );
  });
  const body: unknown = parseJson(await answer.text());
  const keys = isRecord(body) && Array.isArray(body['keys']) ? (body['keys'] as unknown[]) : [];
  const key = keys.filter(isRecord).find((each) => textOf(each, 'crv') === 'Ed25519');
  const x = key === undefined ? null : textOf(key, 'x');
  if (!answer.ok || x === null) {
    throw new NotInstallable(`What answers at ${url} is no Countersign: it has no signing key to pin.`);
  }
  return x;
}
