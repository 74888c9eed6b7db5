/** A way to a PostgreSQL that can be cut and mended, as a network can. */

import { createServer, connect as dial, type Socket } from 'node:net';

export class Cut {
  private readonly sockets = new Set<Socket>();
  private isCut = false;

  private constructor(
    private readonly server: ReturnType<typeof createServer>,
    /** The URL through it. */
    readonly url: string,
  ) {}

  /** Opens a way to where a URL goes. */
  static async before(url: string): Promise<Cut> {
    const through = new URL(url);
    const target = { host: through.hostname, port: Number(through.port) };
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    through.hostname = '127.0.0.1';
    through.port = String((server.address() as { port: number }).port);
    const cut = new Cut(server, through.href);
    server.on('connection', (socket) => cut.join(socket, target));
    return cut;
  }

  /** Ends every connection, and each that is tried from then on. */
  cut(): void {
    this.isCut = true;
    for (const socket of this.sockets) socket.destroy();
  }

  mend(): void {
    this.isCut = false;
  }

  close(): void {
    this.cut();
    this.server.close();
  }

  private join(socket: Socket, target: { readonly host: string; readonly port: number }): void {
    if (this.isCut) {
      socket.destroy();
      return;
    }
    const onward = dial(target);
    for (const [one, other] of [
      [socket, onward],
      [onward, socket],
    ] as const) {
      this.sockets.add(one);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        this.sockets.delete(one);
        other.destroy();
      });
      one.pipe(other);
    }
  }
}
