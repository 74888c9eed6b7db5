/** Where people reach the server: the base of the links it gives out. */

/** Injects `PublicAddress`. */
export const PUBLIC_ADDRESS = Symbol('PublicAddress');

export class PublicAddress {
  private bound = 'http://localhost';

  /** @param published what the operator said it is; null when it is the address it is bound to */
  constructor(private readonly published: string | null) {}

  /** Where it turned out to listen. Passkeys refuse IP addresses as hosts, so loopback is called by its name. */
  listensAt(url: string): void {
    const { protocol, hostname, port } = new URL(url);
    const isLoopback = /^(127\.|\[::1\]$)/.test(hostname);
    this.bound = `${protocol}//${isLoopback ? 'localhost' : hostname}${port === '' ? '' : `:${port}`}`;
  }

  /** Without a slash at the end. */
  get url(): string {
    return this.published ?? this.bound;
  }

  /** The page of an approval. It carries no token: who opens it has to sign in. */
  readonly approvalPage = (approvalId: string): string => `${this.url}/approvals/${approvalId}`;
}
