/** Where a hook finds its gate: a settings file, which wins, then the environment. */

import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Gate } from './gate.js';
import { integerOf, isRecord, parseJson, recordOf, textOf } from './json.js';

const DEFAULT_URL = 'http://127.0.0.1:7878';
const DEFAULT_DEADLINE_MS = 20_000;
const DEADLINE_MS_MAX = 570_000;

export interface HookSettings extends Gate {
  /** Say `allow` out loud where the safe yes is to say nothing (Claude Code). */
  readonly explicitAllow: boolean;
  /** Subject levels that the key does not fix. */
  readonly subject: Readonly<Record<string, string>> | null;
}

export class SettingsError extends Error {
  override readonly name = 'SettingsError';
}

/** The folder of a person's settings: `$XDG_CONFIG_HOME/countersign`, else below `~/.config`. */
export function settingsFolder(environment: NodeJS.ProcessEnv): string {
  const home = environment['XDG_CONFIG_HOME'] || join(homedir(), '.config');
  return join(home, 'countersign');
}

/** The folder of the machine's settings, which only its administrator can change. */
export const machineFolder = (platform: NodeJS.Platform = process.platform): string =>
  platform === 'win32' ? 'C:\\ProgramData\\countersign' : '/etc/countersign';

/** The settings file in a folder. */
export const settingsIn = (folder: string): string => join(folder, 'hooks.json');

/**
 * The settings of every hook on this machine: of the file that the administrator wrote, alone, if there is one;
 * else of the person's own. A field of the file cannot be overruled by the environment, since the environment may
 * be the agent's.
 * @param machine the folder of the machine's settings
 * @throws SettingsError when the file is there and unreadable, or no API key is found
 */
export function readSettings(environment: NodeJS.ProcessEnv, machine = machineFolder()): HookSettings {
  const own = settingsIn(settingsFolder(environment));
  const file = readFile(settingsIn(machine)) ?? readFile(own) ?? {};
  const apiKey = textOf(file, 'api_key') ?? environment['COUNTERSIGN_API_KEY'];
  if (!apiKey) {
    throw new SettingsError(`no API key: put api_key in ${own} or set COUNTERSIGN_API_KEY`);
  }
  return {
    url: textOf(file, 'url') ?? (environment['COUNTERSIGN_URL'] || DEFAULT_URL),
    apiKey,
    publicKey: textOf(file, 'public_key') ?? (environment['COUNTERSIGN_PUBLIC_KEY'] || null),
    deadlineMs: Math.min(Math.max(integerOf(file, 'deadline_ms') ?? DEFAULT_DEADLINE_MS, 1), DEADLINE_MS_MAX),
    explicitAllow: file['explicit_allow'] === true,
    subject: subjectOf(file),
  };
}

function subjectOf(file: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> | null {
  const subject = recordOf(file, 'subject');
  if (subject === null) return null;
  const levels = Object.entries(subject).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  return Object.fromEntries(levels);
}

/** Null when there is no such file. */
function readFile(path: string): Readonly<Record<string, unknown>> | null {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return null;
    throw new SettingsError(`cannot read ${path}`);
  }
  const value = parseJson(text);
  if (!isRecord(value)) throw new SettingsError(`${path} is no JSON object`);
  return value;
}
