/**
 * Tells people about questions, through the channels they have. What is to be said follows from what the questions
 * are now and from what the ledger says was said, so that a crash loses nothing: whoever starts next says the rest.
 */

import type { ApprovalLinks } from '../commands/approval-links.js';
import { opened, reaches } from '../commands/channels.js';
import type { SystemWriter } from '../commands/writers.js';
import { BY_ITSELF } from '../domain/facts.js';
import type { ApprovalId, ChannelId, OperatorId, TenantId } from '../domain/ids.js';
import { isToSay } from '../domain/system/channel.decider.js';
import type { Channel, NoticeAbout, NoticeKey } from '../domain/system/channel.events.js';
import type { ChannelDesk } from '../ports/channel-desk.port.js';
import type { Clock } from '../ports/clock.port.js';
import type { Keyring } from '../ports/keyring.port.js';
import { DeliveryFault, type Notifiers } from '../ports/notifier.port.js';
import type { Question, QuestionPlace, Questions } from '../ports/questions.port.js';
import { Lane } from './lane.js';
import { wordsFor } from './words.js';

/** Time between two looks for what changed, in ms. */
const LOOK_MS = 250;
/** Time between two looks at everything that is open, for what another process left undone, in ms. */
const SWEEP_MS = 30_000;
const CHANGES_MAX = 500;
const PENDING_MAX = 10_000;
/** How long a receiver has, in ms. */
const DEADLINES_MS = { slack: 3_000, webhook: 10_000, email: 10_000 } as const;
/** Waits between attempts, in ms, each drawn from half to one and a half of it. */
const BACKOFF_MS = [1_000, 4_000, 15_000, 40_000] as const;
/** A process that took a notice has it for longer than all its attempts can take, in ms. */
const TAKEN_MS = 150_000;
const ERROR_LENGTH_MAX = 300;

export interface NoticesOptions {
  readonly system: Pick<SystemWriter, 'current' | 'execute' | 'isShared' | 'refresh'>;
  readonly questions: Questions;
  readonly notifiers: Notifiers;
  readonly keyring: Pick<Keyring, 'open'>;
  readonly links: ApprovalLinks;
  /** Address of the page of a question. */
  readonly pageOf: (approvalId: string) => string;
  readonly clock: Clock;
  readonly onTrouble: (error: unknown, what: string) => void;
  /** A number in [0, 1), for the jitter of retries. */
  readonly random?: () => number;
}

export class ApprovalNotices implements ChannelDesk {
  private readonly lanes = new Map<ChannelId, Lane>();
  /** What is under way in this process, or waits. */
  private readonly underWay = new Map<string, Promise<void>>();
  private readonly stopping = new AbortController();
  private seen: QuestionPlace = { position: 0, approvalId: '' };
  private sweptAtMs = Number.NEGATIVE_INFINITY;
  private cancelNext: () => void = () => undefined;
  private looking: Promise<void> = Promise.resolve();

  constructor(private readonly parts: NoticesOptions) {}

  /** Looks again and again until it is stopped. */
  start(): void {
    this.cancelNext = this.parts.clock.after(LOOK_MS, () => {
      this.looking = this.look().finally(() => {
        if (!this.stopping.signal.aborted) this.start();
      });
    });
  }

  /** Breaks off what is being sent: the next start sends it again. */
  async stop(): Promise<void> {
    this.stopping.abort();
    this.cancelNext();
    await this.looking;
    await Promise.all(this.underWay.values());
  }

  /** How many messages are being sent, or wait. */
  get waiting(): number {
    return this.underWay.size;
  }

  /** How many of them are a channel's. */
  waitingFor(channelId: ChannelId): number {
    return this.lanes.get(channelId)?.length ?? 0;
  }

  async test(channelId: ChannelId): Promise<string | null> {
    const channel = this.state.channels.get(channelId);
    if (channel === undefined) return 'there is no such channel';
    const question = trialOf(this.parts.clock.now());
    try {
      await this.send({ approvalId: question.approvalId, channelId, about: 'asked' }, channel, question);
      return null;
    } catch (error) {
      return messageOf(error);
    }
  }

  private get state() {
    return this.parts.system.current;
  }

  private async look(): Promise<void> {
    try {
      const nowMs = this.parts.clock.now();
      const isDue = nowMs - this.sweptAtMs >= SWEEP_MS;
      if (isDue && this.parts.system.isShared) await this.parts.system.refresh();
      if (this.state.channels.size === 0) return;
      if (isDue) await this.sweep(nowMs);
      else await this.lookAtChanges();
    } catch (error) {
      this.parts.onTrouble(error, 'questions to people cannot be read');
    }
  }

  private async lookAtChanges(): Promise<void> {
    const changes = await this.parts.questions.changedSince(this.seen, CHANGES_MAX);
    for (const { approvalId } of changes) await this.reconcile(approvalId as ApprovalId);
    this.seen = changes.at(-1) ?? this.seen;
  }

  /** Everything that is open, or whose end somebody has to hear of. */
  private async sweep(nowMs: number): Promise<void> {
    if (this.seen.position === 0) await this.skipPast();
    const pending = await this.parts.questions.pending(PENDING_MAX);
    for (const id of new Set([...pending, ...this.state.notices.keys()]))
      await this.reconcile(id as ApprovalId);
    this.sweptAtMs = nowMs;
  }

  /** Changes from before the start are in what the sweep finds. */
  private async skipPast(): Promise<void> {
    for (;;) {
      const changes = await this.parts.questions.changedSince(this.seen, CHANGES_MAX);
      this.seen = changes.at(-1) ?? this.seen;
      if (changes.length < CHANGES_MAX) return;
    }
  }

  /** Sends what is still to be said about a question. */
  private async reconcile(approvalId: ApprovalId): Promise<void> {
    const question = await this.parts.questions.get(approvalId);
    if (question === null || this.stopping.signal.aborted) return;
    if (question.status === 'PENDING') {
      for (const channel of this.toAsk(question)) this.say(question, channel, 'asked');
      return;
    }
    for (const channelId of this.state.notices.get(approvalId)?.keys() ?? []) {
      const channel = this.state.channels.get(channelId);
      if (channel !== undefined) this.say(question, channel, 'ended');
    }
  }

  /** The channels of the lowest order, and those of the next where one of them has failed. */
  private toAsk(question: Question): readonly Channel[] {
    const fitting = [...this.state.channels.values()].filter((channel) => reaches(channel, question));
    const chosen: Channel[] = [];
    for (const order of [...new Set(fitting.map((channel) => channel.order))].sort((a, b) => a - b)) {
      const level = fitting.filter((channel) => channel.order === order);
      chosen.push(...level);
      if (!level.some(({ channelId }) => this.hasFailed(question, channelId))) break;
    }
    return chosen;
  }

  private hasFailed({ approvalId }: Question, channelId: ChannelId): boolean {
    return this.state.notices.get(approvalId)?.get(channelId)?.status === 'failed';
  }

  private say({ approvalId }: Question, { channelId }: Channel, about: NoticeAbout): void {
    const notice: NoticeKey = { approvalId, channelId, about };
    const name = nameOf(notice);
    if (this.underWay.has(name) || !isToSay(notice, this.parts.clock.now(), this.state)) return;
    const lane = this.lanes.get(channelId) ?? new Lane();
    this.lanes.set(channelId, lane);
    // What finds no place is found again by a later sweep.
    const delivered = lane.add(() => this.deliver(notice, lane));
    if (delivered !== null) this.underWay.set(name, delivered);
  }

  private async deliver(notice: NoticeKey, lane: Lane): Promise<void> {
    try {
      // What waited for its turn until the process stops is not begun any more.
      if (this.stopping.signal.aborted || !(await this.take(notice))) return;
      const outcome = await this.attempt(notice, lane);
      if (outcome === null) return;
      await this.parts.system.execute({ type: 'RecordNotice', notice, outcome }, BY_ITSELF);
      if (outcome.kind === 'failed') {
        this.parts.onTrouble(new Error(outcome.error), 'a channel does not take messages');
      }
    } catch (error) {
      this.parts.onTrouble(error, 'a message about a question was not sent, and will be tried again');
      return;
    } finally {
      this.underWay.delete(nameOf(notice));
    }
    // Another channel's turn may have come, and the question may have ended while it was put.
    await this.reconcile(notice.approvalId).catch((error) =>
      this.parts.onTrouble(error, 'questions to people cannot be read'),
    );
  }

  /** Of several processes one delivers. */
  private async take(notice: NoticeKey): Promise<boolean> {
    const { system, clock } = this.parts;
    if (!system.isShared) return true;
    const nowMs = clock.now();
    const command = { type: 'TakeNotice', notice, nowMs, untilMs: nowMs + TAKEN_MS } as const;
    return (await system.execute(command, BY_ITSELF)).kind === 'accepted';
  }

  /** Tries until it is sent or given up. Null when there is nothing to say any more, or this process stops. */
  private async attempt(notice: NoticeKey, lane: Lane) {
    for (let attempt = 0; ; attempt++) {
      const channel = this.state.channels.get(notice.channelId);
      const question = await this.parts.questions.get(notice.approvalId);
      if (channel === undefined || question === null) return null;
      if (notice.about === 'asked' && question.status !== 'PENDING') return null;
      if (notice.about === 'ended' && !this.canHearOfEnd(channel, notice))
        return { kind: 'dropped' } as const;
      try {
        return { kind: 'sent', reference: await this.send(notice, channel, question) } as const;
      } catch (error) {
        if (this.stopping.signal.aborted) return null;
        const backoffMs = BACKOFF_MS[attempt];
        const isFinal = !(error instanceof DeliveryFault) || error.isFinal;
        if (isFinal || backoffMs === undefined) {
          return { kind: 'failed', error: messageOf(error) } as const;
        }
        await lane.rest(() => this.pause(backoffMs * (0.5 + (this.parts.random ?? Math.random)())));
        if (this.stopping.signal.aborted) return null;
      }
    }
  }

  /** Mail that has gone out cannot be changed, and a second one about the end would only be noise. */
  private canHearOfEnd({ settings, channelId }: Channel, { approvalId }: NoticeKey): boolean {
    const last = this.state.notices.get(approvalId)?.get(channelId);
    return settings.kind !== 'email' && last?.status !== 'failed';
  }

  private send(notice: NoticeKey, channel: Channel, question: Question): Promise<string | null> {
    const { keyring, notifiers, pageOf } = this.parts;
    const { kind } = channel.settings;
    const deadline = AbortSignal.timeout(DEADLINES_MS[kind]);
    const { approvalId, channelId, about } = notice;
    return notifiers[kind].send(
      opened(keyring, channel),
      {
        id: `msg_${approvalId}_${channelId}_${about}`,
        about,
        question,
        words: wordsFor(question),
        pageUrl: pageOf(approvalId),
        linkFor: (name) => this.linkFor(question, name),
        reference: this.state.notices.get(approvalId)?.get(channelId)?.reference ?? null,
      },
      AbortSignal.any([deadline, this.stopping.signal]),
    );
  }

  private linkFor(question: Question, name: string): string | null {
    const operatorId: OperatorId | undefined = this.state.idsByName.get(name);
    if (!question.takesLinks || question.needsPasskey || operatorId === undefined) return null;
    const token = this.parts.links.tokenFor(question, operatorId);
    return `${this.parts.pageOf(question.approvalId)}/link?token=${token}`;
  }

  private pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const { signal } = this.stopping;
      const end = (): void => {
        cancel();
        signal.removeEventListener('abort', end);
        resolve();
      };
      const cancel = this.parts.clock.after(ms, end);
      signal.addEventListener('abort', end, { once: true });
      if (signal.aborted) end();
    });
  }
}

const nameOf = ({ approvalId, channelId, about }: NoticeKey): string => `${approvalId} ${channelId} ${about}`;

const messageOf = (error: unknown): string => String((error as Error).message).slice(0, ERROR_LENGTH_MAX);

/** A question that nobody has to answer, and nobody can: it is not in the ledger. */
const trialOf = (nowMs: number): Question => ({
  // Another one each time, or a receiver would take the second trial for a repeat.
  approvalId: `apr_trial_${nowMs}` as ApprovalId,
  tenantId: 'trial' as TenantId,
  status: 'CANCELLED',
  actionHash: '0'.repeat(64),
  tier: null,
  groups: [],
  quorum: 1,
  votes: 0,
  needsPasskey: false,
  takesLinks: false,
  asker: 'Countersign',
  sessionScope: 'tenant:trial',
  action: { kind: 'trial', name: 'nothing: this message tries the channel' },
  asked: { unit: 'RISK_POINTS', amount: 0n },
  money: null,
  call: null,
  effects: [],
  requestedAtMs: nowMs,
  answerByMs: null,
  reason: 'It was a trial.',
});
