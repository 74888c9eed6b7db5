/** The operators' desk of the simulated world: people are added, changed and disabled, sign in and out, and act. */

import type { Origin } from '../../src/domain/events.js';
import type { OperatorId } from '../../src/domain/ids.js';
import type { SystemCommand } from '../../src/domain/system/system.commands.js';
import { type Password, ROLES } from '../../src/domain/system/system.events.js';
import type { Cluster, Node } from './cluster.js';
import { demand, Violation } from './demand.js';
import type { Random } from './random.js';
import { NOBODY, type Register } from './register.js';
import type { VirtualTime } from './virtual-time.js';

const NAMES = 12;
const SESSION_MS = 12 * 60 * 60_000;
const IDLE_MS = 60 * 60_000;
const ATTEMPTS_MAX = 6;
const PATIENCE_MS = 6000;
/** Two clocks are up to ten seconds apart, and one may be set by as much. */
const GRACE_MS = 12_000;
/** What a node knows may be a second old when somebody only reads, by a clock that may be set meanwhile. */
const READ_STALE_MS = 1000 + GRACE_MS;
const FINAL_PATIENCE_MS = 60_000;

const ADMIN: Origin = {
  actor: { type: 'admin' },
  sourceIp: null,
  userAgent: null,
  requestId: null,
  traceId: null,
  traceFlags: null,
  idempotencyKey: null,
  requestHash: null,
};

export interface DeskOptions {
  readonly random: Random;
  readonly time: VirtualTime;
  readonly cluster: Cluster;
  readonly register: Register;
  readonly note: (line: () => string) => void;
  readonly count: (outcome: string) => void;
}

export class Desk {
  private made = 0;
  private readonly operators: OperatorId[] = [];
  /** Tokens that were handed out, and what they were made with. */
  private readonly sessions: {
    readonly token: string;
    readonly operatorId: OperatorId;
    readonly sessionId: string;
  }[] = [];

  constructor(private readonly options: DeskOptions) {}

  /** Somebody comes to the desk with one request. @throws Violation */
  async visit(): Promise<void> {
    const { random } = this.options;
    const isAsking = this.options.cluster.nodes.length > 1 && this.sessions.length > 0 && random.chance(0.5);
    if (isAsking) await this.act();
    else await this.insist(this.next());
  }

  /** In fair weather every node knows what is in the log. @throws Violation */
  async check(): Promise<void> {
    const { cluster, register } = this.options;
    for (const node of cluster.nodes) {
      const known = this.patiently(
        node.people.open().then(async ({ system }) => {
          await system.refresh();
          register.checkState(system.current);
          return true;
        }),
        FINAL_PATIENCE_MS,
      );
      demand((await known) === true, `${node.name} does not know the operators in fair weather`);
    }
  }

  /** What makes the next request, each time it is sent with ids of its own. */
  private next(): () => SystemCommand {
    const { random } = this.options;
    const want = random.weighted({ add: 2, change: 2, disable: 0.7, signIn: 8, signOut: 2, refused: 2 });
    const operatorId = this.anyOperator();
    switch (want) {
      case 'add':
        return this.adding();
      case 'change': {
        const password = this.password();
        const changes = random.chance(0.3) ? { password } : { roles: [random.pick(ROLES)] };
        return () => ({ type: 'ChangeOperator', operatorId, changes });
      }
      case 'disable':
        return () => ({ type: 'DisableOperator', operatorId, reason: null });
      case 'signIn':
        return this.signingIn(operatorId);
      case 'signOut': {
        const session = this.sessions.length === 0 ? null : random.pick(this.sessions.slice(-20));
        if (session === null) return this.adding();
        const { operatorId: whose, sessionId } = session;
        return () => ({ type: 'SignOut', operatorId: whose, sessionId });
      }
      case 'refused':
        return () => {
          const route = `/simulated/${++this.made}`;
          return {
            type: 'RecordRefusedAccess',
            refused: { presented: 'password', operatorId: null, route, repeats: 1 },
          };
        };
    }
  }

  private adding(): () => SystemCommand {
    const { random } = this.options;
    const name = `person-${random.int(1, NAMES)}`;
    const password = this.password();
    const roles = [random.pick(ROLES)];
    return () => ({
      type: 'AddOperator',
      operatorId: `opr_${++this.made}` as OperatorId,
      name,
      password,
      roles,
      tenants: null,
      groups: [],
    });
  }

  /** Mostly with the password that is right as it is sent. */
  private signingIn(operatorId: OperatorId): () => SystemCommand {
    const { random, register, time } = this.options;
    const isRight = random.chance(0.9);
    const chosen = random.chance(0.3) ? this.password(false) : null;
    return () => {
      const number = ++this.made;
      const expiresAtMs = time.now() + SESSION_MS;
      const tokenHash = `cso_${String(number).padStart(43, '0')}`;
      return {
        type: 'SignIn',
        session: { operatorId, sessionId: `session-${number}`, tokenHash, expiresAtMs },
        checkedHash: isRight ? register.passwordOf(operatorId) : 'wrong',
        chosen,
      };
    };
  }

  private password(oneTime = this.options.random.chance(0.3)): Password {
    return { hash: `hash-${++this.made}`, oneTime };
  }

  /** Mostly one that was added lately; rarely one that nobody is. */
  private anyOperator(): OperatorId {
    const { random } = this.options;
    if (this.operators.length === 0 || random.chance(0.02)) return 'opr_nobody' as OperatorId;
    return random.pick(this.operators);
  }

  /** Sends a request until it is answered, each time to another node. */
  private async insist(build: () => SystemCommand): Promise<void> {
    const { cluster, random, time } = this.options;
    let node: Node | null = null;
    for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
      node = cluster.pickOther(node);
      if (await this.attempt(node, build())) return;
      await time.wait(random.int(1, 200 * attempt));
    }
  }

  private async attempt(node: Node, command: SystemCommand): Promise<boolean> {
    const { register, note } = this.options;
    const label = `${command.type} ${nameOf(command)} at ${node.name}`;
    note(() => `-> ${label}`);
    const ticket = register.sent(command);
    const execute = () => node.people.open().then(({ system }) => system.execute(command, ADMIN));
    try {
      const answer = await this.patiently(whenAwake(node, execute), PATIENCE_MS);
      const outcome = answer === null ? 'silence' : answer.kind === 'refused' ? answer.refusal.code : 'ok';
      note(() => `<- ${label}: ${outcome}`);
      this.options.count(answer?.kind === 'accepted' ? 'operators_accepted' : outcome);
      if (answer === null) return false;
      register.answered(ticket, outcome);
      if (answer.kind === 'accepted') this.remember(command);
      return true;
    } catch (error) {
      this.orFault(error, label);
      return false;
    } finally {
      register.closed(ticket);
    }
  }

  /** Somebody with a token changes something, or only reads: whom does the node take them for? */
  private async act(): Promise<void> {
    const { random, cluster, register, note } = this.options;
    const { token } = random.pick(random.chance(0.8) ? this.sessions.slice(-6) : this.sessions);
    const changes = random.chance(0.6);
    const node = random.pick(cluster.nodes);
    const label = `${changes ? 'a change' : 'a read'} under ${token.slice(-6)} at ${node.name}`;
    const ticket = register.asked(token, changes ? 0 : READ_STALE_MS);
    const identify = async () => {
      const { people } = await node.people.open();
      const person = await people.identify(token, changes);
      return person === null ? NOBODY : `${person.operatorId} as ${person.roles.join()}`;
    };
    try {
      const who = await this.patiently(whenAwake(node, identify), PATIENCE_MS);
      note(() => `<- ${label}: ${who ?? 'silence'}`);
      this.options.count(who === null ? 'silence' : who === NOBODY ? 'unauthorized' : 'identified');
      if (who !== null) register.told(ticket, who, { idleMs: IDLE_MS, graceMs: GRACE_MS });
    } catch (error) {
      this.orFault(error, label);
    } finally {
      register.closed(ticket);
    }
  }

  private remember(command: SystemCommand): void {
    if (command.type === 'AddOperator') this.operators.push(command.operatorId);
    if (command.type !== 'SignIn') return;
    const { operatorId, sessionId, tokenHash } = command.session;
    this.sessions.push({ token: tokenHash, operatorId, sessionId });
  }

  /** A fault is weather; our own bug is a violation. @throws Violation */
  private orFault(error: unknown, label: string): void {
    if (error instanceof Violation) throw error;
    const { name, message, cause } = error as Error;
    this.options.note(() => `<- ${label}: ${name} ${message}`);
    this.options.count(name);
    const isBug = !['StoreFault', 'Unavailable', 'Overloaded', 'ShuttingDown'].includes(name);
    if (isBug)
      throw new Violation(`${label}: ${name}: ${message}: ${(cause as Error | undefined)?.stack ?? ''}`);
  }

  private patiently<T>(answer: Promise<T>, patienceMs: number): Promise<T | null> {
    return new Promise((resolve, reject) => {
      const cancel = this.options.time.after(patienceMs, () => resolve(null));
      answer.then(resolve, reject).finally(cancel);
    });
  }
}

/** A frozen node does what it is asked when it goes on. */
function whenAwake<T>({ clock }: Node, act: () => Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    clock.whenAwake(() => act().then(resolve, reject));
  });
}

function nameOf(command: SystemCommand): string {
  if (command.type === 'SignIn') return command.session.operatorId;
  return 'operatorId' in command ? command.operatorId : '';
}
