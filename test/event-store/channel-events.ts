/** One example of every event about channels, for the golden bytes. */

import type { LedgerEvent } from '../../src/domain/events.js';
import type { ApprovalId, ChannelId } from '../../src/domain/ids.js';

const channelId = 'chn_01JDNNNNNNNNNNNNNNNNNNNNNN' as ChannelId;
const notice = { approvalId: 'apr_01JDHHHHHHHHHHHHHHHHHHHHHH' as ApprovalId, channelId };

export const CHANNEL_EVENTS: readonly LedgerEvent[] = [
  {
    type: 'ChannelSet',
    data: {
      channelId,
      name: 'on call',
      tenants: ['acme'],
      groups: ['dba'],
      order: 1,
      settings: {
        kind: 'slack',
        conversation: 'C024BE91L',
        people: { U024BE7LH: 'ada' },
        apiUrl: 'https://slack.com/api',
      },
      sealedSecrets: 'c2VhbGVk',
    },
  },
  { type: 'ChannelRemoved', data: { channelId } },
  { type: 'NoticeTaken', data: { ...notice, about: 'asked', untilMs: 1_795_305_750_000 } },
  {
    type: 'NoticeSent',
    data: { ...notice, about: 'asked', reference: '{"channel":"C024BE91L","ts":"17.1"}' },
  },
  { type: 'NoticeFailed', data: { ...notice, about: 'asked', error: 'Slack cannot be reached' } },
  { type: 'NoticeDropped', data: { ...notice, about: 'ended' } },
];
