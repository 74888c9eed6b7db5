/** Which tenant and key a secret belongs to, remembered so that the hot path asks no table. */

import { hash } from 'node:crypto';
import type { KeyId, TenantId } from '../domain/ids.js';
import type { Keyring } from '../ports/keyring.port.js';

/** The tenant and key of a secret. Neither ever changes; whether the key is still good is in the state. */
export interface KeyIdentity {
  readonly tenantId: TenantId;
  readonly keyId: KeyId;
}

/** Where unknown secrets are looked up: answers from rows that have caught up with the whole log. */
export type FindKey = (secretHash: string) => Promise<KeyIdentity | null>;

const SECRET = /^cyc_(live|test)_[A-Za-z0-9]{32}$/;
const REMEMBERED_MAX = 100_000;

export class KeyDirectory {
  /** By plain digest, which never leaves memory; the keyed hash is for what is stored. */
  private readonly remembered = new Map<string, KeyIdentity>();

  constructor(
    private readonly keyring: Keyring,
    private readonly find: FindKey,
  ) {}

  /** The identity behind a secret; null when there is none. Synchronous once a secret has been seen. */
  identify(secret: string): KeyIdentity | null | Promise<KeyIdentity | null> {
    if (!SECRET.test(secret)) return null;
    const digest = hash('sha256', secret, 'hex');
    return this.remembered.get(digest) ?? this.lookUp(secret, digest);
  }

  private async lookUp(secret: string, digest: string): Promise<KeyIdentity | null> {
    const identity = await this.find(this.keyring.hashSecret(secret));
    if (identity === null) return null;
    if (this.remembered.size >= REMEMBERED_MAX) this.forgetOldest();
    this.remembered.set(digest, identity);
    return identity;
  }

  private forgetOldest(): void {
    const oldest = this.remembered.keys().next();
    if (!oldest.done) this.remembered.delete(oldest.value);
  }
}
