/** What all pages have in common: their frame, their style, and the headers that keep others out of them. */

import type { FastifyReply } from 'fastify';
import { type Html, html } from './html.js';
import { LIBRARY_PATH, SCRIPT_PATH } from './script.js';

export const STYLE_PATH = '/pages/style.css';

/** Nothing from elsewhere, no script, no frame around it, and no trace of its address elsewhere. */
const POLICY =
  "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";
const HEADERS = {
  'Content-Security-Policy': POLICY,
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'Cache-Control': 'no-store',
  'Cross-Origin-Opener-Policy': 'same-origin',
} as const;

/** Who looks at a page, and what their forms send along. */
export interface Viewer {
  readonly name: string;
  readonly csrfToken: string;
}

export interface PageParts {
  readonly title: string;
  readonly body: Html;
  /** Null before anybody has signed in. */
  readonly viewer: Viewer | null;
  /** Whether a form on it asks a passkey, which takes a script of ours. */
  readonly asksPasskey?: boolean;
}

export function sendPage(reply: FastifyReply, status: number, parts: PageParts): void {
  reply.code(status).headers(HEADERS);
  if (parts.asksPasskey) reply.header('Content-Security-Policy', `${POLICY}; script-src 'self'`);
  reply.type('text/html; charset=utf-8').send(frame(parts).text);
}

/** Goes on to another of our pages. */
export function goTo(reply: FastifyReply, path: string): void {
  reply.code(303).headers(HEADERS).header('Location', path).send();
}

const frame = ({ title, body, viewer, asksPasskey }: PageParts): Html => html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · Countersign</title>
<link rel="stylesheet" href="${STYLE_PATH}">
</head>
<body>
<header class="top">
<a class="brand" href="/approvals">Countersign</a>
${viewer && signOut(viewer)}
</header>
<main>
${body}
</main>
${
  asksPasskey &&
  html`<script src="${LIBRARY_PATH}"></script>
<script src="${SCRIPT_PATH}"></script>`
}
</body>
</html>
`;

const signOut = ({ name, csrfToken }: Viewer): Html => html`<form method="post" action="/sign-out">
<input type="hidden" name="csrf_token" value="${csrfToken}">
<a class="who" href="/passkeys">${name}</a>
<button class="quiet" type="submit">Sign out</button>
</form>`;
