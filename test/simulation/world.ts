/** The simulated world: nodes on one log, clients that repeat themselves, and one auditor who believes nobody. */

import { createHash } from 'node:crypto';
import { createEventCodec } from '../../src/adapters/event-codec/codec.js';
import { canonicalJson } from '../../src/domain/canonical-json.js';
import type { Command, SettledCharge } from '../../src/domain/commands.js';
import type { Committed, Debited, Origin } from '../../src/domain/events.js';
import type { TenantId } from '../../src/domain/ids.js';
import { serializeState } from '../../src/domain/state-codec.js';
import type { SnapshotReader } from '../../src/ports/snapshot-store.port.js';
import { verifyLedger } from '../../src/replay/verify.js';
import type { Answer } from '../../src/writer/answer.js';
import { foldTenant } from '../../src/writer/load.js';
import { Auditor } from './auditor.js';
import { demand, Violation } from './books.js';
import { Cluster, type Node } from './cluster.js';
import { Desk } from './desk.js';
import { Disturbances, MINUTE_MS } from './disturbances.js';
import { Random } from './random.js';
import { Register } from './register.js';
import { MemoizedCodec } from './simulated-codec.js';
import { SimulatedLog } from './simulated-log.js';
import { foldingContext, SequentialIds } from './simulated-ports.js';
import { FAIR, ROUGH } from './simulated-store.js';
import { VirtualTime } from './virtual-time.js';
import { type Intention, TENANTS, Workload } from './workload.js';

const CLIENTS = 8;
const ATTEMPTS_MAX = 8;
const PATIENCE_MS = 6000;
/** Callbacks at one moment beyond which whatever calls them is going round in circles. */
const TURNS_AT_ONCE_MAX = 20_000;
/** Requests that are repeated at the end. */
const KEPT_REQUESTS = 40;
/** How often somebody comes to the operators' desk before a client sends the next request. */
const PEOPLE_SHARE = 0.05;
const TRACE_LINES = 400;
const SHOWN_LINES = 60;
/** For the longest of logs. */
const LOAD_PATIENCE_MS = 10 * MINUTE_MS;
/** A quarter of an hour before midnight, so that a run sees days change. */
const BEGIN_MS = Date.UTC(2026, 10, 22, 23, 45);

export interface WorldOptions {
  readonly seed: number;
  /** Requests that clients send. */
  readonly steps: number;
  /** Nodes that share the log; one, when left out, which has it to itself. */
  readonly nodes?: number;
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

export class World {
  private readonly time = new VirtualTime(BEGIN_MS);
  private readonly random: Random;
  private readonly auditor = new Auditor();
  private readonly register = new Register(() => this.time.now());
  private readonly log: SimulatedLog;
  private readonly cluster: Cluster;
  private readonly disturbances: Disturbances;
  private readonly workload: Workload;
  private readonly desk: Desk;
  private steps = 0;
  private readonly answered: Intention[] = [];
  private readonly answers: Record<string, number> = {};
  private readonly trace: (() => string)[] = [];
  private failure: Error | null = null;

  constructor(private readonly options: WorldOptions) {
    const { time } = this;
    const random = new Random(options.seed);
    this.random = random;
    this.workload = new Workload(random, new SequentialIds('c'));
    this.log = new SimulatedLog(
      (events) => {
        for (const { stream, revision, type, id, data } of events)
          this.note(() => `${stream}@${revision} ${type} ${id} ${data.slice(0, 220)}`);
        const isPeoples = events.some(Register.isIts);
        this.guard(() => (isPeoples ? this.register : this.auditor).written(events));
      },
      () => time.now(),
    );
    const { log } = this;
    const size = options.nodes ?? 1;
    this.cluster = new Cluster({ log, codec: new MemoizedCodec(), time, random, size });
    const note = (line: string): void => this.note(() => line);
    this.disturbances = new Disturbances({ time, random, cluster: this.cluster, note });
    const { cluster, register } = this;
    this.desk = new Desk({
      ...{ random, time, cluster, register },
      note: (line) => this.note(line),
      count: (outcome) => this.count(outcome),
    });
  }

  /** Runs to the end, or to the first violation. */
  async run(): Promise<Verdict> {
    await this.drive(this.live());
    if (this.failure === null) await this.drive(this.close());
    return this.verdict();
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
    this.cluster.setWeather(ROUGH);
    await Promise.all(Array.from({ length: CLIENTS }, () => this.client()));
  }

  private async client(): Promise<void> {
    const { random, time } = this;
    while (this.steps < this.options.steps) {
      await time.wait(Math.max(random.int(0, 60), this.disturbances.nightLeftMs));
      this.disturbances.maybe();
      if (random.chance(PEOPLE_SHARE)) await this.desk.visit();
      const intention = this.workload.next(random.pick(TENANTS), time.now());
      const isTwin = random.chance(0.05);
      await Promise.all([this.insist(intention), isTwin ? this.insist(intention) : null]);
      if (random.chance(0.08)) await this.insist(intention);
      if (random.chance(0.02) && intention.origin.idempotencyKey !== null) {
        await this.insist(this.workload.changed(intention));
      }
    }
  }

  /** Sends a request until it is answered, each time to another node, as a client with retries does. */
  private async insist(intention: Intention): Promise<void> {
    let node: Node | null = null;
    for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
      node = this.cluster.pickOther(node);
      if (await this.attempt(node, intention)) {
        this.keep(intention);
        return;
      }
      await this.time.wait(this.random.int(1, 200 * attempt));
    }
  }

  /** Keeps some of what was asked, to be asked again. */
  private keep(intention: Intention): void {
    if (this.answered.length < KEPT_REQUESTS) this.answered.push(intention);
    else this.answered[this.steps % KEPT_REQUESTS] = intention;
  }

  /** Whether the node answered. Silence and faults are no answer. */
  private async attempt(node: Node, { tenantId, origin, build }: Intention): Promise<boolean> {
    this.steps += 1;
    if (this.steps % 1000 === 0) this.options.onProgress?.(this.steps, this.log.lines.length);
    const command = build();
    const label = (): string =>
      `${command.type} ${origin.idempotencyKey} of tenant-${tenantId} at ${node.name}`;
    this.note(() => `-> ${label()}`);
    const ticket = this.auditor.sent(tenantId, command, origin);
    try {
      const answer = await this.patiently(this.send(node, { tenantId, command, origin }), PATIENCE_MS);
      const outcome =
        answer === null ? 'silence' : answer.kind === 'refused' ? answer.refusal.code : answer.kind;
      this.note(() => `<- ${label()}: ${outcome}`);
      this.count(outcome);
      if (answer === null) return false;
      this.guard(() => this.auditor.answered(ticket, answer));
      this.remember(tenantId, answer);
      return true;
    } catch (error) {
      const { name, message, cause } = error as Error;
      this.note(() => `<- ${label()}: ${name} ${message}`);
      this.count(name);
      if (name === 'InternalError' || name === 'WriterStopped') {
        this.failure ??= new Violation(
          `${label()}: ${name}: ${message}: ${(cause as Error | undefined)?.stack ?? ''}`,
        );
      }
      return false;
    } finally {
      this.auditor.closed(ticket);
    }
  }

  /** A request waits at the door of a node that is frozen, and is served afterwards, whether or not anybody waits. */
  private send(node: Node, { tenantId, command, origin }: Request): Promise<Answer> {
    if (!node.clock.isFrozen) return node.writers.execute(tenantId, command, origin);
    return new Promise((resolve, reject) => {
      node.clock.whenAwake(() => node.writers.execute(tenantId, command, origin).then(resolve, reject));
    });
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
      if (event.type === 'ApiKeyIssued') this.workload.useKey(tenantId, event.data.keyId);
      if (event.type === 'Reserved') {
        belongings.reservations.push({ id: event.data.reservationId, unit: event.data.unit });
      }
      if (event.type === 'Committed' || event.type === 'Debited') belongings.charges.push(chargeOf(event));
      if (event.type === 'Decided' && event.data.gate !== null)
        belongings.toolCalls.push(event.data.decisionId);
    }
  }

  /** At the end: the log stands verification, and what a fresh node and every disk make of it is in the books. */
  private async close(): Promise<void> {
    const { cluster, auditor } = this;
    cluster.setWeather(FAIR);
    await this.time.wait(10 * MINUTE_MS);
    await this.askAgain();
    await this.desk.check();
    await Promise.all(cluster.nodes.flatMap(({ writers, people }) => [writers.drain(), people.drain()]));
    for (const { name } of cluster.nodes) auditor.drained(name);
    const fresh = cluster.onlooker(cluster.disks[0]);
    const { findings } = await verifyLedger(fresh.store, createEventCodec());
    demand(findings.length === 0, `verification finds ${JSON.stringify(findings)}`);
    for (const tenantId of TENANTS) {
      const read = fresh.writers.read(tenantId, (state) =>
        auditor.checkBalances(tenantId, state.budgets.entries()),
      );
      demand((await this.patiently(read, LOAD_PATIENCE_MS)) !== null, `${tenantId} cannot be read`);
      await this.checkDisks(tenantId);
    }
  }

  /** In fair weather every node answers what was answered before, however long ago and by whichever node. */
  private async askAgain(): Promise<void> {
    for (const intention of this.answered) {
      for (const node of this.cluster.nodes) {
        const isAnswered = await this.attempt(node, intention);
        demand(isAnswered, `${node.name} does not answer ${intention.origin.idempotencyKey} in fair weather`);
      }
    }
  }

  private async checkDisks(tenantId: TenantId): Promise<void> {
    const { log, cluster } = this;
    const folded = async (snapshots: SnapshotReader): Promise<string[]> => {
      const context = foldingContext(log, createEventCodec(), snapshots);
      return sortedLines(serializeState((await foldTenant(tenantId, context)).state));
    };
    const bare = await folded({ latest: async () => null });
    for (const { snapshots } of cluster.disks) {
      const lines = await folded(snapshots);
      const differing = lines.filter((line, i) => line !== bare[i]);
      demand(
        differing.length === 0 && lines.length === bare.length,
        `${tenantId}: a snapshot and its tail differ from a full fold: ${differing.join('; ')}`,
      );
    }
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

  /** Keeps the latest lines, to be written out should anything go wrong. */
  private note(line: () => string): void {
    const atMs = this.time.now();
    this.trace.push(() => `${new Date(atMs).toISOString()} ${line()}`);
    if (this.trace.length > 2 * TRACE_LINES) this.trace.splice(0, TRACE_LINES);
  }

  private verdict(): Verdict {
    const digest = createHash('sha256');
    for (const { stored } of this.log.lines)
      digest.update(`${stored.id}\n${stored.data}\n${stored.metadata}\n`);
    const { failure, steps, answers } = this;
    return {
      seed: this.options.seed,
      steps,
      nodes: this.cluster.nodes.length,
      events: this.log.lines.length,
      crashes: this.disturbances.crashes,
      digest: digest.digest('hex'),
      answers,
      violation: failure && {
        message: failure.stack ?? failure.message,
        trace: this.trace.slice(-SHOWN_LINES).map((line) => line()),
      },
    };
  }
}

interface Request {
  readonly tenantId: TenantId;
  readonly command: Command;
  readonly origin: Origin;
}

/** Neither the order of a map's entries nor that of an object's members means anything. */
const sortedLines = (state: string): string[] =>
  state
    .split('\n')
    .map((line) => canonicalJson(JSON.parse(line)))
    .sort();

/** A charge as an operator finds it in the ledger. */
function chargeOf({ data }: Committed | Debited): SettledCharge {
  const { unit, charged, balances } = data;
  const chargeId = 'debitId' in data ? data.debitId : data.reservationId;
  return { chargeId, unit, charged, scopes: balances.map(({ scope }) => scope) };
}
