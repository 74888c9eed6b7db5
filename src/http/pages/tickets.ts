/** What a page asked a passkey to sign, sent along with its form so that nothing has to be kept between the two. */

import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../../ports/clock.port.js';
import type { Keyring } from '../../ports/keyring.port.js';

/** How long a page may stand open before its passkey is used, in ms. */
const OPEN_MS = 10 * 60 * 1000;
const TICKET = /^([0-9a-f]{64})\.(\d{1,15})\.([0-9a-f]{64})$/;

/** What a nonce is for: one person's session, and what they are about to do in it. */
export interface Purpose {
  readonly sessionId: string;
  readonly action: string;
}

export class Tickets {
  constructor(
    private readonly keyring: Pick<Keyring, 'digest'>,
    private readonly clock: Clock,
  ) {}

  /** A fresh nonce, and the ticket that brings it back. */
  issue(purpose: Purpose): { readonly nonce: string; readonly ticket: string } {
    const nonce = randomBytes(32).toString('hex');
    const untilMs = this.clock.now() + OPEN_MS;
    return { nonce, ticket: `${nonce}.${untilMs}.${this.macOf(nonce, untilMs, purpose)}` };
  }

  /** The nonce of a ticket; null for one that is not ours, not for this, or too old. */
  nonceOf(ticket: string, purpose: Purpose): string | null {
    const [, nonce, until, mac] = TICKET.exec(ticket) ?? [];
    if (nonce === undefined || mac === undefined) return null;
    const untilMs = Number(until);
    const isOurs = timingSafeEqual(Buffer.from(mac), Buffer.from(this.macOf(nonce, untilMs, purpose)));
    return isOurs && untilMs > this.clock.now() ? nonce : null;
  }

  private macOf(nonce: string, untilMs: number, { sessionId, action }: Purpose): string {
    return this.keyring.digest(`passkey ${nonce} ${untilMs} ${sessionId} ${action}`);
  }
}

export type AnswerWord = 'approve' | 'reject';

/** The nonce of an answer says which it is, so that what was signed for a no is of no use for a yes. */
export const answerNonce = (word: AnswerWord, nonce: string): string => `${word}.${nonce}`;

/** What a passkey signs to answer a question: exactly this call, this approval, and the nonce of the answer. */
export const approvalChallenge = (actionHash: string, approvalId: string, nonce: string): string =>
  createHash('sha256').update(`${actionHash}${approvalId}${nonce}`, 'utf8').digest('base64url');

/** What a device signs to register: a nonce of the page's. */
export const registrationChallenge = (nonce: string): string =>
  createHash('sha256').update(`register ${nonce}`, 'utf8').digest('base64url');
