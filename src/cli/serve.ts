/** `countersign serve`: runs the server until it is stopped. */

import { type Config, ConfigError, readConfig } from '../config.js';
import { StartError, serve as serveUntilStopped } from '../main.js';
import type { GlobalOptions } from './connection.js';
import { Complaint } from './terminal.js';

interface ServeOptions extends GlobalOptions {
  readonly port?: string;
  readonly host?: string;
  readonly logLevel?: string;
}

/** Flags win over the environment. What a person should read goes to standard error: the log has the other. */
export async function serve(options: ServeOptions): Promise<void> {
  const config = configOf(options, process.env);
  const { url, adminKey, isAdminKeyNew } = await orComplain(serveUntilStopped(config));
  const lines = [`Countersign answers at ${url}`];
  if (isAdminKeyNew) lines.push(`admin key  ${adminKey}  (shown once; kept in ${config.dataDir}/admin.key)`);
  if (config.eventStore !== null)
    lines.push(
      `ledger     ${config.eventStore.hosts}  (read models are this node’s own, in ${config.dataDir})`,
    );
  if (config.isLoopback)
    lines.push(
      'Whoever can edit this account’s files can walk around the gate; see the README for stronger ways to run it.',
    );
  process.stderr.write(`${lines.join('\n')}\n`);
}

/** @throws Complaint with one line for each setting that is wrong */
export function configOf(
  options: ServeOptions,
  environment: Readonly<Record<string, string | undefined>>,
): Config {
  const flags = {
    COUNTERSIGN_PORT: options.port,
    COUNTERSIGN_HOST: options.host,
    COUNTERSIGN_LOG_LEVEL: options.logLevel,
    COUNTERSIGN_DATA_DIR: options.dataDir,
    COUNTERSIGN_ADMIN_KEY: options.adminKey,
  };
  const given = Object.fromEntries(Object.entries(flags).filter(([, value]) => value !== undefined));
  try {
    return readConfig({ ...environment, ...given });
  } catch (error) {
    if (error instanceof ConfigError) throw new Complaint(error.problems.join('\ncountersign: '));
    throw error;
  }
}

/** A start that fails for a reason outside the program is one line for the person who started it. */
export function orComplain<T>(starting: Promise<T>): Promise<T> {
  return starting.catch((error: unknown) => {
    if (error instanceof StartError) throw new Complaint(error.message);
    throw error;
  });
}
