/** Clients that press a server from many connections, and remember every request with what it was answered. */

import { TestRandom } from './test-random.js';

/** The key of a tenant's program, and those of its harnesses by the app that each is fixed to. */
export interface Keys {
  readonly program: string;
  readonly harnesses: ReadonlyMap<string, string>;
}

export type Operation = 'reserve' | 'commit' | 'release' | 'decide' | 'gate';

/** One request; `answer` is null while nobody knows what became of it. */
export interface Sent {
  readonly operation: Operation;
  readonly path: string;
  readonly key: string;
  readonly body: Readonly<Record<string, unknown>> & { readonly idempotency_key: string };
  /** Tokens: what is held, or what is charged. */
  readonly amount: number;
  /** App of a hold or a tool call. */
  readonly place: string;
  /** The hold that is settled; null for other operations. */
  readonly settles: string | null;
  answer: Answer | null;
}

export interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

export const APPS = ['a0', 'a1', 'a2'];
/** So many that none of them uses up what an app has for a day. */
export const HARNESS_APPS = ['ide0', 'ide1', 'ide2', 'ide3', 'ide4', 'ide5', 'ide6', 'ide7'];
const AMOUNT_MAX = 100;

/** Sends a request, or sends it again. @throws when the connection breaks before it is answered */
export async function send(url: string, { path, key, body }: Sent): Promise<Answer> {
  const answer = await fetch(url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-cycles-api-key': key },
    body: JSON.stringify(body),
  });
  return { status: answer.status, body: (await answer.json()) as Answer['body'] };
}

export class Load {
  readonly sent: Sent[] = [];
  private answered = 0;
  private onAnswered: (() => void) | null = null;

  constructor(
    private readonly keys: Keys,
    private readonly random: TestRandom,
  ) {}

  /** Presses until the server is gone; `kill` is called once so many requests have been answered. */
  async press(url: string, connections: number, target: number, kill: () => void): Promise<void> {
    this.answered = 0;
    this.onAnswered = () => {
      this.answered += 1;
      if (this.answered === target) kill();
    };
    await Promise.all(Array.from({ length: connections }, () => this.client(url)));
  }

  /** One client: it settles its own holds, sooner or later, and stops when its connection breaks. */
  private async client(url: string): Promise<void> {
    const held: { readonly id: string; readonly place: string; readonly amount: number }[] = [];
    for (;;) {
      const settled = held.length > 0 && this.random.below(2) === 0 ? held.pop() : undefined;
      const request = settled === undefined ? this.fresh() : this.settlement(settled);
      this.sent.push(request);
      const answer = await send(url, request).catch(() => null);
      if (answer === null) return;
      request.answer = answer;
      this.onAnswered?.();
      const id = answer.body['reservation_id'];
      if (request.operation === 'reserve' && typeof id === 'string') {
        held.push({ id, place: request.place, amount: request.amount });
      }
    }
  }

  private fresh(): Sent {
    const amount = 1 + this.random.below(AMOUNT_MAX);
    const operation = this.random.pick<Operation>(['reserve', 'reserve', 'reserve', 'decide', 'gate']);
    return operation === 'gate' ? this.toolCall() : this.proposal(operation, amount);
  }

  private proposal(operation: Operation, amount: number): Sent {
    const place = this.random.pick(APPS);
    const body = {
      ...this.keyed(),
      subject: { tenant: 'acme', app: place },
      action: { kind: 'llm.completion', name: 'model' },
      estimate: { unit: 'TOKENS', amount },
      ...(operation === 'reserve' && { ttl_ms: 3_600_000 }),
    };
    const path = operation === 'reserve' ? '/v1/reservations' : '/v1/decide';
    const key = this.keys.program;
    return { operation, path, key, body, amount, place, settles: null, answer: null };
  }

  private toolCall(): Sent {
    const place = this.random.pick(HARNESS_APPS);
    const tool = { name: 'Shell', input: { command: 'git push origin feature' } };
    const body = { ...this.keyed(), harness: 'test', session_id: 'run', tool, cwd: '/repo' };
    const key = this.keys.harnesses.get(place) ?? '';
    return {
      operation: 'gate',
      path: '/gate/tool-calls',
      key,
      body,
      amount: 0,
      place,
      settles: null,
      answer: null,
    };
  }

  private settlement(hold: { readonly id: string; readonly place: string; readonly amount: number }): Sent {
    const operation = this.random.pick<Operation>(['commit', 'release']);
    const amount = this.random.below(hold.amount + 1);
    const body = { ...this.keyed(), ...(operation === 'commit' && { actual: { unit: 'TOKENS', amount } }) };
    const path = `/v1/reservations/${hold.id}/${operation}`;
    const key = this.keys.program;
    return { operation, path, key, body, amount, place: hold.place, settles: hold.id, answer: null };
  }

  private keyed(): { readonly idempotency_key: string } {
    return { idempotency_key: this.random.key() };
  }
}
