/** The processes of a benchmark, seen from the one that conducts it. */

import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Job, JobReport } from './load.js';
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
    readonly name: string,
    readonly port: number,
  ) {}

  /** Resolves once the server listens. */
  static async start(name: string, options?: SpawnOptions): Promise<ServedChild> {
    const child = spawnProgram(name, options);
    const told = await nextMessage<Told>(child, name);
    if (told.tell !== 'listening') throw new Error(`${name} said ${told.tell} first`);
    return new ServedChild(child, name, told.port);
  }

  async usage(): Promise<Usage> {
    this.ask({ ask: 'usage' });
    const told = await nextMessage<Told>(this.child, this.name);
    if (told.tell !== 'usage') throw new Error(`${this.name} said ${told.tell} instead of its usage`);
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
