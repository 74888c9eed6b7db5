/** The environment as one validated, frozen configuration, and the secrets kept in the data directory. */

import { randomBytes } from 'node:crypto';
import {
  accessSync,
  constants,
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { isIP } from 'node:net';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import {
  IsIn,
  IsInt,
  IsNotEmpty,
  IsString,
  Matches,
  Max,
  Min,
  MinLength,
  ValidateIf,
  validateSync,
} from 'class-validator';
import { parseConnectionString } from './adapters/event-store-eventstoredb/address.js';
import type { PostgresAddress } from './adapters/read-store/postgres.js';
import { parsePostgresUrl } from './adapters/read-store/postgres-address.js';

const PREFIX = 'COUNTERSIGN_';
const LOG_LEVELS = ['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace'] as const;
const SECRET_LENGTH_MIN = 32;
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|::1)$/;
const EMBEDDED = 'embedded';
const SQLITE = 'sqlite';

/** Set by clients and tests, and no business of the server. */
const FOREIGN = /^COUNTERSIGN_(URL|API_KEY|PUBLIC_KEY|TEST_.*)$/;

const isGiven = (_settings: object, value: unknown): boolean => value !== null;

/** What the environment says; the names of the fields are the variables' without the prefix. */
class Settings {
  @IsInt({ message: 'must be a whole number' })
  @Min(0, { message: 'must be 0 to 65535' })
  @Max(65_535, { message: 'must be 0 to 65535' })
  PORT = 7878;

  @IsNotEmpty({ message: 'must not be empty' })
  HOST = '127.0.0.1';

  @IsNotEmpty({ message: 'must not be empty' })
  DATA_DIR = '';

  @ValidateIf(isGiven)
  @MinLength(SECRET_LENGTH_MIN, { message: `must have at least ${SECRET_LENGTH_MIN} characters` })
  MASTER_KEY: string | null = null;

  @ValidateIf(isGiven)
  @MinLength(SECRET_LENGTH_MIN, { message: `must have at least ${SECRET_LENGTH_MIN} characters` })
  ADMIN_KEY: string | null = null;

  @IsIn(['0', '1'], { message: 'must be 0 or 1' })
  CHANGE_ADMIN_KEY = '0';

  @IsNotEmpty({ message: 'must not be empty' })
  EVENT_STORE = EMBEDDED;

  @IsNotEmpty({ message: 'must not be empty' })
  READ_STORE = SQLITE;

  @ValidateIf(isGiven)
  @Matches(/^https?:\/\/[^\s/]+(\/[^\s]*)?$/, { message: 'must be an http or https URL' })
  PUBLIC_URL: string | null = null;

  @IsIn(LOG_LEVELS, { message: `must be one of ${LOG_LEVELS.join(', ')}` })
  LOG_LEVEL: (typeof LOG_LEVELS)[number] = 'info';

  @IsString()
  TRUSTED_PROXIES = '';

  @IsIn(['0', '1'], { message: 'must be 0 or 1' })
  INSECURE_BIND = '0';

  @IsString()
  @IsIn(['0', '1'], { message: 'must be 0 or 1' })
  INSECURE_EVENT_STORE = '0';
}

export interface Config {
  /** 0 to 65535; 0 lets the system choose. */
  readonly port: number;
  readonly host: string;
  /** Whether only this machine can reach the server. */
  readonly isLoopback: boolean;
  readonly dataDir: string;
  /** The cluster that has the ledger; null when it is embedded. */
  readonly eventStore: EventStoreAddress | null;
  /** The PostgreSQL that has the read models; null when they are in a file of the data directory. */
  readonly readStore: PostgresAddress | null;
  /** Null when they are kept in the data directory. */
  readonly masterKey: string | null;
  readonly adminKey: string | null;
  /** Whether an admin key that differs from the other nodes' becomes that of all. */
  readonly mayChangeAdminKey: boolean;
  /** Base of links, without a slash at its end; null derives it from the bound address. */
  readonly publicUrl: string | null;
  readonly logLevel: (typeof LOG_LEVELS)[number];
  /** Addresses and networks whose word on where a request comes from is taken; none when empty. */
  readonly trustedProxies: readonly string[];
}

/** How an EventStoreDB or KurrentDB is reached. */
export interface EventStoreAddress {
  /** With credentials in it: never to be printed. */
  readonly connectionString: string;
  /** Whether it may be spoken to without TLS beyond this machine. */
  readonly isInsecureAllowed: boolean;
  /** Its hosts, for people. */
  readonly hosts: string;
}

export interface Secrets {
  readonly masterKey: string;
  readonly adminKey: string;
  /** Whether the admin key was generated just now, so that it must be shown. */
  readonly isAdminKeyNew: boolean;
  /** Removes the keys that were generated just now: nobody has been shown them, and nothing depends on them yet. */
  forget(): void;
}

/** A start that cannot go on; each problem is one line for the person who started it. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  constructor(readonly problems: readonly string[]) {
    super(problems.join('\n'));
  }
}

/**
 * Reads the configuration from environment variables.
 * @throws ConfigError with one line for each unknown name and each invalid value
 */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const settings = new Settings();
  settings.DATA_DIR = defaultDataDir(env);
  const problems: string[] = [];
  for (const [name, value] of Object.entries(env)) {
    if (!name.startsWith(PREFIX) || FOREIGN.test(name) || value === undefined) continue;
    const setting = name.slice(PREFIX.length);
    if (!Object.hasOwn(settings, setting)) problems.push(`${name} is not a known setting`);
    else Object.assign(settings, { [setting]: setting === 'PORT' ? portOf(value) : value });
  }
  for (const { property, constraints } of validateSync(settings)) {
    problems.push(`${PREFIX}${property} ${Object.values(constraints ?? {})[0]}`);
  }
  const isLoopback = LOOPBACK.test(settings.HOST);
  if (!isLoopback && settings.HOST !== '' && settings.INSECURE_BIND !== '1') {
    problems.push(
      `${PREFIX}HOST ${settings.HOST} is reachable from other machines without TLS: put a proxy in front and set ${PREFIX}INSECURE_BIND=1`,
    );
  }
  const eventStore = eventStoreOf(settings, problems);
  if (eventStore !== null) problems.push(...missingKeys(settings));
  const readStore = readStoreOf(settings, problems);
  const trustedProxies = trustedProxiesOf(settings, problems);
  if (problems.length > 0) throw new ConfigError(problems);
  return Object.freeze({
    port: settings.PORT,
    host: settings.HOST,
    isLoopback,
    dataDir: settings.DATA_DIR,
    eventStore,
    readStore,
    masterKey: settings.MASTER_KEY,
    adminKey: settings.ADMIN_KEY,
    mayChangeAdminKey: settings.CHANGE_ADMIN_KEY === '1',
    publicUrl: settings.PUBLIC_URL?.replace(/\/+$/, '') ?? null,
    logLevel: settings.LOG_LEVEL,
    trustedProxies,
  });
}

/**
 * The event store that the environment names, for what needs nothing else of it; null for the embedded one.
 * @throws ConfigError
 */
export function readEventStore(env: Readonly<Record<string, string | undefined>>): EventStoreAddress | null {
  const settings = new Settings();
  settings.EVENT_STORE = env[`${PREFIX}EVENT_STORE`] ?? EMBEDDED;
  settings.INSECURE_EVENT_STORE = env[`${PREFIX}INSECURE_EVENT_STORE`] ?? '0';
  const problems: string[] = [];
  const address = eventStoreOf(settings, problems);
  if (problems.length > 0) throw new ConfigError(problems);
  return address;
}

/** Nodes without the same keys could read neither each other's API keys nor each other's sessions. */
const missingKeys = (settings: Settings): string[] =>
  (['MASTER_KEY', 'ADMIN_KEY'] as const)
    .filter((name) => settings[name] === null)
    .map((name) => `${PREFIX}${name} is required with ${PREFIX}EVENT_STORE: every node has the same`);

/** No problem repeats what it is about, since that may hold a password. */
function eventStoreOf(
  { EVENT_STORE, INSECURE_EVENT_STORE }: Settings,
  problems: string[],
): EventStoreAddress | null {
  if (EVENT_STORE === EMBEDDED || EVENT_STORE === '') return null;
  const parsed = parseConnectionString(EVENT_STORE);
  if (typeof parsed === 'string') {
    problems.push(`${PREFIX}EVENT_STORE ${parsed}`);
    return null;
  }
  const isInsecureAllowed = INSECURE_EVENT_STORE === '1';
  const isLocal = parsed.hosts.every((host) => LOOPBACK.test(host.replace(/:\d+$/, '')));
  if (!parsed.isEncrypted && !isLocal && !isInsecureAllowed) {
    problems.push(
      `${PREFIX}EVENT_STORE goes to another machine without TLS: use TLS, or set ${PREFIX}INSECURE_EVENT_STORE=1`,
    );
  }
  const { connectionString, hosts } = parsed;
  return Object.freeze({ connectionString, isInsecureAllowed, hosts: hosts.join(', ') });
}

/** No problem repeats what it is about here, either. */
function readStoreOf({ READ_STORE }: Settings, problems: string[]): PostgresAddress | null {
  if (READ_STORE === SQLITE || READ_STORE === '') return null;
  const address = parsePostgresUrl(READ_STORE);
  if (typeof address !== 'string') return address;
  problems.push(`${PREFIX}READ_STORE ${address}`);
  return null;
}

/** Each by itself: a name could come to mean another machine, and a network of everybody would mean all clients. */
function trustedProxiesOf({ TRUSTED_PROXIES }: Settings, problems: string[]): readonly string[] {
  const entries = TRUSTED_PROXIES.split(',').map((entry) => entry.trim());
  if (entries.length === 1 && entries[0] === '') return [];
  const wrong = entries.find((entry) => !isNetwork(entry));
  if (wrong !== undefined) {
    problems.push(
      `${PREFIX}TRUSTED_PROXIES has ${JSON.stringify(wrong)}, which is neither an address nor a network such as 10.1.0.0/16`,
    );
  }
  return Object.freeze(entries);
}

/** An address, or one with the length of a network's prefix, which has at least one bit. */
function isNetwork(text: string): boolean {
  const [address = '', prefix, ...more] = text.split('/');
  const version = /%|^::ffff:/i.test(address) ? 0 : isIP(address);
  if (version === 0 || more.length > 0) return false;
  if (prefix === undefined) return true;
  const bits = /^[1-9]\d{0,2}$/.test(prefix) ? Number(prefix) : 0;
  return bits > 0 && bits <= (version === 4 ? 32 : 128);
}

const portOf = (text: string): number => (/^\d{1,5}$/.test(text) ? Number(text) : Number.NaN);

const defaultDataDir = (env: Readonly<Record<string, string | undefined>>): string =>
  join(env['XDG_STATE_HOME'] || join(homedir(), '.local', 'state'), 'countersign');

/**
 * What `mkdir -p` does, all of it private. Node's own never comes back where the system refuses, as below /proc.
 * @returns the directories that were made, the deepest first
 */
function makeDirectory(path: string): string[] {
  if (existsSync(path)) return [];
  const above = makeDirectory(dirname(path));
  mkdirSync(path, { mode: 0o700 });
  return [path, ...above];
}

/**
 * Creates the data directory, readable by its owner only.
 * @returns the function that removes what was created, as far as it is empty
 * @throws ConfigError when it cannot be used
 */
export function openDataDirectory({ dataDir }: Config): () => void {
  const made = orUnusable(dataDir, () => {
    const directories = makeDirectory(dataDir);
    accessSync(join(dataDir, '/'), constants.W_OK | constants.X_OK);
    return directories;
  });
  return () => {
    try {
      for (const path of made) rmdirSync(path);
    } catch {
      // Something is in it by now.
    }
  };
}

/**
 * Reads the secrets kept in the data directory, generating those that are neither there nor configured. To be
 * called, and to be taken back, under the lock of the directory: of two starts only one may make them.
 * @throws ConfigError when a file cannot be used
 */
export function openSecrets({ dataDir, masterKey, adminKey }: Config): Secrets {
  return orUnusable(dataDir, () => {
    const generated: string[] = [];
    const kept = (name: string): string => keptSecret(join(dataDir, name), generated);
    const secrets = { masterKey: masterKey ?? kept('master.key'), adminKey: adminKey ?? kept('admin.key') };
    return {
      ...secrets,
      isAdminKeyNew: generated.includes(join(dataDir, 'admin.key')),
      forget: () => {
        for (const path of generated) rmSync(path, { force: true });
      },
    };
  });
}

function orUnusable<T>(dataDir: string, use: () => T): T {
  try {
    return use();
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    throw new ConfigError([`the data directory ${dataDir} cannot be used: ${(error as Error).message}`]);
  }
}

/** A file appears whole or not at all, and never replaces one that another process has just made. */
function keptSecret(path: string, generated: string[]): string {
  const known = readIfThere(path);
  if (known !== null) return checked(known, path);
  const draft = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
  const secret = randomBytes(SECRET_LENGTH_MIN).toString('base64url');
  writeFileSync(draft, `${secret}\n`, { mode: 0o600, flag: 'wx', flush: true });
  try {
    linkSync(draft, path);
    generated.push(path);
    return secret;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return checked(readFileSync(path, 'utf8').trim(), path);
  } finally {
    unlinkSync(draft);
  }
}

function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

function checked(secret: string, path: string): string {
  if (secret.length >= SECRET_LENGTH_MIN) return secret;
  throw new ConfigError([
    `${path} holds no usable key: it must have at least ${SECRET_LENGTH_MIN} characters`,
  ]);
}

/** The file of the ledger in a data directory. */
export const ledgerPath = (dataDir: string): string => join(dataDir, 'ledger.db');
/** The file of the read models, which can be thrown away: they are made from the ledger. */
export const readModelsPath = (dataDir: string): string => join(dataDir, 'read.db');
/** The file of the snapshots, which can be thrown away as well. */
export const snapshotsPath = (dataDir: string): string => join(dataDir, 'snapshots.db');
