/** To whom a message has gone, so that the next attempt goes only to the others. */

/** Messages that are remembered; an older one that is forgotten goes to somebody twice. */
const MESSAGES_MAX = 1_000;

export class Told {
  private readonly byMessage = new Map<string, Set<string>>();

  has(messageId: string, name: string): boolean {
    return this.byMessage.get(messageId)?.has(name) === true;
  }

  add(messageId: string, name: string): void {
    const names = this.byMessage.get(messageId) ?? new Set();
    this.byMessage.set(messageId, names.add(name));
    const [oldest] = this.byMessage.keys();
    if (oldest !== undefined && this.byMessage.size > MESSAGES_MAX) this.byMessage.delete(oldest);
  }

  /** Nothing more will be tried. */
  forget(messageId: string): void {
    this.byMessage.delete(messageId);
  }
}
