/** What a page's failure looks like: whoever is not signed in is sent to sign in, everybody else is told in a sentence. */

import type { FastifyReply, FastifyRequest } from 'fastify';
import { html } from './html.js';
import { goTo, sendPage } from './page.js';

export interface PageFailure {
  readonly status: number;
  readonly message: string;
}

/** @returns false where the route is no page, and nothing was sent */
export function sendFailurePage(request: FastifyRequest, reply: FastifyReply, failure: PageFailure): boolean {
  if (request.routeOptions.config.declaration?.page !== true) return false;
  const { status, message } = failure;
  if (status === 401 && request.method === 'GET') {
    goTo(reply, `/sign-in?return_to=${encodeURIComponent(request.url)}`);
    return true;
  }
  const body = html`<h1>That did not work</h1>
<p>${message}</p>
<p><a href="/approvals">To the inbox</a></p>
<p class="soft">Request ${request.id}</p>`;
  sendPage(reply, status, { title: 'That did not work', viewer: null, body });
  return true;
}
