/** A server that is a process: one JSON message a line on its standard input and output. */

import { type ChildProcess, spawn } from 'node:child_process';
import { readLines } from './lines.js';
import { idAtAnEnd, MESSAGE_BYTES_MAX, type Message, readServerMessage } from './message.js';
import type { ServerBehind, ServerListener } from './server.js';

/**
 * How long a process has to end by itself, and then on SIGTERM, in ms. Both together must be less than the four
 * seconds after which clients kill the proxy, and with it whoever could still end the process.
 */
const GRACE_MS = 1_500;
/** What may wait to be read by a server that does not read, in bytes. */
const UNREAD_BYTES_MAX = 4 * MESSAGE_BYTES_MAX;

export interface StdioCommand {
  readonly command: string;
  readonly args: readonly string[];
  /** Added to the proxy's own environment. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Never handed to a server behind: it could ask the gate in the proxy's name. */
const OWN_VARIABLES = ['COUNTERSIGN_API_KEY', 'COUNTERSIGN_ADMIN_KEY', 'COUNTERSIGN_MASTER_KEY'];

/** What each process writes to standard error goes to the proxy's own. */
export function openStdioServer(
  { command, args, env }: StdioCommand,
  listener: ServerListener,
): ServerBehind {
  const environment: NodeJS.ProcessEnv = { ...process.env };
  for (const name of OWN_VARIABLES) delete environment[name];
  const child = spawn(command, args, {
    env: { ...environment, ...env },
    stdio: ['pipe', 'pipe', 'inherit'],
    windowsHide: true,
  });
  return new StdioServer(child, command, listener);
}

class StdioServer implements ServerBehind {
  private readonly gone: Promise<void>;
  private isClosed = false;

  constructor(
    private readonly child: ChildProcess,
    private readonly command: string,
    private readonly listener: ServerListener,
  ) {
    this.gone = new Promise((resolve) => {
      child.on('error', (error: NodeJS.ErrnoException) => {
        const why = error.code === 'ENOENT' ? 'there is no program' : `${error.code ?? 'error'} at`;
        this.tellClosed(`The server behind could not be started: ${why} ${command}.`);
        if (child.pid === undefined) resolve();
      });
      // Not `exit`: what it wrote last is still to be read then.
      child.on('close', (code, signal) => {
        this.tellClosed(`The server behind has ended (${signal ?? `exit code ${code}`}).`);
        resolve();
      });
    });
    child.stdin?.on('error', () => undefined);
    if (child.stdout !== null) this.read(child.stdout);
  }

  send({ text }: Message): void {
    const { stdin } = this.child;
    if (this.isClosed || stdin === null || !stdin.writable) return;
    if (stdin.writableLength > UNREAD_BYTES_MAX) {
      this.giveUp('The server behind does not read what it is sent.');
    } else stdin.write(`${text}\n`);
  }

  async close(): Promise<void> {
    this.isClosed = true;
    this.child.stdin?.end();
    await this.endsWithin(GRACE_MS);
    if (this.hasEnded) return;
    this.child.kill('SIGTERM');
    await this.endsWithin(GRACE_MS);
    if (this.hasEnded) return;
    this.child.kill('SIGKILL');
    // A grandchild may hold the pipes open; it is not waited for.
    this.child.stdout?.destroy();
    await this.endsWithin(GRACE_MS);
  }

  private read(stdout: NonNullable<ChildProcess['stdout']>): void {
    readLines(stdout, MESSAGE_BYTES_MAX, {
      line: (text) => {
        const message = readServerMessage(text);
        if (message === null) this.listener.trouble(`${this.command} wrote a line that is no message`);
        else this.listener.message(message);
      },
      tooLong: (remains) => {
        const id = idAtAnEnd(remains);
        const reason = `The server behind answered with more than ${MESSAGE_BYTES_MAX} bytes.`;
        if (id === null) this.giveUp(reason);
        else this.listener.lost(id, reason);
      },
      end: () => undefined,
    });
  }

  /** Nobody can know what it still owes: it is ended, so that nobody waits for it. */
  private giveUp(reason: string): void {
    this.tellClosed(reason);
    this.child.kill('SIGKILL');
  }

  private tellClosed(reason: string): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.listener.closed(reason);
  }

  private get hasEnded(): boolean {
    return this.child.pid === undefined || this.child.exitCode !== null || this.child.signalCode !== null;
  }

  private async endsWithin(timeMs: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, timeMs);
    });
    await Promise.race([this.gone, patience]);
    clearTimeout(timer);
  }
}
