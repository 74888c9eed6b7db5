/** Passkeys by way of SimpleWebAuthn. A passkey counts only when its device has checked the person. */

import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server';
import type { PasskeyEvidence } from '../../domain/events.js';
import type { Ceremony, Passkeys } from '../../ports/passkeys.port.js';

/** It takes a quarter of a second to load, which no start has to wait for. */
const library = () => import('@simplewebauthn/server');

type Known = { readonly credentialId: string; readonly publicKey: string };

export const webAuthn: Passkeys = {
  async registered(answer, { challenge, origin }) {
    const response = answer as RegistrationResponseJSON;
    const { verifyRegistrationResponse } = await library();
    const { verified, registrationInfo } = await held(() =>
      verifyRegistrationResponse({
        response,
        expectedChallenge: challenge,
        expectedOrigin: origin,
        expectedRPID: new URL(origin).hostname,
        requireUserVerification: true,
      }),
    );
    if (!verified || registrationInfo === undefined) return null;
    const { id, publicKey } = registrationInfo.credential;
    return {
      credentialId: id,
      publicKey: Buffer.from(publicKey).toString('base64url'),
      transports: transportsOf(response),
    };
  },

  async asserted(answer, passkeys, ceremony) {
    const response = answer as AuthenticationResponseJSON;
    const passkey = passkeys.find(({ credentialId }) => credentialId === response?.id);
    if (passkey === undefined || !(await isSigned(response, passkey, ceremony))) return null;
    const { clientDataJSON, authenticatorData, signature } = response.response;
    return {
      credentialId: passkey.credentialId,
      publicKey: passkey.publicKey,
      challenge: ceremony.challenge,
      clientDataJson: clientDataJSON,
      authenticatorData,
      signature,
    };
  },

  verified: (evidence, ceremony) =>
    evidence.challenge === ceremony.challenge
      ? isSigned(answerOf(evidence), evidence, ceremony)
      : Promise.resolve(false),
};

async function isSigned(
  response: AuthenticationResponseJSON,
  { credentialId, publicKey }: Known,
  { challenge, origin }: Ceremony,
): Promise<boolean> {
  const { verifyAuthenticationResponse } = await library();
  const { verified } = await held(() =>
    verifyAuthenticationResponse({
      response,
      expectedChallenge: challenge,
      expectedOrigin: origin,
      expectedRPID: new URL(origin).hostname,
      requireUserVerification: true,
      // Each challenge is good for one answer to one question, so that a count of uses adds nothing.
      credential: { id: credentialId, publicKey: bytesOf(publicKey), counter: 0 },
    }),
  );
  return verified;
}

const bytesOf = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(Buffer.from(text, 'base64url'));

/** What the device said, as it said it then. */
const answerOf = (evidence: PasskeyEvidence): AuthenticationResponseJSON => ({
  id: evidence.credentialId,
  rawId: evidence.credentialId,
  type: 'public-key',
  clientExtensionResults: {},
  response: {
    clientDataJSON: evidence.clientDataJson,
    authenticatorData: evidence.authenticatorData,
    signature: evidence.signature,
  },
});

const NOT_HELD = { verified: false } as const;

/** The library throws at whatever is not as it should be: that is a no like any other. */
async function held<T>(
  check: () => Promise<T>,
): Promise<T | (typeof NOT_HELD & { registrationInfo?: undefined })> {
  try {
    return await check();
  } catch {
    return NOT_HELD;
  }
}

const TRANSPORTS_MAX = 8;

const transportsOf = ({ response }: RegistrationResponseJSON): string[] =>
  (response.transports ?? []).filter((name) => /^[a-z-]{1,32}$/.test(name)).slice(0, TRANSPORTS_MAX);
