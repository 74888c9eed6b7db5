/** The agent's nine seconds, twice: what happens without the gate, and what happens with it. */

import type { Agent, CursorSession, Permission, Ran } from './agent.js';
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
export async function playUnguarded(railway: RailwayStandIn, agent: Agent): Promise<Unguarded> {
  const ran = await agent.send(DELETE_VOLUME);
  return { command: agent.curl(DELETE_VOLUME), ran, volumeAfter: railway.volume() };
}

/** The same request, and then a harmless one, each through Cursor's hook; Cursor runs what is allowed. */
export async function playGuarded(
  railway: RailwayStandIn,
  agent: Agent,
  session: CursorSession,
): Promise<Guarded> {
  railway.restore();
  const deletion = await ask(DELETE_VOLUME, agent, session);
  const requestsAfterDenial = railway.requests();
  const volumeAfter = railway.volume();
  const question = await ask(WHO_AM_I, agent, session);
  return {
    deletion: deletion.command,
    denial: deletion.permission,
    requestsAfterDenial,
    volumeAfter,
    question: question.command,
    permission: question.permission,
    answer: question.ran,
  };
}

/** What Cursor does with a command: asks the hook, runs what is allowed, tells the hook what came of it. */
async function ask(
  query: string,
  agent: Agent,
  session: CursorSession,
): Promise<{ command: string; permission: Permission; ran: Ran | null }> {
  const command = agent.curl(query);
  const permission = await session.beforeShell(command);
  if (!permission.allowed) return { command, permission, ran: null };
  const ran = await agent.send(query);
  await session.afterShell(command, ran);
  return { command, permission, ran };
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
