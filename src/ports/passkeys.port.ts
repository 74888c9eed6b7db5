/** Checking what browsers say of passkeys (Web Authentication, level 2). */

import type { PasskeyEvidence } from '../domain/events.js';
import type { Passkey } from '../domain/system/system.events.js';

/** What a browser was asked, and where. */
export interface Ceremony {
  /** base64url of what the device had to sign. */
  readonly challenge: string;
  /** Of the page: `https://countersign.example.com`. */
  readonly origin: string;
}

export interface Passkeys {
  /** The passkey that a browser's answer registers; null when the answer does not hold. */
  registered(answer: unknown, ceremony: Ceremony): Promise<Omit<Passkey, 'name'> | null>;
  /**
   * What a browser's answer proves: that one of these passkeys has signed the challenge after it checked its person;
   * null when it proves nothing.
   */
  asserted(
    answer: unknown,
    passkeys: readonly Pick<Passkey, 'credentialId' | 'publicKey'>[],
    ceremony: Ceremony,
  ): Promise<Omit<PasskeyEvidence, 'nonce'> | null>;
  /** Whether kept evidence still proves that its passkey signed exactly this. */
  verified(evidence: PasskeyEvidence, ceremony: Ceremony): Promise<boolean>;
}
