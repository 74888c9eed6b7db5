/** The Host header on a loopback bind: a page in a browser must not reach it under a name of its own. */

import { HttpFailure } from './failure.js';

/** The host of a Host header, without its port and in lower case. */
export const hostnameOf = (header: string): string => header.toLowerCase().replace(/:\d+$/, '');

/** Refuses every name that is not among the given ones; undefined lets the request pass. */
export function hostGuard(hosts: readonly string[]): (header: string | undefined) => HttpFailure | undefined {
  const allowed = new Set(hosts.map((host) => host.toLowerCase()));
  return (header) => {
    if (header !== undefined && allowed.has(hostnameOf(header))) return undefined;
    return new HttpFailure(403, 'FORBIDDEN', 'The Host header names another server.', { field: 'host' });
  };
}
