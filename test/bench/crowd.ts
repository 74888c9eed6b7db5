/** Agents that wait for people: many open questions, each with a request that is held until somebody answers. */

import { Agent, get, type IncomingMessage } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type { ServedChild } from './children.js';
import { untilQuiet } from './measure.js';
import { TENANT } from './requests.js';

/** Questions that one key may have open. */
const PER_KEY_MAX = 100;
/** The longest that the server holds a request, in ms. */
const WAIT_MS = 600_000;
const LOOK_MS = 5_000;

/** What the server needs in memory while all of them wait and nothing else happens. */
export interface Rest {
  readonly waiting: number;
  readonly seconds: number;
  /** Before the first of them came, then once all wait, then at the end. */
  readonly beforeBytes: number;
  readonly firstBytes: number;
  readonly lastBytes: number;
}

interface Waiter {
  readonly approvalId: string;
  readonly apiKey: string;
}

export class Crowd {
  private readonly agent = new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY });
  private isOver = false;

  private constructor(
    private readonly server: ServedChild,
    private readonly beforeBytes: number,
    private readonly waiters: readonly Waiter[],
  ) {}

  /**
   * Asks so many questions, of which every second one is waited for by a long poll and the others by a stream.
   * @throws Error when the server refuses one
   */
  static async gather(server: ServedChild, adminKey: string, count: number): Promise<Crowd> {
    const { rssBytes } = await server.usage();
    const admin = { 'x-admin-api-key': adminKey };
    const risk = { unit: 'RISK_POINTS', amount: 1_000_000 };
    const budget = { tenant_id: TENANT, scope: `tenant:${TENANT}`, unit: risk.unit, allocated: risk };
    await send(server, '/v1/admin/budgets', budget, admin);
    await send(server, '/admin/operators', { name: 'somebody-to-ask', roles: ['approver'] }, admin);
    const waiters: Waiter[] = [];
    for (let apiKey = ''; waiters.length < count; ) {
      const nth = waiters.length;
      if (nth % PER_KEY_MAX === 0) {
        const key = { tenant_id: TENANT, name: `agents ${nth}`, permissions: ['reservations:create'] };
        apiKey = String((await send(server, '/v1/admin/api-keys', key, admin))['key_secret']);
      }
      waiters.push({ apiKey, approvalId: await ask(server, apiKey, nth) });
    }
    const crowd = new Crowd(server, rssBytes, waiters);
    for (const [nth, waiter] of waiters.entries()) void crowd.hold(waiter, nth % 2 === 0);
    return crowd;
  }

  /** Watches the server's memory for a while. */
  async watch(seconds: number): Promise<Rest> {
    await untilQuiet(this.server);
    const first = await this.server.usage();
    const endsAt = performance.now() + seconds * 1_000;
    let last = first;
    while (performance.now() < endsAt) {
      await pause(Math.min(LOOK_MS, seconds * 1_000));
      last = await this.server.usage();
    }
    const { beforeBytes } = this;
    return {
      waiting: this.waiters.length,
      seconds,
      beforeBytes,
      firstBytes: first.rssBytes,
      lastBytes: last.rssBytes,
    };
  }

  close(): void {
    this.isOver = true;
    this.agent.destroy();
  }

  /** Waits, and waits again, since nobody answers. */
  private async hold({ approvalId, apiKey }: Waiter, isPoll: boolean): Promise<void> {
    const path = `/gate/approvals/${approvalId}${isPoll ? '' : '/events'}?wait_ms=${WAIT_MS}`;
    const url = `http://127.0.0.1:${this.server.port}${path}`;
    while (!this.isOver) {
      try {
        const response = await this.open(url, apiKey);
        if (response.statusCode !== 200) throw new Error(`GET ${path}: ${response.statusCode}`);
        for await (const _part of response);
      } catch (error) {
        if (this.isOver) return;
        throw error;
      }
    }
  }

  private open(url: string, apiKey: string): Promise<IncomingMessage> {
    const headers = { 'x-cycles-api-key': apiKey };
    return new Promise((resolve, reject) => {
      get(url, { agent: this.agent, headers }, resolve).on('error', reject);
    });
  }
}

/** A deploy, of which a person is asked. @returns the question's id */
async function ask(server: ServedChild, apiKey: string, nth: number): Promise<string> {
  const call = {
    idempotency_key: `waiting-${nth}`,
    harness: 'bench',
    session_id: `waiting-${nth}`,
    subject: { app: 'waiting' },
    tool: { name: 'Shell', input: { command: 'npm publish' } },
    cwd: '/repo',
  };
  const { approval } = await send(server, '/gate/tool-calls', call, { 'x-cycles-api-key': apiKey });
  return (approval as { readonly approval_id: string }).approval_id;
}

/** @throws Error when the server refuses */
async function send(
  { port }: ServedChild,
  path: string,
  body: object,
  headers: Readonly<Record<string, string>>,
): Promise<Record<string, unknown>> {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`POST ${path}: ${response.status} ${text}`);
  return JSON.parse(text) as Record<string, unknown>;
}
