/** Several servers as one: their tools and prompts carry their names, their lists are merged. */

import { isRecord, type JsonRecord, recordOf, textOf } from '../json.js';
import { cursorsIn, mergedAnswer, PREFIX_MARK } from './merging.js';
import {
  answeredIdOf,
  errorTo,
  FAILURE,
  idOf,
  type Message,
  messageOf,
  methodOf,
  type RequestId,
  requestIdOf,
  resultTo,
  rewritten,
} from './message.js';
import type { OpenServer, ServerBehind, ServerListener } from './server.js';

/** Asked of every server, and answered by all of them together. */
const ASKED_OF_ALL = new Set([
  'initialize',
  'tools/list',
  'prompts/list',
  'resources/list',
  'resources/templates/list',
  'logging/setLevel',
  // Whose resource it is, only its server knows.
  'resources/read',
  'resources/subscribe',
  'resources/unsubscribe',
]);
const QUESTIONS_MAX = 256;
/** How long all of them may take to answer together: half of what most clients wait, in ms. */
const PATIENCE_MS = 30_000;

/**
 * Presents servers, each under its own name, as one.
 * @param patienceMs how long the others wait for one that does not answer what all were asked, in ms
 */
export const openSeveral =
  (servers: ReadonlyMap<string, OpenServer>, patienceMs = PATIENCE_MS): OpenServer =>
  (listener) =>
    new SeveralServers(servers, listener, patienceMs);

/** A request that went to more than one server. */
interface Gathering {
  readonly method: string;
  readonly awaited: Set<string>;
  readonly answers: Map<string, JsonRecord>;
  /** Ends the wait for those who do not answer. */
  readonly timer: NodeJS.Timeout;
}

/** What a server asked the client, under the id and the progress token that it gave. */
interface Question {
  readonly server: string;
  readonly id: RequestId;
  readonly progressToken: unknown;
}

class SeveralServers implements ServerBehind {
  private readonly servers = new Map<string, ServerBehind>();
  private readonly gatherings = new Map<RequestId, Gathering>();
  private readonly questions = new Map<string, Question>();
  /** Answers that nobody waits for any more, by server and id. */
  private readonly late = new Set<string>();
  private latestQuestion = 0;

  constructor(
    servers: ReadonlyMap<string, OpenServer>,
    private readonly listener: ServerListener,
    private readonly patienceMs: number,
  ) {
    for (const [name, open] of servers) {
      const server = open({
        message: (message) => this.hear(name, message),
        lost: (id, reason) => this.hear(name, errorTo(id, FAILURE.serverGone, reason)),
        closed: (reason) => listener.trouble(`${name}: ${reason}`),
        trouble: (text) => listener.trouble(`${name}: ${text}`),
      });
      this.servers.set(name, server);
    }
  }

  async close(): Promise<void> {
    for (const { timer } of this.gatherings.values()) clearTimeout(timer);
    this.gatherings.clear();
    await Promise.all([...this.servers.values()].map((server) => server.close()));
  }

  send(message: Message): void {
    const method = methodOf(message.body);
    const id = requestIdOf(message.body);
    if (method === null) this.sendAnswer(message);
    else if (id === null) this.sendNotification(method, message);
    else if (method === 'ping') this.listener.message(resultTo(id, {}));
    else if (ASKED_OF_ALL.has(method)) this.gather(id, method, message);
    else this.route(id, method, message);
  }

  private gather(id: RequestId, method: string, message: Message): void {
    const cursor = recordOf(message.body, 'params')?.['cursor'];
    const cursors = cursor === undefined ? null : cursorsIn(cursor, [...this.servers.keys()]);
    const isBad = (cursor !== undefined && cursors === null) || this.gatherings.has(id);
    if (isBad) {
      const what = this.gatherings.has(id) ? 'A request with this id is still running.' : 'No such cursor.';
      this.listener.message(errorTo(id, FAILURE.invalidParams, what));
      return;
    }
    const asked = cursors === null ? [...this.servers.keys()] : [...cursors.keys()];
    const timer = setTimeout(() => this.stopWaiting(id), this.patienceMs);
    this.gatherings.set(id, { method, awaited: new Set(asked), answers: new Map(), timer });
    for (const name of asked) {
      const own = cursors?.get(name);
      const sent = own === undefined ? message : rewritten(message, { params: { cursor: own } });
      this.servers.get(name)?.send(sent);
    }
  }

  /** One that does not answer must not hide what the others have. */
  private stopWaiting(id: RequestId): void {
    const gathering = this.gatherings.get(id);
    if (gathering === undefined) return;
    for (const name of gathering.awaited) {
      const reason = `It has not answered within ${this.patienceMs} ms.`;
      gathering.answers.set(name, errorTo(id, FAILURE.serverGone, reason).body);
      this.listener.trouble(`${name}: no answer to ${gathering.method} within ${this.patienceMs} ms`);
      this.late.add(lateKey(name, id));
      // The protocol lets anything be cancelled but the beginning.
      if (gathering.method !== 'initialize') this.servers.get(name)?.send(cancellationOf(id));
    }
    this.finish(id, gathering);
  }

  private finish(id: RequestId, { method, answers, timer }: Gathering): void {
    clearTimeout(timer);
    this.gatherings.delete(id);
    const order = [...this.servers.keys()].flatMap((server) => {
      const body = answers.get(server);
      return body === undefined ? [] : [{ server, body }];
    });
    this.listener.message(mergedAnswer(id, method, order));
  }

  /** To the server that the name of a tool or prompt begins with. */
  private route(id: RequestId, method: string, message: Message): void {
    const params = recordOf(message.body, 'params') ?? {};
    const ref = method === 'completion/complete' ? recordOf(params, 'ref') : null;
    const full = ['tools/call', 'prompts/get'].includes(method) ? textOf(params, 'name') : null;
    const named = ref === null ? full : textOf(ref, 'name');
    const [server, name] = named === null ? [] : this.split(named);
    if (server === undefined) {
      const isUnknown = named === null && ref === null;
      const code = isUnknown ? FAILURE.methodNotFound : FAILURE.invalidParams;
      const what = isUnknown ? 'Several servers together do not take this method.' : 'No server has it.';
      this.listener.message(errorTo(id, code, what));
    } else {
      const params = ref === null ? { name } : { ref: { ...ref, name } };
      this.servers.get(server)?.send(rewritten(message, { params }));
    }
  }

  /** The server's name, and what it calls the thing itself. */
  private split(full: string): [string, string] | [] {
    for (const name of this.servers.keys()) {
      const prefix = `${name}${PREFIX_MARK}`;
      if (full.startsWith(prefix)) return [name, full.slice(prefix.length)];
    }
    return [];
  }

  private sendNotification(method: string, message: Message): void {
    const params = recordOf(message.body, 'params') ?? {};
    const question =
      method === 'notifications/progress' ? this.questions.get(String(params['progressToken'])) : undefined;
    if (question !== undefined) {
      const { server, progressToken } = question;
      this.servers.get(server)?.send(rewritten(message, { params: { progressToken } }));
      return;
    }
    const cancelled = method === 'notifications/cancelled' ? params['requestId'] : undefined;
    if (typeof cancelled === 'string' || typeof cancelled === 'number') {
      clearTimeout(this.gatherings.get(cancelled)?.timer);
      this.gatherings.delete(cancelled);
    }
    for (const server of this.servers.values()) server.send(message);
  }

  private sendAnswer(message: Message): void {
    const key = String(idOf(message.body));
    const question = this.questions.get(key);
    if (question === undefined) return;
    this.questions.delete(key);
    this.servers.get(question.server)?.send(rewritten(message, { id: question.id }));
  }

  private hear(name: string, message: Message): void {
    const asked = requestIdOf(message.body);
    if (asked !== null) {
      this.passQuestion(name, asked, message);
      return;
    }
    const id = answeredIdOf(message.body);
    if (id !== null && this.late.delete(lateKey(name, id))) return;
    const gathering = id === null ? undefined : this.gatherings.get(id);
    if (id === null || gathering === undefined) this.passOn(name, message);
    else if (gathering.awaited.delete(name)) {
      gathering.answers.set(name, message.body);
      if (gathering.awaited.size === 0) this.finish(id, gathering);
    }
  }

  private passOn(name: string, message: Message): void {
    if (methodOf(message.body) !== 'notifications/cancelled') {
      this.listener.message(message);
      return;
    }
    const withdrawn = recordOf(message.body, 'params')?.['requestId'];
    for (const [requestId, { server, id }] of this.questions) {
      if (server !== name || id !== withdrawn) continue;
      this.questions.delete(requestId);
      this.listener.message(rewritten(message, { params: { requestId } }));
    }
  }

  /** Two servers may ask under one id: the client gets ids of ours, which are progress tokens as well. */
  private passQuestion(server: string, id: RequestId, message: Message): void {
    if (this.questions.size >= QUESTIONS_MAX) {
      this.servers.get(server)?.send(errorTo(id, FAILURE.serverGone, 'Too many questions are open.'));
      return;
    }
    this.latestQuestion += 1;
    const key = `${server}:${this.latestQuestion}`;
    const meta = recordOf(recordOf(message.body, 'params') ?? {}, '_meta');
    const progressToken = meta?.['progressToken'];
    this.questions.set(key, { server, id, progressToken });
    const params = { _meta: { ...meta, progressToken: key } };
    const changes = isRecord(meta) && progressToken !== undefined ? { id: key, params } : { id: key };
    this.listener.message(rewritten(message, changes));
  }
}

const lateKey = (server: string, id: RequestId): string => JSON.stringify([server, id]);

const cancellationOf = (requestId: RequestId): Message =>
  messageOf({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId } });
