/** What a page asks a browser's passkeys for, and what it makes of the answers. */

import type { PasskeyEvidence } from '../../domain/events.js';
import type { ApprovalId, OperatorId } from '../../domain/ids.js';
import type { Passkey } from '../../domain/system/system.events.js';
import type { Passkeys } from '../../ports/passkeys.port.js';
import type { PublicAddress } from '../public-address.js';
import {
  type AnswerWord,
  answerNonce,
  approvalChallenge,
  registrationChallenge,
  type Tickets,
} from './tickets.js';

/** Injects `Ceremonies`. */
export const CEREMONIES = Symbol('Ceremonies');

/** What goes into a form: the options as JSON, and the ticket that brings their nonce back. */
export interface PasskeyRequest {
  readonly options: string;
  readonly ticket: string;
}

/** The same for a question: what is signed says which answer it is. */
export interface AnswerRequest {
  readonly options: Readonly<Record<AnswerWord, string>>;
  readonly ticket: string;
}

/** A person under their session. */
export interface Signer {
  readonly operatorId: OperatorId;
  readonly name: string;
  readonly sessionId: string;
}

/** The call that is answered. */
export interface Answered {
  readonly approvalId: string;
  readonly actionHash: string;
}

const TIMEOUT_MS = 120_000;
/** ES256, EdDSA, RS256 (COSE). */
const ALGORITHMS = [-7, -8, -257];
const REGISTER = 'register';

export class Ceremonies {
  constructor(
    private readonly passkeys: Passkeys,
    private readonly tickets: Tickets,
    private readonly address: PublicAddress,
  ) {}

  /** To answer: the passkeys of a person, any of which may sign. */
  toAnswer(answered: Answered, signer: Signer, known: readonly Passkey[]): AnswerRequest {
    const { nonce, ticket } = this.tickets.issue(purposeOf(answered, signer));
    const optionsFor = (word: AnswerWord): string => this.toSign(answered, answerNonce(word, nonce), known);
    return { options: { approve: optionsFor('approve'), reject: optionsFor('reject') }, ticket };
  }

  private toSign({ actionHash, approvalId }: Answered, nonce: string, known: readonly Passkey[]): string {
    return JSON.stringify({
      challenge: approvalChallenge(actionHash, approvalId, nonce),
      rpId: this.rpId,
      timeout: TIMEOUT_MS,
      userVerification: 'required',
      allowCredentials: known.map(({ credentialId: id, transports }) => ({
        id,
        type: 'public-key',
        transports,
      })),
    });
  }

  /** What a form's passkey proves; null when that is not that this person gave this answer to this question now. */
  async answer(
    answered: Answered,
    signer: Signer,
    known: readonly Passkey[],
    sent: { readonly word: AnswerWord; readonly ticket: string; readonly passkey: string },
  ): Promise<PasskeyEvidence | null> {
    const issued = this.tickets.nonceOf(sent.ticket, purposeOf(answered, signer));
    const response = parsed(sent.passkey);
    if (issued === null || response === null) return null;
    const nonce = answerNonce(sent.word, issued);
    const challenge = approvalChallenge(answered.actionHash, answered.approvalId, nonce);
    const evidence = await this.passkeys.asserted(response, known, { challenge, origin: this.origin });
    return evidence && { ...evidence, nonce };
  }

  /** To register another passkey of a person. */
  toRegister(signer: Signer, known: readonly Passkey[]): PasskeyRequest {
    const { nonce, ticket } = this.tickets.issue({ sessionId: signer.sessionId, action: REGISTER });
    const options = {
      challenge: registrationChallenge(nonce),
      rp: { id: this.rpId, name: 'Countersign' },
      user: {
        id: Buffer.from(signer.operatorId, 'utf8').toString('base64url'),
        name: signer.name,
        displayName: signer.name,
      },
      pubKeyCredParams: ALGORITHMS.map((alg) => ({ alg, type: 'public-key' })),
      timeout: TIMEOUT_MS,
      attestation: 'none',
      authenticatorSelection: { residentKey: 'preferred', userVerification: 'required' },
      excludeCredentials: known.map(({ credentialId: id, transports }) => ({
        id,
        type: 'public-key',
        transports,
      })),
    };
    return { options: JSON.stringify(options), ticket };
  }

  /** The passkey that a form registers; null when it does not hold. */
  async register(
    signer: Signer,
    sent: { readonly ticket: string; readonly passkey: string },
  ): Promise<Omit<Passkey, 'name'> | null> {
    const nonce = this.tickets.nonceOf(sent.ticket, { sessionId: signer.sessionId, action: REGISTER });
    const response = parsed(sent.passkey);
    if (nonce === null || response === null) return null;
    const ceremony = { challenge: registrationChallenge(nonce), origin: this.origin };
    return this.passkeys.registered(response, ceremony);
  }

  private get origin(): string {
    return new URL(this.address.url).origin;
  }

  private get rpId(): string {
    return new URL(this.address.url).hostname;
  }
}

const purposeOf = ({ approvalId }: Answered, { sessionId }: Signer) => ({
  sessionId,
  action: `answer ${approvalId as ApprovalId}`,
});

function parsed(text: string): object | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' ? value : null;
  } catch {
    return null;
  }
}
