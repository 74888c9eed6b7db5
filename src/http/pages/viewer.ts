/** Who looks at a page. */

import type { FastifyRequest } from 'fastify';
import type { CookieSessions } from '../cookie-sessions.js';
import { personOf } from '../people.js';
import type { Viewer } from './page.js';

export function viewerOf(request: FastifyRequest, cookies: CookieSessions): Viewer {
  const token = cookies.tokenOf(request);
  return { name: personOf(request).name, csrfToken: token === null ? '' : cookies.csrfTokenOf(token) };
}
