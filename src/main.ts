/** Starts the server, keeps one log line a request, and stops it without losing an answer. */

import 'reflect-metadata';
import type { Server } from 'node:http';
import { type AddressInfo, createServer as createNetServer } from 'node:net';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { type DestinationStream, type Logger, pino } from 'pino';
import { StoreOpenError } from './adapters/event-store-sqlite/failure.js';
import { applicationOver, openParts, type Parts } from './app.module.js';
import { type Config, ConfigError, openDataDirectory } from './config.js';
import { type AccessLogOptions, accessLog } from './http/access-log.js';
import { RouterAdapter } from './http/adapter.js';
import { FailureFilter } from './http/filter.js';
import { readAuthority } from './http/reading.js';
import { createServer } from './http/server.js';
import { WaitingRoom } from './http/waiting-room.js';
import { StoreFault } from './ports/event-store.port.js';
import { ReadStoreFault } from './ports/read-store.port.js';
import type { RiskRegistry } from './risk/index.js';

export interface RunningServer {
  /** Where it listens, without a slash at the end. */
  readonly url: string;
  readonly adminKey: string;
  /** Whether the admin key was made by this start, so that it must be shown now or never. */
  readonly isAdminKeyNew: boolean;
  /** Stops accepting, answers what is in flight, flushes and closes. May be called more than once. */
  close(): Promise<void>;
}

export interface StartOptions {
  /** What the risk engine is told beside what it ships with: hosts, names, tools, protected places. */
  readonly registry?: Partial<RiskRegistry>;
  /** Where log lines go; standard output when left out. */
  readonly logTo?: DestinationStream;
  /** How long a client may take to read its answer once the server is to stop, in ms; 10,000 when left out. */
  readonly closeMaxMs?: number;
}

/** A start that failed for a reason outside the program: one line for the person who started it. */
export class StartError extends Error {
  override readonly name = 'StartError';
}

/**
 * Starts the server and resolves once it listens.
 * @throws StartError with one clear line; nothing stays open
 */
export async function startServer(config: Config, options: StartOptions = {}): Promise<RunningServer> {
  const logTo = options.logTo ?? standardOutput();
  const log = pino({ level: config.logLevel, base: null }, logTo);
  const waiting = new WaitingRoom();
  let removeDirectory = (): void => undefined;
  try {
    await tryAddress(config);
    removeDirectory = openDataDirectory(config);
    const parts = await openWaiting(config, options, { log, waiting });
    const { secrets } = parts;
    await waiting.close();
    const bound = { ...config, port: waiting.port ?? config.port };
    const { app, url } = await listen(bound, parts, { log, to: logTo }).catch(async (error: unknown) => {
      secrets.forget();
      await parts.close();
      throw error;
    });
    parts.listensAt(url);
    parts.notices.start();
    log.info({ url, ...(config.eventStore && { eventStore: config.eventStore.hosts }) }, 'listening');
    if (config.eventStore !== null && config.readStore === null) {
      log.info(
        'read models are this node’s own: what other nodes write shows in its reads within two seconds',
      );
    }
    let closing: Promise<void> | null = null;
    const { adminKey, isAdminKeyNew } = secrets;
    const close = () => {
      closing ??= shutDown(app, parts, log, options.closeMaxMs ?? CLOSE_MAX_MS);
      return closing;
    };
    return { url, adminKey, isAdminKeyNew, close };
  } catch (error) {
    await waiting.close();
    removeDirectory();
    throw startErrorOf(error, config);
  }
}

/** Opens everything; what needs a store that cannot be reached waits for it, and so does whoever calls. */
function openWaiting(
  config: Config,
  { registry }: StartOptions,
  { log, waiting }: { readonly log: Logger; readonly waiting: WaitingRoom },
): Promise<Parts> {
  const onStoreAway = async (reason: string): Promise<void> => {
    await waiting.open(config);
    log.warn(
      { eventStore: config.eventStore?.hosts, port: waiting.port, reason },
      'the event store cannot be reached: waiting for it, and answering 503 until then',
    );
    log.flush();
  };
  const onReadStoreAway = async (): Promise<void> => {
    await waiting.open(config, 'read_store');
    log.flush();
  };
  return openParts({ config, log, onStoreAway, onReadStoreAway, ...(registry && { registry }) });
}

/** Listens for a moment: a start that cannot listen should fail before it has made anything. */
async function tryAddress({ port, host }: Config): Promise<void> {
  const server = createNetServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  await new Promise((resolve) => server.close(resolve));
}

/** Bytes of log lines written at once, and how long they wait for each other at most. */
const LOG_BYTES = 8_192;
const LOG_FLUSH_MS = 500;

/** A write for each request would cost as much as deciding it. */
const standardOutput = (): DestinationStream =>
  pino.destination({ dest: 1, sync: false, minLength: LOG_BYTES, periodicFlush: LOG_FLUSH_MS });

async function listen(config: Config, parts: Parts, { log, to }: AccessLogOptions) {
  const logAccess = accessLog({ log, to });
  const authorize = readAuthority(parts.writers);
  const server = createServer({
    authentication: parts.authentication,
    authorizeRead: authorize,
    hosts: config.isLoopback ? hostsOf(config) : null,
    trustedProxies: config.trustedProxies,
    onAnswered: (request, reply) => {
      parts.metrics.observe(request, reply);
      logAccess(request, reply);
    },
  });
  const app = await NestFactory.create<NestFastifyApplication>(
    applicationOver(parts),
    new RouterAdapter(server),
    {
      logger: false,
      bodyParser: false,
      abortOnError: false,
    },
  );
  app.useGlobalFilters(new FailureFilter(log, authorize));
  await app.listen(config.port, config.host);
  return { app, url: urlOf(config, server) };
}

/** The names under which a server that only this machine can reach may be addressed. */
function hostsOf({ host, publicUrl }: Config): string[] {
  const bracketed = host.includes(':') ? `[${host}]` : host;
  const published = publicUrl === null ? [] : [new URL(publicUrl).hostname];
  return ['localhost', '127.0.0.1', '[::1]', bracketed, ...published];
}

function urlOf({ host }: Config, server: FastifyInstance): string {
  const { port } = server.server.address() as AddressInfo;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

const CLOSE_MAX_MS = 10_000;

async function shutDown(
  app: NestFastifyApplication,
  parts: Parts,
  log: Logger,
  closeMaxMs: number,
): Promise<void> {
  log.info('stopping');
  const connections: Server = app.getHttpServer();
  const patience = setTimeout(() => connections.closeAllConnections(), closeMaxMs);
  await app.close();
  clearTimeout(patience);
  await parts.close();
  log.info('stopped');
  await new Promise<void>((resolve) => log.flush(() => resolve()));
}

function startErrorOf(error: unknown, config: Config): unknown {
  const isOutside = [ConfigError, StoreOpenError, StoreFault, ReadStoreFault, RangeError].some(
    (kind) => error instanceof kind,
  );
  if (isOutside) return new StartError((error as Error).message, { cause: error });
  const code = (error as NodeJS.ErrnoException).code;
  const where = `${config.host}:${config.port}`;
  if (code === 'EADDRINUSE') return new StartError(`${where} is in use by another program`, { cause: error });
  if (code === 'EACCES')
    return new StartError(`${where} may not be listened on by this user`, { cause: error });
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    return new StartError(`${config.host} is not an address of this machine`, { cause: error });
  }
  return error;
}

/**
 * Serves until SIGINT or SIGTERM; a second signal ends the process at once. The signals are heard from the beginning:
 * a start may wait long for an event store, and the first process of a container ignores what it does not hear.
 */
export async function serve(config: Config, options: StartOptions = {}): Promise<RunningServer> {
  let server: RunningServer | null = null;
  let isStopping = false;
  const stop = (): void => {
    // As long as it does not serve, nothing is under way that could be lost.
    if (server === null) process.exit(0);
    if (isStopping) process.exit(1);
    isStopping = true;
    server.close().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  server = await startServer(config, options);
  return server;
}
