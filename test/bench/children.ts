/** The processes of a benchmark, seen from the one that conducts it. */

import { type ChildProcess, fork } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Job, JobReport } from './load.js';
import type { Side } from './measure.js';
import type { Asked, Told, Usage } from './served.js';

const programOf = (name: string): string => fileURLToPath(new URL(`./${name}.js`, import.meta.url));

export interface SpawnOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Where to leave a CPU profile; null takes none. */
  readonly profileDir?: string | null;
}

function spawnProgram(name: string, { env = {}, profileDir = null }: SpawnOptions = {}): ChildProcess {
  return fork(programOf(name), [], {
    env: { ...withoutSettings(process.env), ...env },
    execArgv: profileDir === null ? [] : ['--cpu-prof', `--cpu-prof-dir=${profileDir}`],
    // The log goes nowhere, but it is written.
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
}

/** What is configured for the person's own server is no business of the measured one. */
const withoutSettings = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('COUNTERSIGN_')));

/** The next message, or the failure of a process that ends instead. */
function nextMessage<T>(child: ChildProcess, what: string): Promise<T> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void): void => {
      child.off('message', onMessage);
      child.off('exit', onExit);
      act();
    };
    const onMessage = (message: unknown): void => settle(() => resolve(message as T));
    const onExit = (code: number | null): void =>
      settle(() => reject(new Error(`${what} ended with code ${code}`)));
    child.on('message', onMessage);
    child.on('exit', onExit);
  });
}

/** A server under measurement. */
export class ServedChild {
  private constructor(
    private readonly child: ChildProcess,
    readonly side: Side,
    readonly port: number,
  ) {}

  /** Resolves once the server listens. */
  static async start(side: Side, options?: SpawnOptions): Promise<ServedChild> {
    const child = spawnProgram(side === 'echo' ? 'echo-server' : 'ledger-server', options);
    const told = await nextMessage<Told>(child, side);
    if (told.tell !== 'listening') throw new Error(`${side} said ${told.tell} first`);
    return new ServedChild(child, side, told.port);
  }

  async usage(): Promise<Usage> {
    this.ask({ ask: 'usage' });
    const told = await nextMessage<Told>(this.child, this.side);
    if (told.tell !== 'usage') throw new Error(`${this.side} said ${told.tell} instead of its usage`);
    return told.usage;
  }

  async close(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const exited = new Promise((resolve) => this.child.once('exit', resolve));
    this.ask({ ask: 'close' });
    await exited;
  }

  private ask(asked: Asked): void {
    this.child.send(asked);
  }
}

/** The process that makes the load. */
export class LoadChild {
  private readonly child = spawnProgram('load');

  async run(job: Job): Promise<JobReport> {
    this.child.send(job);
    const told = await nextMessage<{ report?: JobReport; error?: string }>(this.child, 'the load');
    if (told.report === undefined) throw new Error(`${job.operation} could not be measured: ${told.error}`);
    return told.report;
  }

  close(): void {
    this.child.disconnect();
  }
}

/** The double of an event store, in a process of its own so that what it uses is not counted as the server's. */
export class DoubleChild {
  private constructor(
    private readonly child: ChildProcess,
    readonly connectionString: string,
  ) {}

  /** Resolves once it can be connected to. */
  static async start(): Promise<DoubleChild> {
    const child = fork(programOf('../esdb-double/main'), [], { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
    if (child.stdout === null) throw new Error('the double has no output');
    for await (const line of createInterface(child.stdout)) return new DoubleChild(child, line);
    throw new Error('the double ended without saying where it is');
  }

  close(): void {
    this.child.kill('SIGTERM');
  }
}
