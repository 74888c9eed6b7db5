/** `countersign sign-in` and `sign-out`: a session of one's own, kept where only its user can read it. */

import { isRecord, parseJson, textOf } from '../integrations/json.js';
import { addressOf, type GlobalOptions, openCall } from './connection.js';
import { askSecret } from './secret.js';
import { forgetSession, keepSession, keptSession } from './session.js';
import { Complaint, print, printJson } from './terminal.js';

/** Takes the password, and a new one where it is needed, from the terminal, or line by line from standard input. */
export async function signIn(name: string, options: GlobalOptions & { json?: boolean }): Promise<void> {
  const url = addressOf(options);
  const secrets = askSecret();
  try {
    const password = await secrets.ask(`Password of ${name}: `);
    let answer = await post(url, { name, password });
    if (answer.status === 403) {
      process.stderr.write(
        'This password is good for one sign-in. Choose your own, of 12 characters or more.\n',
      );
      const chosen = await secrets.ask('New password: ');
      if ((await secrets.ask('New password again: ')) !== chosen)
        throw new Complaint('the two differ: nothing was done');
      answer = await post(url, { name, password, new_password: chosen });
    }
    const token = textOf(answer.body, 'token');
    const expiresAt = textOf(answer.body, 'expires_at');
    if (answer.status !== 200 || !token || !expiresAt) {
      throw new Complaint(textOf(answer.body, 'message') ?? `the server answered ${answer.status}`);
    }
    keepSession({ url, name, token, expiresAt });
    if (options.json) printJson({ name, url, expires_at: expiresAt });
    else print(`Signed in to ${url} as ${name}, until ${expiresAt} at the latest.`);
  } finally {
    secrets.close();
  }
}

/** Ends the session at the server, too. */
export async function signOut(options: GlobalOptions): Promise<void> {
  const url = addressOf(options);
  const session = keptSession(url);
  if (session === null) throw new Complaint(`nobody is signed in to ${url}`);
  try {
    await openCall({ url, adminKey: '', token: session.token }, 'POST', '/auth/sign-out');
  } finally {
    forgetSession();
  }
  print(`${session.name} is signed out.`);
}

async function post(url: string, body: object) {
  const response = await fetch(`${url}/auth/sign-in`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  }).catch(() => {
    throw new Complaint(
      `no server answers at ${url}: start it with "countersign serve", or name it with --url`,
    );
  });
  const answer = parseJson(await response.text());
  return { status: response.status, body: isRecord(answer) ? answer : {} };
}
