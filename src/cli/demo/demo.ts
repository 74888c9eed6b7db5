/** `countersign demo`: a server, a stand-in for Railway, and the nine seconds of 24 April 2026, twice. */

import { randomBytes, randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LedgerPlace, placeOf } from '../../ledger.js';
import { type RunningServer, startServer } from '../../main.js';
import type { VerifyReport } from '../../replay/verify.js';
import { type Connection, callServer } from '../connection.js';
import { ensureSessionTemplate, ensureTenant, issueHarnessKey } from '../provisioning.js';
import { configOf, orComplain } from '../serve.js';
import { type Palette, paletteFor, print } from '../terminal.js';
import { checkLedger } from '../verify.js';
import { Agent, CursorSession } from './agent.js';
import { Approver } from './approver.js';
import { askingChecks, askingScene, playAsking } from './asking.js';
import { PsqlStandIn } from './psql-stand-in.js';
import { type RailwayStandIn, startRailwayStandIn } from './railway-stand-in.js';
import type { RecordedAction } from './record.js';
import { closing, failures, firstScene, ledgerScene, opening, secondScene } from './screen.js';
import { type Check, checksOf, type Guarded, playGuarded, playUnguarded } from './story.js';

const TENANT = 'demo';
const APP = 'ide';
const SESSION_POINTS = 100;

/** The host of the incident, which the stand-in's host stands for. */
const RAILWAY_HOST = 'backboard.railway.app';

interface DemoOptions {
  readonly port?: string;
  readonly dataDir?: string;
  readonly exit?: boolean;
}

/** Plays the story and keeps serving; with `exit` ends, with code 0 only if every claim of the story held. */
export async function demo(options: DemoOptions): Promise<void> {
  // Listens from the beginning, so that a signal in the middle of the story still ends in a clean stop.
  const stopped = stopSignal();
  const closers: Closer[] = [];
  try {
    const stage = await open(options, closers);
    const paint = paletteFor(process.stdout, process.env);
    const checks = await play(stage, paint);
    print(...failures(checks, paint));
    process.exitCode = checks.every(({ held }) => held) ? 0 : 1;
    if (options.exit) return;
    const { server, dataDir, session } = stage;
    print(
      ...closing({ url: server.url, dataDir, tenantId: TENANT, sessionId: session.conversationId }, paint),
    );
    await stopped;
  } finally {
    for (const close of closers.reverse()) await close();
  }
}

/** Lets go of one thing that was opened. */
type Closer = () => Promise<void> | void;

/** Everything the story is played on. */
interface Stage {
  readonly server: RunningServer;
  readonly dataDir: string;
  readonly ledger: LedgerPlace;
  readonly connection: Connection;
  readonly railway: RailwayStandIn;
  readonly token: string;
  readonly session: CursorSession;
  readonly psql: PsqlStandIn;
}

async function open(options: DemoOptions, closers: Closer[]): Promise<Stage> {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-demo-'));
  closers.push(() => rmSync(folder, { recursive: true, force: true }));
  const dataDir = options.dataDir ?? join(folder, 'data');
  // Nobody looks at a server that ends at once, so it need not be where people look.
  const port = options.port ?? (options.exit ? '0' : undefined);
  const config = configOf({ ...(port && { port }), dataDir, logLevel: 'error' }, process.env);
  const token = `rw_${randomBytes(18).toString('hex')}`;
  const railway = await startRailwayStandIn(token);
  closers.push(() => railway.close());
  const registry = { hosts: [{ host: railway.host, standsFor: RAILWAY_HOST }] };
  const server = await orComplain(startServer(config, { registry }));
  closers.push(() => server.close());
  const connection: Connection = { url: server.url, adminKey: server.adminKey };
  const session = await openSession(connection, folder);
  const psql = new PsqlStandIn(join(folder, 'bin'));
  return { server, dataDir, ledger: placeOf(config), connection, railway, token, session, psql };
}

/** A tenant, a budget for its sessions, a key, and a Cursor session whose hook has that key and pins the server. */
async function openSession(connection: Connection, folder: string): Promise<CursorSession> {
  await ensureTenant(connection, TENANT, 'Demo');
  await ensureSessionTemplate(connection, TENANT, APP, SESSION_POINTS);
  const key = { tenantId: TENANT, name: 'cursor', app: APP, trusted: false };
  const { secret } = await issueHarnessKey(connection, key);
  const workspace = join(folder, 'staging-task');
  mkdirSync(workspace, { recursive: true });
  const { PATH, HOME } = process.env;
  return new CursorSession(randomUUID(), workspace, {
    PATH,
    HOME,
    XDG_CONFIG_HOME: join(folder, 'config'),
    XDG_STATE_HOME: join(folder, 'state'),
    COUNTERSIGN_URL: connection.url,
    COUNTERSIGN_API_KEY: secret,
    COUNTERSIGN_PUBLIC_KEY: await publicKeyOf(connection),
  });
}

async function publicKeyOf(connection: Connection): Promise<string> {
  const { keys } = await callServer(connection, 'GET', '/v1/.well-known/cycles-jwks.json');
  return JSON.stringify(Array.isArray(keys) ? keys[0] : null);
}

/** Prints each scene when it has happened. */
async function play(stage: Stage, paint: Palette): Promise<Check[]> {
  const { railway, token, session } = stage;
  print(...opening(railway.host, paint));
  const agent = new Agent(railway.host, token);
  const unguarded = await playUnguarded(railway, agent);
  print(...firstScene(unguarded, token, paint));
  const guarded = await playGuarded(railway, agent, session);
  print(...secondScene(guarded, token, paint));
  const asked = await playAsking(await deskOf(stage), session.another(randomUUID()), session);
  print(...askingScene(asked, paint));
  const actions = await recordedActions(stage);
  const ledger = await checkLedger(stage.ledger);
  print(...ledgerScene(actions, ledger, paint));
  return [
    ...checksOf(unguarded, guarded),
    ...askingChecks(asked),
    ...ledgerChecks(actions, ledger, { token, guarded }),
  ];
}

/** Where a person is asked: somebody with credentials of their own, which no agent has. */
const deskOf = async ({ connection, psql }: Stage) => ({
  tenantId: TENANT,
  approver: await Approver.signedIn(connection, TENANT),
  psql,
  scopeOf: ({ conversationId }: CursorSession) => `tenant:${TENANT}/app:${APP}/workflow:${conversationId}`,
});

/** The session's rows of the audit record, in the order they happened. */
async function recordedActions({ connection, session }: Stage): Promise<RecordedAction[]> {
  const query = new URLSearchParams({ tenant_id: TENANT, session_id: session.conversationId });
  const { actions } = await callServer(connection, 'GET', `/audit/actions?${query}`);
  return Array.isArray(actions) ? (actions as RecordedAction[]).reverse() : [];
}

function ledgerChecks(
  actions: readonly RecordedAction[],
  ledger: VerifyReport,
  { token, guarded }: { token: string; guarded: Guarded },
): Check[] {
  const [denial, permission] = actions;
  const recorded = JSON.stringify(actions);
  const volumeId = /volumeId: \\"([\w-]+)\\"/.exec(guarded.deletion)?.[1] ?? 'none';
  return [
    { claim: 'the ledger has both calls to the stand-in', held: actions.length === 2 },
    {
      claim: 'the denied call was assessed at 500 points',
      held: denial?.proposed.assessment?.risk_points === 500,
    },
    {
      claim: 'the denial is recorded with its reason',
      held: denial?.decided.reason_code === 'RADIUS_REFUSED',
    },
    { claim: 'nothing was held for the denied call', held: denial?.authorized.at_ms === null },
    { claim: 'the outcome of the allowed call is recorded', held: (permission?.outcome ?? null) !== null },
    { claim: 'the record shows which volume it was', held: recorded.includes(volumeId) },
    { claim: 'the record does not show the token', held: !recorded.includes(token) },
    { claim: 'the ledger verifies', held: ledger.isSound },
  ];
}

const stopSignal = (): Promise<void> =>
  new Promise((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
  });
