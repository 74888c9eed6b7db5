/** The two scripts of the pages, both from this server: the one that speaks to passkeys, and what the forms do with it. */

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

export const LIBRARY_PATH = '/pages/webauthn.js';
export const SCRIPT_PATH = '/pages/passkeys.js';

const { resolve } = createRequire(import.meta.url);
let library: string | null = null;

/** SimpleWebAuthn's bundle for browsers, as its package has it. */
export function libraryText(): string {
  const entry = pathToFileURL(resolve('@simplewebauthn/browser'));
  library ??= readFileSync(new URL('../dist/bundle/index.umd.min.js', entry), 'utf8');
  return library;
}

/** A form, or its button, says what to ask a passkey; the form waits for the answer, and is then sent as it was meant. */
export const SCRIPT = `'use strict';
for (const form of document.querySelectorAll('form[data-ceremony]')) {
  form.addEventListener('submit', async (event) => {
    const field = form.elements.namedItem('passkey');
    if (field.value !== '') return;
    event.preventDefault();
    const { submitter } = event;
    const notice = form.querySelector('[role=alert]');
    notice.hidden = true;
    try {
      const optionsJSON = JSON.parse((submitter ?? form).dataset.passkey ?? form.dataset.passkey);
      const { startAuthentication, startRegistration } = SimpleWebAuthnBrowser;
      const ask = form.dataset.ceremony === 'register' ? startRegistration : startAuthentication;
      field.value = JSON.stringify(await ask({ optionsJSON }));
      form.requestSubmit(submitter);
    } catch (error) {
      notice.textContent = 'The passkey did not answer: ' + error.message;
      notice.hidden = false;
    }
  });
}
`;
