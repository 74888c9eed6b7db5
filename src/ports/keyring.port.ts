/** Everything derived from the master key: hashing of API keys, digests, MACs, signatures. */

/** The public half of the signing identity as an RFC 8037 JWK (cycles-protocol-v0, CyclesEvidenceJwk). */
export interface PublicJwk {
  readonly kty: 'OKP';
  readonly crv: 'Ed25519';
  readonly alg: 'EdDSA';
  /** base64url of the raw public key. */
  readonly x: string;
  readonly kid: string;
  readonly cycles_nbf_ms: number;
}

export interface Keyring {
  /** Hex HMAC-SHA256 of an API key's secret: a fast keyed hash, since the secret is high-entropy random. */
  hashSecret(secret: string): string;
  /** Hex HMAC-SHA256 of a text that must not be stored as it is. */
  digest(text: string): string;
  /** Encrypts and authenticates a text for one purpose, as base64url (AES-256-GCM, a fresh nonce each time). */
  seal(text: string, purpose: string): string;
  /** The text that was sealed for that purpose. @throws Error when it was not, or with another master key */
  open(sealed: string, purpose: string): string;
  /** Key of the MACs over snapshots, 32 bytes. */
  readonly snapshotMacKey: Uint8Array;
  /** Ed25519 over the UTF-8 bytes of a text, base64url. */
  sign(text: string): string;
  readonly publicJwk: PublicJwk;
}
