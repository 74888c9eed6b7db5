/** Where a hook finds its gate: a settings file, which wins, then the environment. */

import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Gate } from './gate.js';
import { integerOf, isRecord, type JsonRecord, parseJson, recordOf, textOf } from './json.js';

const DEFAULT_URL = 'http://127.0.0.1:7878';
const DEFAULT_DEADLINE_MS = 20_000;
const DEADLINE_MS_MAX = 570_000;
/** No harness waits longer than ten minutes. */
const WAIT_MS_MAX = 570_000;

export interface HookSettings extends Gate {
  /** Say `allow` out loud where the safe yes is to say nothing (Claude Code). */
  readonly explicitAllow: boolean;
  /** How long to wait for people, in ms; null: as long as the harness waits for its hook. */
  readonly waitMs: number | null;
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
 * be the agent's; beside the administrator's file it does not count at all.
 * @param machine the folder of the machine's settings
 * @throws SettingsError when the file is there and unreadable or says nonsense, or no API key is found
 */
export function readSettings(environment: NodeJS.ProcessEnv, machine = machineFolder()): HookSettings {
  const machines = readFile(settingsIn(machine));
  const own = settingsIn(settingsFolder(environment));
  const file = machines ?? readFile(own) ?? {};
  const path = machines === null ? own : settingsIn(machine);
  checkFields(file, path);
  const around = machines === null ? environment : {};
  const apiKey = textOf(file, 'api_key') ?? around['COUNTERSIGN_API_KEY'];
  if (!apiKey) {
    const where = machines === null ? ' or set COUNTERSIGN_API_KEY' : '';
    throw new SettingsError(`no API key: put api_key in ${path}${where}`);
  }
  return {
    url: textOf(file, 'url') ?? (around['COUNTERSIGN_URL'] || DEFAULT_URL),
    apiKey,
    publicKey: textOf(file, 'public_key') ?? (around['COUNTERSIGN_PUBLIC_KEY'] || null),
    deadlineMs: Math.min(Math.max(integerOf(file, 'deadline_ms') ?? DEFAULT_DEADLINE_MS, 1), DEADLINE_MS_MAX),
    waitMs: waitIn(file),
    explicitAllow: file['explicit_allow'] === true,
    subject: subjectOf(file),
  };
}

/** What a field means to say and does not must not count as unsaid: an answer could go unchecked. */
function checkFields(file: JsonRecord, path: string): void {
  for (const field of ['url', 'api_key', 'public_key']) {
    if (field in file && textOf(file, field) === null)
      throw new SettingsError(`${field} in ${path} is no text`);
  }
  if ('deadline_ms' in file && integerOf(file, 'deadline_ms') === null) {
    throw new SettingsError(`deadline_ms in ${path} is no whole number`);
  }
  if ('wait_ms' in file && !isWait(file['wait_ms'])) {
    throw new SettingsError(`wait_ms in ${path} is no whole number from 0 to ${WAIT_MS_MAX}`);
  }
  if ('subject' in file && recordOf(file, 'subject') === null) {
    throw new SettingsError(`subject in ${path} is no object`);
  }
}

const isWait = (value: unknown): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= WAIT_MS_MAX;

function waitIn({ wait_ms: wait }: JsonRecord): number | null {
  return isWait(wait) ? wait : null;
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
