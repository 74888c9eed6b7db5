/** The URL of a PostgreSQL, read and checked. No problem repeats what it is about: it may hold a password. */

import type { PostgresAddress } from './postgres.js';

const DEFAULT_SCHEMA = 'countersign';
const SCHEMA = /^[a-z_][a-z0-9_]{0,62}$/;
const LOCAL = /^(localhost|127(\.\d{1,3}){3}|\[::1\]|::1)$/;
/** Parameters that the product sets itself. */
const OURS = ['schema', 'options', 'application_name'];
/** The rest of what a URL may say; anything else is most likely misspelt. */
const THEIRS = ['sslmode', 'sslrootcert', 'sslcert', 'sslkey', 'uselibpqcompat'];
const WITHOUT_TLS = [null, 'disable', 'allow', 'prefer'];

/**
 * Reads `postgres://user:password@host:port/database?sslmode=verify-full&schema=countersign`.
 * @returns what is wrong with it, as the end of a sentence, when it cannot be used
 */
export function parsePostgresUrl(text: string): PostgresAddress | string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !/^postgres(ql)?:$/.test(url.protocol) || url.hostname === '')
    return 'must be sqlite, or a URL such as postgres://user:password@host/database';
  const { searchParams } = url;
  const stray = [...searchParams.keys()].find((name) => name !== 'schema' && !THEIRS.includes(name));
  if (stray !== undefined)
    return `has a parameter that is not known; there are schema and ${THEIRS.join(', ')}`;
  const schema = searchParams.get('schema') ?? DEFAULT_SCHEMA;
  if (!SCHEMA.test(schema))
    return 'has a schema that is no name of lower-case letters, digits and underscores';
  const sslMode = searchParams.get('sslmode');
  if (!LOCAL.test(url.hostname) && WITHOUT_TLS.includes(sslMode) && sslMode !== 'disable')
    return 'goes to another machine without TLS: add sslmode=verify-full, or sslmode=disable to do without';
  for (const name of OURS) searchParams.delete(name);
  return Object.freeze({ connectionString: url.href, schema, host: url.host });
}
