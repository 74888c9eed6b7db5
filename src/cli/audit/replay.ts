/** `countersign replay`: a session told step by step. */

import { isRecord, type JsonRecord, textOf } from '../../integrations/json.js';
import { type Connection, callServer, connectionOf, type GlobalOptions } from '../connection.js';
import { Complaint, paletteFor, print, printJson } from '../terminal.js';
import { follow, jsonLine } from './pages.js';
import { searchOf } from './query.js';
import { headingOf, stepLines } from './story.js';

export interface ReplayOptions extends GlobalOptions {
  readonly tenant?: string;
  readonly at?: string;
  readonly json?: boolean;
  readonly follow?: boolean;
}

export async function replay(sessionId: string, options: ReplayOptions): Promise<void> {
  const connection = connectionOf(options);
  const tenantId = options.tenant ?? (await tenantOf(connection, sessionId));
  const read = () => readStory(connection, { sessionId, tenantId, at: options.at });
  const paint = paletteFor(process.stdout, process.env);
  const story = await read();
  if (options.json && !options.follow) return printJson(story);
  if (!options.json) print(...headingOf(story.session, paint));
  const show = options.json
    ? (step: JsonRecord) => print(jsonLine(step))
    : (step: JsonRecord) => print(...stepLines(step, paint));
  if (!options.follow) {
    for (const step of story.steps) show(step);
    return;
  }
  // What is followed is shown oldest first, and is looked for newest first.
  await follow(async () => [...(await read()).steps].reverse(), {
    nameOf: (step) => String(step['event_id']),
    show,
  });
}

interface Story {
  readonly session: JsonRecord;
  readonly steps: readonly JsonRecord[];
}

async function readStory(
  connection: Connection,
  { sessionId, tenantId, at }: { sessionId: string; tenantId: string; at: string | undefined },
): Promise<Story> {
  const search = searchOf({ tenant_id: tenantId, at });
  const path = `/audit/sessions/${encodeURIComponent(sessionId)}/replay?${search}`;
  const { session, steps, complete } = await callServer(connection, 'GET', path);
  if (!isRecord(session) || !Array.isArray(steps) || complete !== true)
    throw new Complaint('the server broke off: the session is not told to its end');
  return { session, steps: steps.filter(isRecord) };
}

/** @throws Complaint when no tenant, or more than one, has the session */
async function tenantOf(connection: Connection, sessionId: string): Promise<string> {
  const { actions } = await callServer(
    connection,
    'GET',
    `/audit/actions?${searchOf({ session_id: sessionId, limit: '200' })}`,
  );
  const found = Array.isArray(actions) ? actions.filter(isRecord) : [];
  const tenants = [...new Set(found.flatMap((action) => textOf(action, 'tenant_id') ?? []))];
  const [only] = tenants;
  if (only === undefined) throw new Complaint(`no session ${sessionId} is in the record`);
  if (tenants.length === 1) return only;
  throw new Complaint(`${tenants.join(' and ')} each have a session ${sessionId}: name one with --tenant`);
}
