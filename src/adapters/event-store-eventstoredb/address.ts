/** Connection strings as people write them, checked before the client sees them. */

const CONNECTION = /^(?:esdb|kurrentdb)(\+discover)?:\/\/(?:([^@/?]*)@)?([^@/?]+)\/?(?:\?(.*))?$/;
const HOST = /^[A-Za-z0-9_.-]+(?::\d{1,5})?$/;
/**
 * What the client knows, in lower case as it reads them, and what each may be. It would print the whole address
 * with an option that it does not know.
 */
const CONNECTION_OPTIONS: Readonly<Record<string, RegExp>> = {
  tls: /^(true|false)$/,
  tlscafile: /./,
  usercertfile: /./,
  userkeyfile: /./,
  connectionname: /./,
  nodepreference: /^(leader|follower|random|read_only_replica)$/,
  maxdiscoverattempts: /^\d{1,6}$/,
  discoveryinterval: /^\d{1,6}$/,
  gossiptimeout: /^\d{1,6}$/,
  defaultdeadline: /^\d{1,9}$/,
  keepaliveinterval: /^-?\d{1,9}$/,
  keepalivetimeout: /^-?\d{1,9}$/,
};

export interface ParsedConnection {
  readonly connectionString: string;
  readonly hosts: readonly string[];
  readonly isEncrypted: boolean;
}

/** The parts of a connection string, or in one clause what is wrong with it, without the string itself. */
export function parseConnectionString(text: string): ParsedConnection | string {
  const [, discover, credentials, hostList = '', query] = CONNECTION.exec(text) ?? [];
  if (hostList === '') {
    return 'must be "embedded", or like esdb://user:password@host:2113 (also esdb+discover:// and kurrentdb://)';
  }
  if (credentials !== undefined && !/^[^:]+:[^:]+$/.test(credentials)) {
    return 'has credentials that are not user:password; in them : / ? and @ are written %3A %2F %3F and %40';
  }
  const hosts = hostList.split(',');
  if (!hosts.every((host) => HOST.test(host))) return 'has a host that is not name:port';
  if (discover !== undefined && hosts.length > 1) return 'names more than one host for +discover';
  let isEncrypted = true;
  for (const option of (query ?? '').split('&')) {
    if (option === '') continue;
    const [given = '', value = ''] = option.split('=');
    const name = given.toLowerCase();
    const allowed = Object.hasOwn(CONNECTION_OPTIONS, name) ? CONNECTION_OPTIONS[name] : undefined;
    if (allowed === undefined) {
      return `has an option that is none of ${Object.keys(CONNECTION_OPTIONS).join(', ')}`;
    }
    if (!allowed.test(value)) return `has a value for ${name} that it cannot have`;
    if (name === 'tls') isEncrypted = value === 'true';
  }
  return { connectionString: text.replace(/^kurrentdb/, 'esdb'), hosts, isEncrypted };
}
