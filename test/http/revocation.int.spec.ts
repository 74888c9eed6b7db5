/** A key revoked while 64 connections use it: nothing that is sent after the answer to the revocation is done. */

import { Agent, request } from 'node:http';
import { bodyOf, type Mutation, pathOf } from './operations.js';
import { Serving, type TenantClient } from './serving.js';
import { TestRandom } from './test-random.js';

const CONNECTIONS = 64;
const ROUNDS = 5;
const SEED = 64;
/** Answers in all before the key is revoked: every connection is at work by then. */
const ANSWERS_BEFORE = 400;
/** What every connection sends after the revocation was answered. */
const SENT_AFTER = 4;
const PATIENCE_MS = 60_000;

let serving: Serving;
let keeper: TenantClient;

beforeAll(async () => {
  serving = await Serving.start();
  keeper = await serving.tenant('acme');
  await keeper.budget('', 1_000_000_000);
});
afterAll(() => serving.stop());

interface Sent {
  readonly path: string;
  readonly body: string;
}

/** Sends on a connection of its own that stays open, and answers the status. */
function send(agent: Agent, secret: string, { path, body }: Sent): Promise<number> {
  const headers = { 'content-type': 'application/json', 'x-cycles-api-key': secret };
  return new Promise((resolve, reject) => {
    const sending = request(serving.server.url + path, { agent, method: 'POST', headers }, (answer) => {
      answer.resume();
      answer.on('end', () => resolve(answer.statusCode ?? 0));
    });
    sending.on('error', reject);
    sending.end(body);
  });
}

const OPERATIONS: readonly Mutation[] = [
  'createReservation',
  'decide',
  'createEvent',
  'commitReservation',
  'releaseReservation',
  'extendReservation',
];

/** One round: what was answered with success to what was sent before and after the answer to the revocation. */
class Round {
  readonly before: number[] = [];
  readonly late: number[] = [];
  private readonly done: Sent[] = [];
  private isOver = false;
  private onPressing: () => void = () => undefined;
  /** Resolves once every connection is well at work. */
  readonly pressing = new Promise<void>((resolve) => {
    this.onPressing = resolve;
  });

  constructor(
    private readonly client: TenantClient,
    private readonly holds: readonly string[],
    private readonly random: TestRandom,
  ) {}

  /** From now on what is sent is sent late. */
  end(): void {
    this.isOver = true;
  }

  async connection(): Promise<void> {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    let late = 0;
    while (late < SENT_AFTER) {
      const isLate = this.isOver;
      // A replay of what succeeded is no less forbidden than something new.
      const sent = isLate && late % 2 === 1 ? this.random.pick(this.done) : this.fresh();
      const status = await send(agent, this.client.secret, sent);
      if (isLate) late += 1;
      (isLate ? this.late : this.before).push(status);
      if (status < 300) this.done.push(sent);
      if (this.before.length >= ANSWERS_BEFORE) this.onPressing();
    }
    agent.destroy();
  }

  private fresh(): Sent {
    const operation = this.random.pick(OPERATIONS);
    const body = JSON.stringify(bodyOf(operation, this.client));
    return { path: pathOf(operation, this.random.pick(this.holds)), body };
  }
}

it.each(Array.from({ length: ROUNDS }, (_, round) => round))(
  'in round %i not one mutation or replay succeeds that was sent after the revocation was answered',
  async (number) => {
    const client = await serving.client('acme');
    const holds: string[] = [];
    for (let count = 0; count < 100; count++) holds.push(await keeper.held(10, { ttl_ms: 3_600_000 }));
    const round = new Round(client, holds, new TestRandom(SEED + number));
    const connections = Array.from({ length: CONNECTIONS }, () => round.connection());
    await round.pressing;
    const revoked = await serving.asAdmin('DELETE', `/v1/admin/api-keys/${client.keyId}`);
    round.end();
    expect(revoked.at('status')).toBe('REVOKED');
    await Promise.all(connections);
    expect(round.before.filter((status) => status < 300).length).toBeGreaterThan(ANSWERS_BEFORE / 4);
    expect(round.before.filter((status) => status >= 500)).toEqual([]);
    expect(round.late).toHaveLength(CONNECTIONS * SENT_AFTER);
    expect([...new Set(round.late)]).toEqual([401]);
  },
  PATIENCE_MS,
);

it('stays revoked on every connection after a restart', async () => {
  const dataDir = `${serving.dataDir}-again`;
  const settings = { COUNTERSIGN_DATA_DIR: dataDir };
  const first = await Serving.start(settings);
  const acme = await first.tenant('acme');
  await acme.budget('', 1_000);
  const body = acme.proposal(1);
  expect((await acme.ask('POST', '/v1/reservations', body)).status).toBe(200);
  await first.asAdmin('DELETE', `/v1/admin/api-keys/${acme.keyId}`);
  await first.server.close();
  const second = await Serving.start(settings);
  expect((await acme.at(second).ask('POST', '/v1/reservations', body)).status).toBe(401);
  await second.stop();
});
