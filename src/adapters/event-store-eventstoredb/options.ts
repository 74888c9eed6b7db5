/** What the store is opened with, and what is refused before anything is sent anywhere. */

export interface EventStoreDbReaderOptions {
  /** `esdb://…` or `esdb+discover://…`, with credentials and TLS settings as the server's clients take them. */
  readonly connectionString: string;
  /** Whether a connection without TLS may leave this machine. Credentials are never sent over one. */
  readonly insecureAllowed: boolean;
  /**
   * Told once for each stream whose beginning is gone from the server. Nothing is read from or appended to it
   * from then on. The revision is the first that is left, or null when the whole stream was deleted.
   */
  readonly onTruncated: (stream: string, firstRevision: number | null) => void;
  /** Told what a person should know of: connections lost and found again. */
  readonly log?: (message: string) => void;
  /** What the names of our streams begin with on the server; `countersign-` when left out. */
  readonly streamPrefix?: string;
  /** How long an append may take until its outcome is called unknown; 5,000 when left out. */
  readonly appendTimeoutMs?: number;
  /** How long a read may take; 10,000 when left out. */
  readonly readTimeoutMs?: number;
}

export interface EventStoreDbOptions extends EventStoreDbReaderOptions {
  /** The file of the idempotency index, or `:memory:`. It is a cache: removing it costs time alone. */
  readonly indexPath: string;
}

/** The options with nothing left out. */
export interface Settings extends Required<EventStoreDbReaderOptions> {}

/** The connection string cannot be used. The message never shows the string, which may hold a password. */
export class ConnectionStringError extends Error {
  override readonly name = 'ConnectionStringError';
}

const SHAPE = /^esdb(\+discover)?:\/\/(?:[^@/?]*@)?([^/?]+)\/?(?:\?([^@]*))?$/;
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?)(:\d+)?$/;
const PREFIX = /^[A-Za-z0-9._-]+$/;
/** Attempts to find a leader, 100 ms apart and longer where nobody answers: an election fits. */
const DISCOVER_ATTEMPTS = 50;

/** @throws ConnectionStringError */
export function settingsOf(options: EventStoreDbReaderOptions): Settings {
  const { streamPrefix = 'countersign-' } = options;
  if (!PREFIX.test(streamPrefix)) {
    throw new ConnectionStringError('a stream prefix has letters, digits, dots, dashes and underscores only');
  }
  return {
    connectionString: checkedConnectionString(options),
    insecureAllowed: options.insecureAllowed,
    onTruncated: options.onTruncated,
    log: options.log ?? (() => undefined),
    streamPrefix,
    appendTimeoutMs: options.appendTimeoutMs ?? 5_000,
    readTimeoutMs: options.readTimeoutMs ?? 10_000,
  };
}

function checkedConnectionString({ connectionString, insecureAllowed }: EventStoreDbReaderOptions): string {
  const [, discover, hosts = '', query = ''] = SHAPE.exec(connectionString.trim()) ?? [];
  if (hosts === '') {
    throw new ConnectionStringError(
      'the event store is named by esdb://host:port or esdb+discover://host:port, with ?options after it',
    );
  }
  const parameters = new Map(
    query.split('&').map((pair) => {
      const [name = '', value = ''] = pair.split('=');
      return [name.trim().toLowerCase().replaceAll(/[_-]/g, ''), value.trim()] as const;
    }),
  );
  const isLocal = discover === undefined && hosts.split(',').every((host) => LOOPBACK.test(host.trim()));
  if (parameters.get('tls') === 'false' && !isLocal && !insecureAllowed) {
    throw new ConnectionStringError(
      'tls=false sends everything in the clear and drops the credentials: it is refused unless every host is this machine or it is allowed explicitly',
    );
  }
  if (parameters.has('maxdiscoverattempts')) return connectionString.trim();
  const separator = query === '' ? '?' : '&';
  return `${connectionString.trim().replace(/\?$/, '')}${separator}maxDiscoverAttempts=${DISCOVER_ATTEMPTS}`;
}
