/**
 * Generated garbage on every route under every kind of credential: no 5xx, and nothing in the ledger of what was
 * refused but the record of the refusal. COUNTERSIGN_GARBAGE sets how many requests are sent.
 */

import { Agent, type IncomingMessage, request } from 'node:http';
import { type GarbageRequest, garbled } from './garbage.js';
import { type Asked, describedRoutes, methodOf, ruleOf, type Stage, setStage } from './routes.js';
import { Serving } from './serving.js';
import { TestRandom } from './test-random.js';

const REQUESTS = Number(process.env['COUNTERSIGN_GARBAGE'] ?? 1_500);
const SEED = Number(process.env['COUNTERSIGN_GARBAGE_SEED'] ?? 20_261_122);
const CONNECTIONS = 8;
const PATIENCE_MS = 60_000 + REQUESTS * 20;
/** What a refusal may leave behind: that it was refused. */
const RECORDS_OF_REFUSALS = ['Decided', 'AccessRefused'];

type Credential = Readonly<Record<string, string>>;

interface Answered {
  readonly sent: GarbageRequest;
  readonly status: number;
  readonly requestId: string;
  readonly text: string;
}

let serving: Serving;
let stage: Stage;
let asks: readonly { readonly route: string; readonly asked: Asked }[];
let credentials: Readonly<Record<'key' | 'operator' | 'person', readonly Credential[]>>;

beforeAll(async () => {
  serving = await Serving.start();
  stage = await setStage(serving);
  credentials = await everyCredential();
  asks = await everyAsk();
}, PATIENCE_MS);
// The server is stopped by the test that reads its ledger; a second stop does no harm.
afterAll(() => serving.stop());

async function everyCredential(): Promise<typeof credentials> {
  const reader = await serving.client('acme', { permissions: ['admin:read', 'balances:read'] });
  const limited = await serving.client('acme', { scope_filter: ['app:ide'] });
  const foreign = await serving.tenant('globex');
  const keys = [stage.acme, stage.acme, reader, limited, foreign];
  const people: Credential[] = [];
  for (const role of ['admin', 'auditor', 'viewer']) {
    const added = await serving.asAdmin('POST', '/admin/operators', { name: role, roles: [role] });
    const password = String(added.at('one_time_password'));
    const body = { name: role, password, new_password: 'correct horse battery staple' };
    const signedIn = await serving.ask('POST', '/auth/sign-in', { body });
    people.push({ authorization: `Bearer ${String(signedIn.at('token'))}` });
  }
  return {
    key: keys.map(({ secret }) => ({ 'x-cycles-api-key': secret })),
    operator: [{ 'x-admin-api-key': serving.server.adminKey }, ...people],
    person: people,
  };
}

/** A well-formed request of every described route, as keys and as operators ask. */
async function everyAsk(): Promise<typeof asks> {
  const found: { route: string; asked: Asked }[] = [];
  for (const route of await describedRoutes(serving)) {
    for (const by of ['key', 'operator'] as const) {
      found.push({ route, asked: await ruleOf(route).ask(stage, by) });
    }
  }
  return found;
}

/** Mostly one that the route takes. Nobody signs out: that would leave the rest with a dead token. */
function credentialFor(route: string, random: TestRandom): Credential {
  const { key, operator, person } = credentials;
  if (route === 'POST /auth/sign-out') return random.pick(key);
  const { key: needed, roles, isPersonal } = ruleOf(route);
  const fit = [...(needed ? key : []), ...(roles ? operator : []), ...(isPersonal ? person : [])];
  if (fit.length > 0 && random.below(5) > 0) return random.pick(fit);
  return random.pick([...key, ...operator, {}, { 'x-cycles-api-key': '\xff' }, { authorization: 'Basic x' }]);
}

const next = (random: TestRandom): GarbageRequest => {
  const { route, asked } = random.pick(asks);
  return garbled(methodOf(route), asked, credentialFor(route, random), random);
};

function send(agent: Agent, sent: GarbageRequest): Promise<Answered> {
  const { hostname, port } = new URL(serving.server.url);
  const { method, path, headers, body } = sent;
  return new Promise((resolve, reject) => {
    const onAnswer = async (answer: IncomingMessage): Promise<void> => {
      const parts: Buffer[] = [];
      for await (const part of answer) parts.push(part as Buffer);
      const requestId = String(answer.headers['x-request-id']);
      resolve({
        sent,
        status: answer.statusCode ?? 0,
        requestId,
        text: Buffer.concat(parts).toString(),
      });
    };
    const asking = request({ agent, hostname, port, method, path, headers }, (answer) => {
      onAnswer(answer).catch(reject);
    });
    asking.on('error', (error) => reject(new Error(`${textOfRequest(sent)}: ${error.message}`)));
    asking.end(body ?? undefined);
  });
}

const textOfRequest = ({ method, path, headers, body }: GarbageRequest): string =>
  `${method} ${path.slice(0, 300)} ${JSON.stringify(headers).slice(0, 300)} ${body?.toString().slice(0, 500)}`;

/** What is wrong with an answer, whatever was asked; null when nothing is. */
function faultOf({ sent, status, text }: Answered): string | null {
  const said = `${status} ${text.slice(0, 300)} to ${textOfRequest(sent)}`;
  if (status < 200 || status >= 500) return said;
  if (status < 400 || sent.method === 'HEAD') return null;
  try {
    const { error, request_id: id } = JSON.parse(text);
    return typeof error === 'string' && typeof id === 'string' ? null : said;
  } catch {
    return said;
  }
}

/** Types of the events that a refused request left in the ledger, beside the records of refusals. */
async function changesOf(refused: ReadonlyMap<string, number>): Promise<{ traced: number; wrong: string[] }> {
  const reader = await serving.openLedger();
  const wrong: string[] = [];
  let traced = 0;
  for (let position = 0; ; ) {
    const page = await reader.readAll({ position, limit: 1_000 });
    for (const { type, metadata } of page) {
      const { requestId } = JSON.parse(metadata) as { requestId: string | null };
      const status = refused.get(String(requestId));
      if (status === undefined) continue;
      traced += 1;
      if (status >= 400 && !RECORDS_OF_REFUSALS.includes(type)) wrong.push(`${status} ${type}`);
    }
    const last = page.at(-1);
    if (last === undefined) break;
    position = last.position;
  }
  await reader.close();
  return { traced, wrong };
}

it(
  `is answered without a 5xx and changes nothing when refused: ${REQUESTS} requests of seed ${SEED}`,
  async () => {
    const random = new TestRandom(SEED);
    const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
    const statuses = new Map<string, number>();
    const faults: string[] = [];
    let left = REQUESTS;
    const connection = async (): Promise<void> => {
      while (left > 0) {
        left -= 1;
        const answered = await send(agent, next(random));
        statuses.set(answered.requestId, answered.status);
        const fault = faultOf(answered);
        if (fault !== null) faults.push(fault);
      }
    };
    await Promise.all(Array.from({ length: CONNECTIONS }, connection));
    agent.destroy();
    expect(faults.slice(0, 20)).toEqual([]);
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect('polluted' in {}).toBe(false);
    const done = [...statuses.values()].filter((status) => status < 300).length;
    // Garbage that is refused at the door alone would show little.
    expect(done).toBeGreaterThan(REQUESTS / 20);
    expect(done).toBeLessThan(REQUESTS / 2);
    expect((await serving.ask('GET', '/health/live')).status).toBe(200);
    await serving.server.close();
    const { traced, wrong } = await changesOf(statuses);
    expect(wrong).toEqual([]);
    expect(traced).toBeGreaterThan(0);
  },
  PATIENCE_MS,
);
