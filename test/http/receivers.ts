/** Stand-ins for what is at the other end of channels: a webhook's receiver, Slack, a mail server. All on loopback. */

import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import {
  type AddressInfo,
  createServer as createNetServer,
  type Server as NetServer,
  type Socket,
} from 'node:net';
import { Webhook } from 'standardwebhooks';

export interface Received {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** What is answered; `silence` is nothing, ever. */
export type Reaction = (
  received: Received,
) => { readonly status: number; readonly body?: object } | 'silence';

/** Takes requests, keeps them, and answers as it is told to. */
export class Receiver {
  readonly received: Received[] = [];
  private readonly waiting: (() => void)[] = [];

  private constructor(
    private readonly server: Server,
    /** May be changed at any time. */
    public reaction: Reaction,
  ) {}

  static async start(reaction: Reaction = () => ({ status: 200, body: {} })): Promise<Receiver> {
    const server = createServer();
    const receiver = new Receiver(server, reaction);
    server.on('request', async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const text = Buffer.concat(chunks).toString('utf8');
      const headers = request.headers as Record<string, string>;
      const received = { path: request.url ?? '', headers, text, body: JSON.parse(text) as Received['body'] };
      receiver.received.push(received);
      for (const wake of receiver.waiting.splice(0)) wake();
      const reaction = receiver.reaction(received);
      if (reaction === 'silence') return;
      response.writeHead(reaction.status, { 'content-type': 'application/json', location: '/elsewhere' });
      response.end(JSON.stringify(reaction.body ?? {}));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** The first that fits, once it is there. */
  async next(fits: (received: Received) => boolean): Promise<Received> {
    for (;;) {
      const found = this.received.find(fits);
      if (found !== undefined) return found;
      await new Promise<void>((wake) => this.waiting.push(wake));
    }
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }
}

/** Whether a message is signed with a secret, now (Standard Webhooks), by the reference's own library. */
export function isSigned({ text, headers }: Received, secret: string): boolean {
  try {
    new Webhook(secret).verify(text, headers);
    return true;
  } catch {
    return false;
  }
}

/** A mail server that takes everything, and knows a little more than enough of SMTP. */
export class MailServer {
  readonly mails: { readonly to: string; readonly text: string }[] = [];
  private readonly sockets = new Set<Socket>();
  private readonly waiting: (() => void)[] = [];

  private constructor(
    private readonly server: NetServer,
    /** What it says to a recipient. */
    private readonly toRecipient: (address: string) => string,
  ) {}

  static async start(toRecipient: (address: string) => string = () => '250 ok'): Promise<MailServer> {
    const server = createNetServer();
    const mail = new MailServer(server, toRecipient);
    server.on('connection', (socket) => mail.talk(socket));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return mail;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  mailTo(address: string): Promise<string> {
    return this.next(({ to }) => to === address);
  }

  mailWith(words: string): Promise<string> {
    return this.next(({ text }) => text.includes(words));
  }

  private async next(
    fits: (mail: { readonly to: string; readonly text: string }) => boolean,
  ): Promise<string> {
    for (;;) {
      const found = this.mails.find(fits);
      if (found !== undefined) return found.text;
      await new Promise<void>((wake) => this.waiting.push(wake));
    }
  }

  private talk(socket: Socket): void {
    this.sockets.add(socket);
    let to = '';
    let text: string | null = null;
    let rest = '';
    const say = (line: string): void => void socket.write(`${line}\r\n`);
    say('220 test');
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      const lines = (rest + String(chunk)).split('\r\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        if (text !== null) {
          if (line !== '.') text += `${line}\n`;
          else {
            this.mails.push({ to, text });
            text = null;
            for (const wake of this.waiting.splice(0)) wake();
            say('250 taken');
          }
        } else if (/^rcpt to:/i.test(line)) {
          to = /<([^>]*)>/.exec(line)?.[1] ?? '';
          say(this.toRecipient(to));
        } else if (/^data/i.test(line)) {
          text = '';
          say('354 go on');
        } else say(/^quit/i.test(line) ? '221 bye' : '250 ok');
      }
    });
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
    await once(this.server, 'close');
  }
}
