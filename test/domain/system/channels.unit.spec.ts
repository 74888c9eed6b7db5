/** Deciding about channels, and which process says what through them. */

import type { ApprovalId, ChannelId, OperatorId } from '../../../src/domain/ids.js';
import type { Channel, NoticeAbout } from '../../../src/domain/system/channel.events.js';
import type { SystemCommand } from '../../../src/domain/system/system.commands.js';
import { decideSystem } from '../../../src/domain/system/system.decider.js';
import { isSystemRefusal } from '../../../src/domain/system/system.refusals.js';
import { evolveSystem, initialSystemState } from '../../../src/domain/system/system.state.js';

const bot = 'chn_bot' as ChannelId;
const question = 'apr_1' as ApprovalId;
const channel: Channel = {
  channelId: bot,
  name: 'bot',
  tenants: null,
  groups: [],
  order: 10,
  settings: { kind: 'webhook', url: 'https://example.com/', people: ['ada'] },
  sealedSecrets: 'sealed',
};

/** A stream with ada in it: what each command came to, and the state after it. */
function stream() {
  const state = initialSystemState();
  let atMs = 0;
  const run = (command: SystemCommand): string => {
    const decided = decideSystem(command, state);
    if (isSystemRefusal(decided)) return decided.code;
    for (const event of decided) evolveSystem(state, event, ++atMs);
    return decided.map(({ type }) => type).join(' ');
  };
  run({
    type: 'AddOperator',
    operatorId: 'opr_ada' as OperatorId,
    name: 'ada',
    roles: ['approver'],
    tenants: null,
    groups: [],
    password: { hash: 'h', oneTime: false },
  });
  return { state, run };
}

const set = (more: Partial<Channel> = {}, isNew = true): SystemCommand => ({
  type: 'SetChannel',
  channel: { ...channel, ...more },
  isNew,
});
const noticeOf = (about: NoticeAbout) => ({ approvalId: question, channelId: bot, about });
const take = (about: NoticeAbout, nowMs: number): SystemCommand => ({
  type: 'TakeNotice',
  notice: noticeOf(about),
  nowMs,
  untilMs: nowMs + 100,
});
const sent = (about: NoticeAbout): SystemCommand => ({
  type: 'RecordNotice',
  notice: noticeOf(about),
  outcome: { kind: 'sent', reference: 'there' },
});
const failed = (about: NoticeAbout): SystemCommand => ({
  type: 'RecordNotice',
  notice: noticeOf(about),
  outcome: { kind: 'failed', error: 'gone' },
});

describe('a channel', () => {
  it('is set, changed and removed', () => {
    const { run, state } = stream();
    expect(run(set())).toBe('ChannelSet');
    expect(run(set({ order: 3 }, false))).toBe('ChannelSet');
    expect(state.channels.get(bot)?.order).toBe(3);
    expect(run({ type: 'RemoveChannel', channelId: bot })).toBe('ChannelRemoved');
    expect(run({ type: 'RemoveChannel', channelId: bot })).toBe('channel_not_found');
    expect(run(set({}, false))).toBe('channel_not_found');
  });

  it.each<[string, Partial<Channel>, string]>([
    ['no visible name', { name: ' ' }, 'channel_invalid'],
    ['a name with a line break', { name: 'a\nb' }, 'channel_invalid'],
    [
      'somebody unknown',
      { settings: { kind: 'webhook', url: 'https://example.com/', people: ['eve'] } },
      'channel_invalid',
    ],
    ['the name of another', { channelId: 'chn_other' as ChannelId }, 'channel_exists'],
  ])('is refused with %s', (_what, more, code) => {
    const { run } = stream();
    run(set());
    expect(run(set(more))).toBe(code);
  });

  it('is one of a hundred at most', () => {
    const { run } = stream();
    const nth = (at: number) => set({ channelId: `chn_${at}` as ChannelId, name: `bot ${at}` });
    for (let at = 0; at < 100; at++) expect(run(nth(at))).toBe('ChannelSet');
    expect(run(nth(100))).toBe('channel_limit');
  });
});

describe('a message about a question', () => {
  it('is delivered by the process that took it, until its time is up', () => {
    const { run } = stream();
    run(set());
    expect(run(take('asked', 1_000))).toBe('NoticeTaken');
    expect(run(take('asked', 1_099))).toBe('notice_taken');
    expect(run(take('asked', 1_100))).toBe('NoticeTaken');
    expect(run(sent('asked'))).toBe('NoticeSent');
    expect(run(take('asked', 9_000))).toBe('notice_taken');
  });

  it('is followed by one about the end, to who has heard it, and then forgotten', () => {
    const { run, state } = stream();
    run(set());
    expect(run(take('ended', 1))).toBe('notice_taken');
    run(sent('asked'));
    expect(run(take('ended', 2))).toBe('NoticeTaken');
    expect(state.notices.get(question)?.get(bot)?.reference).toBe('there');
    run(sent('ended'));
    expect(state.notices.size).toBe(0);
  });

  it('that was given up is not tried again, and shows', () => {
    const { run, state } = stream();
    run(set());
    expect(run(failed('asked'))).toBe('NoticeFailed');
    expect(run(take('asked', 1))).toBe('notice_taken');
    run({ type: 'RecordNotice', notice: noticeOf('ended'), outcome: { kind: 'dropped' } });
    expect(state.notices.size).toBe(0);
    expect(state.health.get(bot)?.lastFailure?.error).toBe('gone');
  });

  it('goes with its channel', () => {
    const { run, state } = stream();
    run(set());
    run(sent('asked'));
    run({ type: 'RemoveChannel', channelId: bot });
    expect([state.notices.size, state.health.size]).toEqual([0, 0]);
    expect(run(take('asked', 1))).toBe('channel_not_found');
    expect(run(sent('asked'))).toBe('');
  });
});
