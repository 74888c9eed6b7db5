/** A server with a tenant, somebody who answers, and channels that go when a test ends. */

import { type Credentials, person } from './approvers.js';
import type { Reaction, Received } from './receivers.js';
import { Receiver } from './receivers.js';
import { type Reply, Serving, type TenantClient } from './serving.js';

const KEY = { permissions: ['reservations:create'], fixed_subject: { app: 'ide' } };
export const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

export class Channelled {
  private readonly started: { stop(): Promise<void> }[] = [];
  private readonly channels: string[] = [];

  private constructor(
    readonly serving: Serving,
    readonly acme: TenantClient,
    /** The person who is asked. */
    readonly ada: Credentials,
  ) {}

  static async start(): Promise<Channelled> {
    const serving = await Serving.start();
    const acme = await serving.tenant('acme', KEY);
    await acme.budget('', 1_000_000, { unit: 'RISK_POINTS' });
    return new Channelled(serving, acme, await person(serving, 'ada'));
  }

  /** Takes the channels away, and what they went to. */
  async clear(): Promise<void> {
    for (const id of this.channels.splice(0)) await this.serving.asAdmin('DELETE', `/admin/channels/${id}`);
    for (const one of this.started.splice(0)) await one.stop();
  }

  async receiver(reaction?: Reaction): Promise<Receiver> {
    return this.keep(await Receiver.start(reaction));
  }

  /** Stops it with the test. */
  keep<T extends { stop(): Promise<void> }>(one: T): T {
    this.started.push(one);
    return one;
  }

  /** Adds a channel. @returns its id */
  async channel(body: object): Promise<string> {
    const added = await this.serving.asAdmin('POST', '/admin/channels', body);
    if (added.status !== 201) throw new Error(added.text);
    const id = String(added.at('channel_id'));
    this.channels.push(id);
    return id;
  }

  webhook(name: string, url: string, more: object = {}, people: readonly string[] = []): Promise<string> {
    return this.channel({ name, webhook: { url, secret: SECRET, people }, ...more });
  }

  /** A call that people are asked about. @returns the id of the question */
  async asked(session: string, command = 'npm publish'): Promise<string> {
    const submitted = await this.acme.ask('POST', '/gate/tool-calls', {
      idempotency_key: this.acme.nextKey(),
      harness: 'test',
      session_id: session.replaceAll(' ', '-'),
      tool: { name: 'Shell', input: { command } },
      cwd: '/repo',
    });
    const id = submitted.at('approval.approval_id');
    if (id === undefined) throw new Error(`nobody was asked: ${submitted.text}`);
    return String(id);
  }

  async statusOf(id: string): Promise<unknown> {
    return (await this.serving.ask('GET', `/admin/approvals/${id}`, { headers: this.ada })).at('status');
  }

  /** A channel, once it is as it should be. */
  async channelWhen(id: string, fits: (shown: Reply) => boolean): Promise<Reply> {
    for (;;) {
      const shown = await this.serving.asAdmin('GET', `/admin/channels/${id}`);
      if (fits(shown)) return shown;
    }
  }
}

/** Whether a message is about a question. */
export const about =
  (id: string, type = 'approval.requested') =>
  ({ body }: Received): boolean =>
    body['type'] === type && (body['data'] as { approval_id?: string }).approval_id === id;
