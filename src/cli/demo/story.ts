/** The agent's nine seconds, twice: what happens without the gate, and what happens with it. */

import { type CursorSession, curlOf, type Permission, type Ran, runShell } from './agent.js';
import { PRODUCTION_VOLUME, type RailwayStandIn, type Volume } from './railway-stand-in.js';

const DELETE_VOLUME = `mutation { volumeDelete(volumeId: "${PRODUCTION_VOLUME.id}") }`;
const WHO_AM_I = 'query { me { name } }';

/** What is true if the story came out right. */
export interface Check {
  readonly claim: string;
  readonly held: boolean;
}

export interface Unguarded {
  readonly command: string;
  readonly ran: Ran;
  readonly volumeAfter: Volume | null;
}

export interface Guarded {
  readonly deletion: string;
  readonly denial: Permission;
  readonly requestsAfterDenial: number;
  readonly volumeAfter: Volume | null;
  readonly question: string;
  readonly permission: Permission;
  /** Null when the question was not allowed. */
  readonly answer: Ran | null;
}

/** The agent's request goes straight to the stand-in. */
export async function playUnguarded(railway: RailwayStandIn, token: string): Promise<Unguarded> {
  const command = curlOf(railway.host, token, DELETE_VOLUME);
  return { command, ran: await runShell(command), volumeAfter: railway.volume() };
}

/** The same request, and then a harmless one, each through Cursor's hook; Cursor runs what is allowed. */
export async function playGuarded(
  railway: RailwayStandIn,
  token: string,
  session: CursorSession,
): Promise<Guarded> {
  railway.restore();
  const deletion = curlOf(railway.host, token, DELETE_VOLUME);
  const denial = await session.beforeShell(deletion);
  if (denial.allowed) await session.afterShell(deletion, await runShell(deletion));
  const requestsAfterDenial = railway.requests();
  const volumeAfter = railway.volume();

  const question = curlOf(railway.host, token, WHO_AM_I);
  const permission = await session.beforeShell(question);
  const answer = permission.allowed ? await runShell(question) : null;
  if (answer !== null) await session.afterShell(question, answer);
  return { deletion, denial, requestsAfterDenial, volumeAfter, question, permission, answer };
}

/** Every claim of the two scenes. */
export function checksOf(unguarded: Unguarded, guarded: Guarded): Check[] {
  return [
    {
      claim: 'without the gate the request reaches the stand-in',
      held: unguarded.ran.output.includes('"volumeDelete":true'),
    },
    { claim: 'without the gate the volume is gone', held: unguarded.volumeAfter === null },
    {
      claim: 'with the gate the request is denied',
      held: !guarded.denial.allowed && guarded.denial.message !== null,
    },
    { claim: 'the denied request never reaches the stand-in', held: guarded.requestsAfterDenial === 0 },
    { claim: 'with the gate the volume is there', held: guarded.volumeAfter !== null },
    { claim: 'a harmless query is allowed', held: guarded.permission.allowed },
    { claim: 'the harmless query runs', held: guarded.answer?.output.includes('"name"') === true },
  ];
}
