/** Who looks at a page. */

import type { FastifyRequest } from 'fastify';
import type { CookieSessions } from '../cookie-sessions.js';
import type { Person } from '../people.js';
import type { Viewer } from './page.js';

/** Only for routes that take people alone. */
export function personOf({ caller }: FastifyRequest): Person {
  if (caller?.type === 'person') return caller;
  throw new Error('a page for people lets somebody else in');
}

export function viewerOf(request: FastifyRequest, cookies: CookieSessions): Viewer {
  const token = cookies.tokenOf(request);
  return { name: personOf(request).name, csrfToken: token === null ? '' : cookies.csrfTokenOf(token) };
}
