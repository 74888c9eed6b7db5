/** The keyring: every key of the server, derived from the one master key. */

import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  createPrivateKey,
  createPublicKey,
  hkdfSync,
  type KeyObject,
  randomBytes,
  sign,
} from 'node:crypto';
import type { Keyring, PublicJwk } from '../../ports/keyring.port.js';

const MASTER_KEY_BYTES_MIN = 32;
const KEY_BYTES = 32;

/** What each key is for. A label never changes: it would be another key, and old records would not verify. */
const LABELS = {
  apiKeys: 'countersign/api-key-hash/v1',
  digests: 'countersign/argument-digest/v1',
  snapshots: 'countersign/snapshot-mac/v1',
  signatures: 'countersign/ed25519-signing/v1',
  sealing: 'countersign/secret-sealing/v1',
} as const;

/** DER of a PKCS #8 Ed25519 private key up to its 32-byte seed (RFC 8410, section 7). */
const PKCS8_ED25519_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');

/**
 * Derives the keyring with HKDF-SHA256.
 * @param masterKey at least 32 bytes of secret; text stands for its UTF-8 bytes
 * @param validFromMs since when the signing key is in use, ms since the epoch; published with it
 * @throws RangeError when the master key is too short
 */
export function openKeyring(masterKey: string | Uint8Array, validFromMs = 0): Keyring {
  const master = typeof masterKey === 'string' ? Buffer.from(masterKey, 'utf8') : masterKey;
  if (master.length < MASTER_KEY_BYTES_MIN) {
    throw new RangeError(`the master key must have at least ${MASTER_KEY_BYTES_MIN} bytes`);
  }
  const apiKeys = derive(master, LABELS.apiKeys);
  const digests = derive(master, LABELS.digests);
  const sealing = derive(master, LABELS.sealing);
  const privateKey = ed25519Key(derive(master, LABELS.signatures));
  return {
    hashSecret: (secret) => hmacHex(apiKeys, secret),
    digest: (text) => hmacHex(digests, text),
    seal: (text, purpose) => sealed(sealing, text, purpose),
    open: (text, purpose) => opened(sealing, text, purpose),
    snapshotMacKey: derive(master, LABELS.snapshots),
    sign: (text) => sign(null, Buffer.from(text, 'utf8'), privateKey).toString('base64url'),
    publicJwk: publicJwkOf(privateKey, validFromMs),
  };
}

const derive = (master: Uint8Array, label: string): Buffer =>
  Buffer.from(hkdfSync('sha256', master, '', label, KEY_BYTES));

const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** nonce, ciphertext, tag. The purpose is authenticated, so that a secret cannot be moved to where it is not meant. */
function sealed(key: Uint8Array, text: string, purpose: string): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, key, nonce).setAAD(Buffer.from(purpose, 'utf8'));
  const encrypted = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return Buffer.concat([nonce, encrypted, cipher.getAuthTag()]).toString('base64url');
}

function opened(key: Uint8Array, text: string, purpose: string): string {
  const bytes = Buffer.from(text, 'base64url');
  const [nonce, tag] = [bytes.subarray(0, NONCE_BYTES), bytes.subarray(-TAG_BYTES)];
  const decipher = createDecipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES })
    .setAAD(Buffer.from(purpose, 'utf8'))
    .setAuthTag(tag);
  const encrypted = bytes.subarray(NONCE_BYTES, -TAG_BYTES);
  return Buffer.concat([decipher.update(encrypted), decipher.final()]).toString('utf8');
}

const hmacHex = (key: Uint8Array, text: string): string =>
  createHmac('sha256', key).update(text, 'utf8').digest('hex');

const ed25519Key = (seed: Uint8Array): KeyObject =>
  createPrivateKey({ key: Buffer.concat([PKCS8_ED25519_PREFIX, seed]), format: 'der', type: 'pkcs8' });

function publicJwkOf(privateKey: KeyObject, validFromMs: number): PublicJwk {
  const { x } = createPublicKey(privateKey).export({ format: 'jwk' });
  if (x === undefined) throw new TypeError('the signing key has no public half');
  return { kty: 'OKP', crv: 'Ed25519', alg: 'EdDSA', x, kid: thumbprint(x), cycles_nbf_ms: validFromMs };
}

/** The JWK thumbprint (RFC 7638): a key id that anybody can recompute from the key. */
const thumbprint = (x: string): string =>
  createHash('sha256').update(`{"crv":"Ed25519","kty":"OKP","x":"${x}"}`).digest('base64url');
