/** The simulated world: nodes that crash, a store that misbehaves, clients that repeat themselves, one auditor. */

import { createHash } from 'node:crypto';
import { createEventCodec } from '../../src/adapters/event-codec/codec.js';
import { canonicalJson } from '../../src/domain/canonical-json.js';
import type { SettledCharge } from '../../src/domain/commands.js';
import type { Committed, Debited } from '../../src/domain/events.js';
import type { TenantId } from '../../src/domain/ids.js';
import { serializeState } from '../../src/domain/state-codec.js';
import type { Answer } from '../../src/writer/answer.js';
import type { WriterLimits } from '../../src/writer/limits.js';
import { createWriters, type Writers } from '../../src/writer/writers.js';
import { Auditor } from './auditor.js';
import { demand, Violation } from './books.js';
import { Random } from './random.js';
import { SimulatedLog } from './simulated-log.js';
import { MemoryReadModels, MemorySnapshots, SequentialIds } from './simulated-ports.js';
import { FAIR, ROUGH, SimulatedStore, STORM, type Weather } from './simulated-store.js';
import { NodeClock, VirtualTime } from './virtual-time.js';
import { type Intention, TENANTS, Workload } from './workload.js';

/** Small enough that a short run meets every bound. */
const LIMITS: Partial<WriterLimits> = {
  queueMax: 5,
  batchEventsMax: 20,
  recentMax: 12,
  floodsMax: 4,
  snapshotEvery: 60,
  loadPage: 50,
  idleMs: 90_000,
  tenantsMax: 2,
  unsettledMaxMs: 1500,
  drainMaxMs: 3000,
};
const CLIENTS = 8;
const ATTEMPTS_MAX = 8;
const PATIENCE_MS = 6000;
/** Callbacks at one moment beyond which whatever calls them is going round in circles. */
const TURNS_AT_ONCE_MAX = 20_000;
const TRACE_LINES = 400;
const SHOWN_LINES = 40;
/** For the longest of logs. */
const LOAD_PATIENCE_MS = 10 * 60_000;
/** A quarter of an hour before midnight, so that a run sees days change. */
const BEGIN_MS = Date.UTC(2026, 10, 22, 23, 45);
const MINUTE_MS = 60_000;

export interface WorldOptions {
  readonly seed: number;
  /** Requests that clients send. */
  readonly steps: number;
  readonly onProgress?: (steps: number, events: number) => void;
}

export interface Verdict {
  readonly seed: number;
  readonly steps: number;
  readonly events: number;
  readonly crashes: number;
  readonly nodes: number;
  /** SHA-256 over the whole log: two runs of one seed have the same. */
  readonly digest: string;
  /** How often each kind of answer was given. */
  readonly answers: Readonly<Record<string, number>>;
  /** What went wrong, and what happened to that tenant before; null when nothing did. */
  readonly violation: { readonly message: string; readonly trace: readonly string[] } | null;
}

interface Node {
  readonly name: string;
  readonly clock: NodeClock;
  readonly store: SimulatedStore;
  readonly writers: Writers;
}

export class World {
  private readonly time = new VirtualTime(BEGIN_MS);
  private readonly random: Random;
  private readonly auditor = new Auditor();
  private readonly readModels = new MemoryReadModels();
  private readonly codec = createEventCodec();
  private readonly snapshots: MemorySnapshots;
  private readonly log: SimulatedLog;
  private readonly workload: Workload;
  private nodes: Node[] = [];
  private nodesStarted = 0;
  private steps = 0;
  private crashes = 0;
  private nightEndsMs = 0;
  private readonly answers: Record<string, number> = {};
  private readonly trace: string[] = [];
  private failure: Error | null = null;

  constructor(private readonly options: WorldOptions) {
    this.random = new Random(options.seed);
    this.workload = new Workload(this.random, new SequentialIds('c'));
    this.log = new SimulatedLog((events) => {
      for (const event of events) {
        this.readModels.apply(event);
        this.note(`${event.stream}@${event.revision} ${event.type} ${event.id} ${event.data.slice(0, 220)}`);
      }
      this.guard(() => this.auditor.written(events));
    });
    this.snapshots = new MemorySnapshots({ store: this.log, codec: this.codec });
  }

  /** Runs to the end, or to the first violation. */
  async run(): Promise<Verdict> {
    const nodeCount = this.options.seed % 2 === 0 ? 1 : 2;
    for (let i = 0; i < nodeCount; i++) this.nodes.push(this.startNode());
    await this.drive(this.live());
    if (this.failure === null) await this.drive(this.close());
    return this.verdict(nodeCount);
  }

  /** Lets virtual time run until something is done, or something went wrong. */
  private async drive(done: Promise<void>): Promise<void> {
    let isDone = false;
    const settle = (error: unknown): void => {
      isDone = true;
      if (error instanceof Error) this.failure ??= error;
    };
    done.then(() => settle(null), settle);
    for (let turns = 0; !isDone && this.failure === null; turns++) {
      const beforeMs = this.time.now();
      const hasHappened = await this.time.step();
      if (!hasHappened) this.failure ??= new Violation('nothing is left to happen, and not all is done');
      if (this.time.now() > beforeMs) turns = 0;
      if (turns > TURNS_AT_ONCE_MAX)
        this.failure ??= new Violation('time stands still: a node does the same over and over');
    }
  }

  private async live(): Promise<void> {
    for (const tenantId of TENANTS) {
      for (const intention of this.workload.provisioning(tenantId, this.time.now()))
        await this.insist(intention);
    }
    this.setWeather(ROUGH);
    await Promise.all(Array.from({ length: CLIENTS }, () => this.client()));
  }

  private async client(): Promise<void> {
    const { random, time } = this;
    while (this.steps < this.options.steps) {
      await time.wait(Math.max(random.int(0, 60), this.nightEndsMs - time.now()));
      this.maybeDisturb();
      const intention = this.workload.next(random.pick(TENANTS), time.now());
      const isTwin = random.chance(0.05);
      await Promise.all([this.insist(intention), isTwin ? this.insist(intention) : null]);
      if (random.chance(0.08)) await this.insist(intention);
      if (random.chance(0.02) && intention.origin.idempotencyKey !== null) {
        await this.insist(this.workload.changed(intention));
      }
    }
  }

  /** Sends a request until it is answered, as a client with retries does. */
  private async insist(intention: Intention): Promise<void> {
    for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
      const node = this.random.pick(this.nodes);
      if (await this.attempt(node, intention)) return;
      await this.time.wait(this.random.int(1, 200 * attempt));
    }
  }

  /** Whether the node answered. Silence and faults are no answer. */
  private async attempt(node: Node, { tenantId, origin, build }: Intention): Promise<boolean> {
    this.steps += 1;
    if (this.steps % 1000 === 0) this.options.onProgress?.(this.steps, this.log.lines.length);
    const command = build();
    const label = `${command.type} ${origin.idempotencyKey} of tenant-${tenantId} at ${node.name}`;
    this.note(`-> ${label}`);
    const ticket = this.auditor.sent(tenantId, command, origin);
    try {
      const answer = await this.patiently(node.writers.execute(tenantId, command, origin), PATIENCE_MS);
      this.note(`<- ${label}: ${answer === null ? 'silence' : answer.kind}`);
      this.count(answer === null ? 'silence' : answer.kind === 'refused' ? answer.refusal.code : answer.kind);
      if (answer === null) return false;
      this.guard(() => this.auditor.answered(ticket, answer, node.name));
      this.remember(tenantId, answer);
      return true;
    } catch (error) {
      const { name, message, cause } = error as Error;
      this.note(`<- ${label}: ${name} ${message}`);
      this.count(name);
      if (name === 'InternalError' || name === 'WriterStopped') {
        this.failure ??= new Violation(
          `${label}: ${name}: ${message}: ${(cause as Error | undefined)?.stack ?? ''}`,
        );
      }
      return false;
    } finally {
      this.auditor.closed(ticket);
    }
  }

  /** Null when nothing has come of it in this much virtual time. */
  private patiently<T>(answer: Promise<T>, patienceMs: number): Promise<T | null> {
    return new Promise((resolve, reject) => {
      const cancel = this.time.after(patienceMs, () => resolve(null));
      answer.then(resolve, reject).finally(cancel);
    });
  }

  private remember(tenantId: TenantId, answer: Answer): void {
    const belongings = this.workload.belongingsOf(tenantId);
    for (const event of answer.kind === 'accepted' ? answer.events : []) {
      if (event.type === 'Reserved') {
        belongings.reservations.push({ id: event.data.reservationId, unit: event.data.unit });
      }
      if (event.type === 'Committed' || event.type === 'Debited') belongings.charges.push(chargeOf(event));
      if (event.type === 'Decided' && event.data.gate !== null)
        belongings.toolCalls.push(event.data.decisionId);
    }
  }

  /** Nights, crashes, restarts and changes of weather. */
  private maybeDisturb(): void {
    const { random } = this;
    if (random.chance(0.003)) {
      this.nightEndsMs = this.time.now() + random.pick([1, 3, 10, 13 * 60, 25 * 60]) * MINUTE_MS;
      this.note(`-- a night of ${(this.nightEndsMs - this.time.now()) / MINUTE_MS} minutes`);
    }
    if (random.chance(0.004)) this.crash(random.int(0, this.nodes.length - 1));
    if (random.chance(0.002)) void this.restart(random.int(0, this.nodes.length - 1));
    if (random.chance(0.01)) this.setWeather(random.chance(0.5) ? FAIR : ROUGH);
    if (random.chance(0.002)) {
      this.setWeather(STORM);
      this.time.after(random.int(200, 4000), () => this.setWeather(ROUGH));
    }
  }

  /** A node dies in the middle of whatever it does, and another takes its place. */
  private crash(at: number): void {
    const node = this.nodes[at];
    if (node === undefined) return;
    node.clock.isDead = true;
    this.crashes += 1;
    this.nodes[at] = this.startNode();
    this.note(`-- ${node.name} crashed`);
  }

  /** A node is shut down in order, while its successor already takes requests. */
  private async restart(at: number): Promise<void> {
    const node = this.nodes[at];
    if (node === undefined) return;
    this.nodes[at] = this.startNode();
    this.note(`-- ${node.name} drains`);
    await node.writers.drain();
  }

  private startNode(): Node {
    const name = `n${++this.nodesStarted}`;
    const clock = new NodeClock(this.time, this.random.int(-40, 40));
    const store = new SimulatedStore(this.log, this.time, clock, this.random);
    const { codec, readModels, snapshots } = this;
    const writers = createWriters({
      store,
      codec,
      clock,
      snapshots,
      ids: new SequentialIds(`${name}-`),
      dueTimes: readModels,
      history: readModels,
      random: () => this.random.next(),
      limits: LIMITS,
    });
    store.weather = this.nodes[0]?.store.weather ?? FAIR;
    return { name, clock, store, writers };
  }

  private setWeather(weather: Weather): void {
    for (const node of this.nodes) node.store.weather = weather;
  }

  /** At the end: what a fresh node folds, from snapshots and without, is what the books say. */
  private async close(): Promise<void> {
    this.setWeather(FAIR);
    await this.time.wait(10 * MINUTE_MS);
    await Promise.all(this.nodes.map((node) => node.writers.drain()));
    for (const { name } of this.nodes) this.auditor.drained(name);
    for (const tenantId of TENANTS) {
      const withSnapshot = await this.foldAfresh(tenantId);
      this.snapshots.saved.delete(tenantId);
      const without = await this.foldAfresh(tenantId);
      demand(
        withSnapshot === without,
        `${tenantId}: a snapshot and its tail differ from a full fold:\n${withSnapshot}\n${without}`,
      );
    }
  }

  private async foldAfresh(tenantId: TenantId): Promise<string> {
    const { writers, store } = this.startNode();
    store.weather = FAIR;
    const read = writers.read(tenantId, (state) => {
      this.auditor.checkBalances(tenantId, state.budgets.entries());
      return sorted(serializeState(state));
    });
    const folded = await this.patiently(read, LOAD_PATIENCE_MS);
    demand(folded !== null, `${tenantId} cannot be read`);
    return folded;
  }

  private count(outcome: string): void {
    this.answers[outcome] = (this.answers[outcome] ?? 0) + 1;
  }

  private guard(check: () => void): void {
    try {
      check();
    } catch (error) {
      this.failure ??= error as Error;
    }
  }

  private note(line: string): void {
    this.trace.push(`${new Date(this.time.now()).toISOString()} ${line}`);
    if (this.trace.length > 2 * TRACE_LINES) this.trace.splice(0, TRACE_LINES);
  }

  private verdict(nodes: number): Verdict {
    const digest = createHash('sha256');
    for (const { stored } of this.log.lines)
      digest.update(`${stored.id}\n${stored.data}\n${stored.metadata}\n`);
    const { failure, steps, crashes, answers } = this;
    return {
      seed: this.options.seed,
      steps,
      events: this.log.lines.length,
      crashes,
      nodes,
      digest: digest.digest('hex'),
      answers,
      violation: failure && {
        message: failure.stack ?? failure.message,
        trace: this.trace.slice(-SHOWN_LINES),
      },
    };
  }
}

/** Neither the order of a map's entries nor that of an object's members means anything. */
function sorted(state: string): string {
  const lines = state.split('\n').map((line) => canonicalJson(JSON.parse(line)));
  return lines.sort().join('\n');
}

/** A charge as an operator finds it in the ledger. */
function chargeOf({ data }: Committed | Debited): SettledCharge {
  const { unit, charged, balances } = data;
  const chargeId = 'debitId' in data ? data.debitId : data.reservationId;
  return { chargeId, unit, charged, scopes: balances.map(({ scope }) => scope) };
}
