/** The keyring derives the same keys from the same master key, and unrelated ones for every purpose. */

import { createPublicKey, verify } from 'node:crypto';
import { openKeyring } from '../../src/adapters/signing/keyring.js';
import type { PublicJwk } from '../../src/ports/keyring.port.js';

const MASTER = 'a master key that is long enough to be one';

function verifies(jwk: PublicJwk, text: string, signature: string): boolean {
  const key = createPublicKey({ key: { kty: jwk.kty, crv: jwk.crv, x: jwk.x }, format: 'jwk' });
  return verify(null, Buffer.from(text), key, Buffer.from(signature, 'base64url'));
}

describe('the keyring', () => {
  it('derives the same keys from the same master key, given as text or as bytes', () => {
    const one = openKeyring(MASTER);
    const other = openKeyring(new TextEncoder().encode(MASTER));
    expect(other.publicJwk).toEqual(one.publicJwk);
    expect(other.hashSecret('s')).toBe(one.hashSecret('s'));
    expect(other.digest('s')).toBe(one.digest('s'));
    expect(Buffer.from(other.snapshotMacKey).equals(Buffer.from(one.snapshotMacKey))).toBe(true);
  });

  it('keeps its purposes apart: the hash of a secret is not its digest', () => {
    const keyring = openKeyring(MASTER);
    expect(keyring.hashSecret('cyc_live_x')).not.toBe(keyring.digest('cyc_live_x'));
  });

  it('shares nothing with the keyring of another master key', () => {
    const other = openKeyring(`${MASTER}.`);
    const keyring = openKeyring(MASTER);
    expect(other.hashSecret('s')).not.toBe(keyring.hashSecret('s'));
    expect(other.publicJwk.x).not.toBe(keyring.publicJwk.x);
  });

  it('derives keys that never change meaning', () => {
    const keyring = openKeyring(MASTER, 7);
    expect(keyring.hashSecret('s')).toBe('a7f39de9ca306cf02f0c5e148b44a7413a1a4f2c6cf1c3260c465c6924e60ef4');
    expect(keyring.digest('s')).toBe('85302ce3b29bc3a63f0f2ef46e8991340c74311413f007b468cacb951c02e67a');
    expect(keyring.publicJwk).toEqual({
      kty: 'OKP',
      crv: 'Ed25519',
      alg: 'EdDSA',
      x: 'YaRKGLDhACidiGq6cy0tcE23D9JdkpnhfOMoLUSAQYM',
      kid: 'rzIBgQewKc-dOkzRcZJFXT63qnjdduvF2XTfyFtpLuU',
      cycles_nbf_ms: 7,
    });
  });

  it('signs so that the published key verifies exactly the signed text', () => {
    const keyring = openKeyring(MASTER);
    const signature = keyring.sign('nonce\nhash\nALLOW\n1');
    expect(verifies(keyring.publicJwk, 'nonce\nhash\nALLOW\n1', signature)).toBe(true);
    expect(verifies(keyring.publicJwk, 'nonce\nhash\nDENY\n1', signature)).toBe(false);
    expect(verifies(openKeyring(`${MASTER}.`).publicJwk, 'nonce\nhash\nALLOW\n1', signature)).toBe(false);
  });

  it('names its key by the thumbprint of RFC 7638', () => {
    const { publicJwk } = openKeyring(MASTER);
    expect(publicJwk.kid).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(Buffer.from(publicJwk.x, 'base64url')).toHaveLength(32);
  });

  it('refuses a master key too short to be secret', () => {
    expect(() => openKeyring('short')).toThrow(RangeError);
  });
});
