/** A flood of the gate's denials: the first is recorded, its repeats are answered with it and counted. */

import type { Command, SubmitToolCall } from '../../src/domain/commands.js';
import type { Origin } from '../../src/domain/events.js';
import type { KeyId } from '../../src/domain/ids.js';
import type { Answer } from '../../src/writer/answer.js';
import type { WriterLimits } from '../../src/writer/limits.js';
import { ACME, createBudget, issueKey, origin, submit } from './requests.js';
import { type Node, Workshop } from './workshop.js';

/** The id that the caller was given, when the answer is a denial. */
function deniedAs(answer: Answer): string | null {
  const [event] = answer.kind === 'accepted' ? answer.events : [];
  return event?.type === 'Decided' && event.data.decision === 'DENY' ? event.data.decisionId : null;
}

/** A tenant without any RISK_POINTS budget, so that the gate denies. */
class Session {
  readonly shop = new Workshop();
  readonly node: Node;
  private keys = 0;

  private constructor(limits: Partial<WriterLimits>) {
    this.node = this.shop.node(limits);
  }

  static async begin(limits: Partial<WriterLimits> = {}): Promise<Session> {
    const session = new Session(limits);
    await session.shop.provision(session.node, 10n);
    return session;
  }

  /** As a harness asks: each time under an idempotency key of its own. */
  anew(): Origin {
    return origin(`call ${++this.keys}`);
  }

  execute(command: Command, from: Origin = this.anew()): Promise<Answer> {
    return this.shop.execute(this.node, command, from);
  }

  async ask(call: SubmitToolCall, from: Origin = this.anew()): Promise<string | null> {
    return deniedAs(await this.execute(call, from));
  }

  /** For each recorded denial: which call, and how often it was seen. */
  get recorded(): string[] {
    return this.shop.payloads('Decided').map((data) => {
      const { tool } = data['gate'] as { tool: { input: { command: string } } };
      return `${tool.input.command} ×${data['repeats']}`;
    });
  }
}

describe('a denial of the gate', () => {
  it('that repeats another within a minute is answered with its record, and counted', async () => {
    const session = await Session.begin();
    const first = submit('drop');
    expect(await session.ask(first)).toBe(first.toolCallId);
    for (let i = 0; i < 4; i++) expect(await session.ask(submit('drop'))).toBe(first.toolCallId);
    expect(session.recorded).toEqual(['drop ×1']);
    await session.shop.pass(61_000);
    expect(session.recorded).toEqual(['drop ×1', 'drop ×4']);
  });

  it('is recorded anew when the minute is over', async () => {
    const session = await Session.begin();
    await session.ask(submit('drop'));
    await session.shop.pass(60_000);
    const next = submit('drop');
    expect(await session.ask(next)).toBe(next.toolCallId);
    expect(session.recorded).toEqual(['drop ×1', 'drop ×1']);
  });

  it('is one record for twenty calls that arrive together', async () => {
    const session = await Session.begin();
    const { shop, node } = session;
    const calls = Array.from({ length: 20 }, () =>
      node.writers.execute(ACME, submit('drop'), session.anew()),
    );
    const ids = (await shop.until(Promise.all(calls))).map(deniedAs);
    expect(new Set(ids)).toEqual(new Set([shop.payloads('Decided')[0]?.['decisionId']]));
    await shop.pass(61_000);
    expect(session.recorded).toEqual(['drop ×1', 'drop ×19']);
  });

  it('of another call, session or API key, or for another reason, has a record of its own', async () => {
    const session = await Session.begin();
    const keyId = 'key_h' as KeyId;
    await session.execute(issueKey(keyId, ['reservations:create']), origin());
    const ofTheGate = submit('drop');
    const calls: [SubmitToolCall, Origin][] = [
      [submit('drop'), session.anew()],
      [submit('truncate'), session.anew()],
      [submit('drop', { session: 's2' }), session.anew()],
      [submit('drop'), { ...session.anew(), actor: { type: 'api_key', keyId } }],
      [{ ...ofTheGate, assessment: { ...ofTheGate.assessment, selfProtection: true } }, session.anew()],
    ];
    for (const [call, from] of calls) expect(await session.ask(call, from)).toBe(call.toolCallId);
    expect(session.recorded).toHaveLength(calls.length);
  });

  it('is not repeated once there is a budget: each call is evaluated anew', async () => {
    const session = await Session.begin();
    await session.ask(submit('drop'));
    await session.execute(createBudget('tenant:acme', 5n, 'RISK_POINTS'), origin());
    expect(await session.ask(submit('drop'))).toBeNull();
    expect(session.shop.types.slice(-2)).toEqual(['Decided', 'Reserved']);
  });

  it('never stands in for an ALLOW that was given under the same key', async () => {
    const session = await Session.begin({ recentMax: 1 });
    await session.execute(createBudget('tenant:acme', 5n, 'RISK_POINTS'), origin());
    const allowed = session.anew();
    await session.execute(submit('drop'), allowed);
    expect(await session.ask(submit('drop'))).not.toBeNull();
    expect((await session.execute(submit('drop'), allowed)).kind).toBe('replayed');
  });

  it('is counted in full when a drain closes the count in the same round', async () => {
    const session = await Session.begin();
    const { shop, node } = session;
    for (let i = 0; i < 3; i++) await session.ask(submit('drop'));
    // Without a key there is no earlier answer to look for, so it is decided in the round of the drain.
    const last = node.writers.execute(ACME, submit('drop'), origin());
    await shop.until(node.writers.drain());
    expect(deniedAs(await last)).not.toBeNull();
    expect(session.recorded).toEqual(['drop ×1', 'drop ×2', 'drop ×1']);
  });

  it('is counted in full when others crowd its count out', async () => {
    const session = await Session.begin({ floodsMax: 1 });
    for (const command of ['drop', 'drop', 'drop', 'truncate', 'drop', 'truncate']) {
      await session.ask(submit(command));
    }
    await session.shop.until(session.node.writers.drain());
    const seen = session.recorded.map((line) => line.split(' ×'));
    const total = (wanted: string): number =>
      seen.reduce((sum, [command, count]) => (command === wanted ? sum + Number(count) : sum), 0);
    expect([total('drop'), total('truncate')]).toEqual([4, 2]);
  });
});
