/** People who answer approvals, as they come over HTTP. */

import type { Serving } from './serving.js';

export type Credentials = Readonly<Record<string, string>>;

const PASSWORD = 'correct horse battery staple';
/** How long the inbox is looked at before it is given up, in ms: a first call waits for its parsers to start. */
const LOOKS_MS = 25_000;

/** Adds a person and signs them in. */
export async function person(
  serving: Serving,
  name: string,
  {
    roles = ['approver'],
    ...limits
  }: { readonly roles?: readonly string[]; readonly groups?: string[] } = {},
): Promise<Credentials> {
  const added = await serving.asAdmin('POST', '/admin/operators', { name, roles, ...limits });
  const password = String(added.at('one_time_password'));
  const body = { name, password, new_password: PASSWORD };
  const signedIn = await serving.ask('POST', '/auth/sign-in', { body });
  return { authorization: `Bearer ${String(signedIn.at('token'))}` };
}

/** The approval that a session of acme's IDE waits for, once it does. */
export async function pendingOf(serving: Serving, session: string, who: Credentials): Promise<string> {
  const scope = `tenant:acme/app:ide/workflow:${session}`;
  const givenUpAt = performance.now() + LOOKS_MS;
  while (performance.now() < givenUpAt) {
    const path = `/admin/approvals?status=PENDING&session_scope=${scope}`;
    const { body } = await serving.ask('GET', path, { headers: who });
    const [found] = (body as { approvals: { approval_id: string }[] }).approvals;
    if (found !== undefined) return found.approval_id;
  }
  throw new Error(`the session ${session} waits for nobody`);
}

export const answer = (serving: Serving, id: string, said: 'approve' | 'reject', who: Credentials) =>
  serving.ask('POST', `/admin/approvals/${id}/answer`, { body: { answer: said }, headers: who });
