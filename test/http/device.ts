/** A device that holds one passkey, as far as a server can tell: Web Authentication with ES256 and no attestation. */

import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';

const USER_PRESENT = 0x01;
const USER_VERIFIED = 0x04;
const HAS_CREDENTIAL = 0x40;

/** What a page asks a device to do. */
export interface Asked {
  readonly challenge: string;
  readonly rpId?: string;
  readonly rp?: { readonly id: string };
}

/** How a device answers that is not as it should be. */
export interface Oddity {
  readonly origin?: string;
  readonly rpId?: string;
  /** The device has not checked whose finger it was. */
  readonly isUnverified?: boolean;
}

const digestOf = (bytes: Buffer | string): Buffer => createHash('sha256').update(bytes).digest();
const encoded = (bytes: Buffer | string): string => Buffer.from(bytes).toString('base64url');

export class Device {
  private readonly keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  private readonly id = randomBytes(16);

  /** @param origin of the page on which it is used */
  constructor(private readonly origin: string) {}

  /** The same device on a page of another address. */
  at(origin: string): Device {
    return Object.assign(new Device(origin), { keys: this.keys, id: this.id });
  }

  get credentialId(): string {
    return encoded(this.id);
  }

  register({ challenge, rp }: Asked): string {
    const flags = USER_PRESENT | USER_VERIFIED | HAS_CREDENTIAL;
    const length = Buffer.alloc(2);
    length.writeUInt16BE(this.id.length);
    const data = Buffer.concat([
      this.headOf(rp?.id ?? '', flags),
      Buffer.alloc(16),
      length,
      this.id,
      this.coseKey(),
    ]);
    // CBOR of {fmt: "none", attStmt: {}, authData: data}
    const attestationObject = Buffer.concat([
      Buffer.from('a363666d74646e6f6e656761747453746d74a068617574684461746158', 'hex'),
      Buffer.from([data.length]),
      data,
    ]);
    return this.answer({
      clientDataJSON: encoded(this.clientData('webauthn.create', challenge, this.origin)),
      attestationObject: encoded(attestationObject),
    });
  }

  sign({ challenge, rpId = '' }: Asked, odd: Oddity = {}): string {
    const flags = odd.isUnverified ? USER_PRESENT : USER_PRESENT | USER_VERIFIED;
    const data = this.headOf(odd.rpId ?? rpId, flags);
    const clientData = this.clientData('webauthn.get', challenge, odd.origin ?? this.origin);
    const signature = sign('sha256', Buffer.concat([data, digestOf(clientData)]), this.keys.privateKey);
    return this.answer({
      clientDataJSON: encoded(clientData),
      authenticatorData: encoded(data),
      signature: encoded(signature),
    });
  }

  private answer(response: object): string {
    const id = this.credentialId;
    return JSON.stringify({ id, rawId: id, type: 'public-key', clientExtensionResults: {}, response });
  }

  private headOf(rpId: string, flags: number): Buffer {
    return Buffer.concat([digestOf(rpId), Buffer.from([flags]), Buffer.alloc(4)]);
  }

  private clientData(type: string, challenge: string, origin: string): string {
    return JSON.stringify({ type, challenge, origin, crossOrigin: false });
  }

  /** CBOR of {1: 2, 3: -7, -1: 1, -2: x, -3: y}. */
  private coseKey(): Buffer {
    const { x = '', y = '' } = this.keys.publicKey.export({ format: 'jwk' });
    const [head, between] = ['a5010203262001215820', '225820'].map((hex) => Buffer.from(hex, 'hex'));
    const parts = [head, Buffer.from(x, 'base64url'), between, Buffer.from(y, 'base64url')];
    return Buffer.concat(parts.filter((part) => part !== undefined));
  }
}
