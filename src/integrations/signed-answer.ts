/** Checks that an answer was signed by the pinned server, for exactly the call that was asked about. */

import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { actionHashOf, type GateAnswer, type GateCall } from './gate-call.js';
import { isRecord, parseJson, textOf } from './json.js';

/**
 * The pinned key, from its raw 32 bytes in base64url or from its JWK as JSON.
 * @throws TypeError when it is neither
 */
export function readPublicKey(text: string): KeyObject {
  const jwk = parseJson(text);
  const x = isRecord(jwk) ? textOf(jwk, 'x') : text.trim();
  if (x === null || Buffer.from(x, 'base64url').length !== 32) {
    throw new TypeError('the pinned public key is no Ed25519 key in base64url');
  }
  return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
}

/** Whether the answer is the pinned server's, about this call, to this very request (its nonce). */
export function isGenuine(answer: GateAnswer, call: GateCall, publicKey: KeyObject): boolean {
  if (answer.signature === null || answer.actionHash !== actionHashOf(answer.tenant, call)) return false;
  const signed = `${call.nonce}\n${answer.actionHash}\n${answer.decision}\n${answer.signedAtMs}`;
  return verify(null, Buffer.from(signed, 'utf8'), publicKey, Buffer.from(answer.signature, 'base64url'));
}
