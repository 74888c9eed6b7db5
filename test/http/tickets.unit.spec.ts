/** Tickets of passkey ceremonies: only what the server itself gave, for the same purpose, and in time. */

import { createHmac } from 'node:crypto';
import { answerNonce, approvalChallenge, type Purpose, Tickets } from '../../src/http/pages/tickets.js';
import { VirtualTime } from '../simulation/virtual-time.js';

const OPEN_MS = 600_000;
const purpose: Purpose = { sessionId: 'ses_1', action: 'answer apr_1' };
const keyringOf = (secret: string) => ({
  digest: (text: string): string => createHmac('sha256', secret).update(text).digest('hex'),
});

let clock: VirtualTime;
let tickets: Tickets;
beforeEach(() => {
  clock = new VirtualTime(1_000);
  tickets = new Tickets(keyringOf('ours'), clock);
});

it('bring their nonce back', () => {
  const { nonce, ticket } = tickets.issue(purpose);
  expect(tickets.nonceOf(ticket, purpose)).toBe(nonce);
});

it.each<[string, (ticket: string) => [string, Purpose]]>([
  ['of another session', (ticket) => [ticket, { ...purpose, sessionId: 'ses_2' }]],
  ['of another question', (ticket) => [ticket, { ...purpose, action: 'answer apr_2' }]],
  ['of a registration', (ticket) => [ticket, { ...purpose, action: 'register' }]],
  ['with another nonce', (ticket) => [ticket.replace(/^./, (first) => (first === '0' ? '1' : '0')), purpose]],
  ['with more time', (ticket) => [ticket.replace(/\.(\d+)\./, '.9$1.'), purpose]],
  [
    'that somebody else has signed',
    () => [new Tickets(keyringOf('theirs'), clock).issue(purpose).ticket, purpose],
  ],
  ['that is cut off', (ticket) => [ticket.slice(0, -1), purpose]],
  ['that is empty', () => ['', purpose]],
])('are refused when they are one %s', (_what, forged) => {
  const { ticket } = tickets.issue(purpose);
  expect(tickets.nonceOf(...forged(ticket))).toBeNull();
});

it('are refused once their time is up', async () => {
  const pass = async (ms: number): Promise<void> => {
    void clock.wait(ms);
    await clock.step();
  };
  const { ticket } = tickets.issue(purpose);
  await pass(OPEN_MS - 1);
  expect(tickets.nonceOf(ticket, purpose)).not.toBeNull();
  await pass(1);
  expect(tickets.nonceOf(ticket, purpose)).toBeNull();
});

it('have another challenge for each answer, question and call', () => {
  const { nonce } = tickets.issue(purpose);
  const challenges = (['approve', 'reject'] as const).flatMap((word) =>
    ['aa', 'bb'].flatMap((hash) =>
      ['apr_1', 'apr_2'].map((id) => approvalChallenge(hash, id, answerNonce(word, nonce))),
    ),
  );
  expect(new Set(challenges).size).toBe(8);
});
